extension Catalog.Entry {
    /// Identifies what an installation of this entry would contain on a machine type: changes with the downloads, the
    /// members taken from them, the bundle and the preparation, not with descriptions.
    package func revision(for architecture: String) -> String {
        var lines: [String] = []
        for source in sources where [nil, architecture].contains(source.architecture) {
            switch source {
            case .wheels(let wheels, _):
                for wheel in wheels { lines += [wheel.sha256] + wheel.extract.map { "\($0.from) \($0.to)" } }
            case .urls(let downloads, _):
                for item in downloads {
                    lines += [item.sha256, item.to ?? ""] + item.extract.map { "\($0.from) \($0.to)" }
                }
            }
        }
        if let bundle, let text = try? encoded(bundle) {
            lines.append(FileDigest.sha256(of: text))
        }
        if let prepare {
            lines += [prepare.script, PreparationStep.revision(of: prepare.script)] + prepare.arguments
        }
        return FileDigest.sha256(of: Array(lines.joined(separator: "\n").utf8))
    }
}
