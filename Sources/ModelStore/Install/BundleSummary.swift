import Foundation

/// What the store reads of a `bundle.json`: enough to list a model and to refuse one that cannot run for want of files.
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
        try Self.checkFiles(of: bundle["placements"] ?? .null, in: directory)
    }

    /// One placement must be whole. Others may still lack their files: those for a board are compiled later.
    private static func checkFiles(of placements: JSONValue, in directory: String) throws(StoreError) {
        guard case .object(let members) = placements, !files(in: placements).isEmpty else {
            throw StoreError(.badData, "bundle.json: 'placements' names no file")
        }
        for file in files(in: placements) where !isSafeRelativePath(file) {
            throw StoreError(.badData, "bundle.json: the file name '\(file)' leaves the model's directory")
        }
        let wanted = members.sorted { $0.key < $1.key }.map { files(in: $0.value) }.filter { !$0.isEmpty }
        let missing = wanted.map { $0.filter { !isPresent($0, in: directory) } }
        guard let file = missing.first?.first, !missing.contains([]) else { return }
        throw StoreError(.badData, "bundle.json names the file '\(file)', which is not there; copy the model again")
    }

    /// `{board}` in a name stands for any board.
    private static func isPresent(_ file: String, in directory: String) -> Bool {
        guard let board = file.range(of: "{board}") else { return Disk.size(of: directory + "/" + file) != nil }
        let (head, tail) = (file[..<board.lowerBound], file[board.upperBound...])
        return Disk.names(in: directory).contains { $0.hasPrefix(head) && $0.hasSuffix(tail) }
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
