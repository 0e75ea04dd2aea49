/// Stands in for what SwiftPM embeds: the catalogs come from the fuzzer.
enum PackageResources {
    static let catalog_json: [UInt8] = []
}
