import Foundation

/// What the store reads of a `bundle.json`: enough to list a model and to refuse one whose files are missing.
struct BundleSummary: Equatable {
    let name: String
    let family: String
    let languages: [String]
    let license: String?

    /// Reads and checks `bundle.json` in a directory.
    ///
    /// - Throws: ``StoreError/Code/badData`` naming the key or the missing file.
    init(directory: String) throws(StoreError) {
        let path = directory + "/bundle.json"
        guard let data = FileManager.default.contents(atPath: path) else {
            throw StoreError(.badData, "there is no bundle.json; import a model directory or an archive of one")
        }
        let bundle: JSONValue
        do {
            bundle = try JSONDecoder().decode(JSONValue.self, from: data)
        } catch {
            throw StoreError(.badData, "bundle.json is not valid JSON: \(decodingFault(error))")
        }
        guard bundle["schema"] == .integer(1) else { throw StoreError(.badData, "bundle.json: 'schema' must be 1") }
        guard let name = bundle["name"]?.text, let family = bundle["family"]?.text else {
            throw StoreError(.badData, "bundle.json: 'name' and 'family' must be texts")
        }
        self.name = name
        self.family = family
        license = bundle["license"]?.text
        if case .array(let items)? = bundle["languages"] {
            languages = items.compactMap(\.text)
        } else {
            languages = []
        }
        let files = Self.files(in: bundle["placements"] ?? .null)
        guard !files.isEmpty else { throw StoreError(.badData, "bundle.json: 'placements' names no file") }
        for file in files {
            guard isSafeRelativePath(file) else {
                throw StoreError(.badData, "bundle.json: the file name '\(file)' leaves the model's directory")
            }
            guard Disk.size(of: directory + "/" + file) != nil else {
                throw StoreError(
                    .badData,
                    "bundle.json names the file '\(file)', which is not there; copy the model again"
                )
            }
        }
    }

    /// Every `file` below a value.
    private static func files(in value: JSONValue) -> [String] {
        switch value {
        case .array(let items): items.flatMap(files)
        case .object(let members):
            members.flatMap { key, value in key == "file" ? [value.text].compactMap(\.self) : files(in: value) }
        default: []
        }
    }
}
