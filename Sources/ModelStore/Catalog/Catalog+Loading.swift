import Foundation

extension Catalog {
    /// The catalog that is part of the executable.
    ///
    /// - Throws: ``StoreError/Code/badData`` when the built-in data is faulty (a test keeps it from being so).
    package static func builtIn() throws(StoreError) -> Catalog {
        try decode(PackageResources.catalog_json, name: "built-in catalog")
    }

    /// A catalog file of the user's.
    ///
    /// - Throws: ``StoreError/Code/notFound`` without the file, ``StoreError/Code/badData`` naming the faulty key.
    package static func file(at path: String) throws(StoreError) -> Catalog {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw StoreError(.notFound, "cannot read the catalog '\(path)'; check RKVOICE_CATALOG")
        }
        return try decode(Array(data), name: path)
    }

    /// Decodes and checks a catalog; unknown keys and unsafe names are refused.
    package static func decode(_ bytes: [UInt8], name: String) throws(StoreError) -> Catalog {
        let catalog: Catalog
        do {
            catalog = try JSONDecoder().decode(Catalog.self, from: Data(bytes))
        } catch {
            throw StoreError(.badData, "\(name): \(decodingFault(error)); correct the file")
        }
        for entry in catalog.entries {
            if let fault = entry.fault() {
                throw StoreError(.badData, "\(name): entry '\(entry.id)': \(fault); correct the file")
            }
        }
        if let twice = Dictionary(grouping: catalog.entries, by: \.id).first(where: { $0.value.count > 1 }) {
            throw StoreError(.badData, "\(name): the id '\(twice.key)' stands twice; correct the file")
        }
        return catalog
    }

    /// The known id nearest to a misspelled one, by edit distance; nil when none is near.
    package func nearestID(to id: String) -> String? {
        let ranked = entries.map { (id: $0.id, distance: editDistance(id.lowercased(), $0.id.lowercased())) }
        guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
        return best.distance <= max(2, id.count / 3) ? best.id : nil
    }
}

extension Catalog.Entry {
    /// What makes this entry unusable, if anything.
    fileprivate func fault() -> String? {
        guard StoreHome.isValidID(id) else { return "the id may hold letters, digits, '.', '_' and '-' only" }
        guard !sources.isEmpty else { return "there is no source" }
        let hashes = files.compactMap(\.sha256) + sources.flatMap(\.hashes)
        if let hash = hashes.first(where: { !isSHA256($0) }) { return "'\(hash)' is no SHA-256 in lower-case hex" }
        let names = files.map(\.path) + sources.flatMap(\.names)
        if let name = names.first(where: { !isSafeRelativePath($0) }) { return "the path '\(name)' is not safe" }
        return nil
    }
}

extension Catalog.Source {
    /// Hashes of everything this source downloads.
    package var hashes: [String] {
        switch self {
        case .wheels(let wheels, _): wheels.map(\.sha256)
        case .urls(let downloads, _): downloads.map(\.sha256)
        }
    }

    fileprivate var names: [String] {
        switch self {
        case .wheels(let wheels, _): wheels.flatMap(\.extract).map(\.to)
        case .urls(let downloads, _): downloads.flatMap(\.extract).map(\.to) + downloads.compactMap(\.to)
        }
    }
}

private func isSHA256(_ text: String) -> Bool {
    text.utf8.count == 64 && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
}

/// True for a path that stays below the directory it is joined to.
func isSafeRelativePath(_ path: String) -> Bool {
    guard !path.isEmpty, !path.hasPrefix("/"), !path.contains("\\"), !path.contains("\0") else { return false }
    return path.split(separator: "/", omittingEmptySubsequences: false).allSatisfy {
        $0 != ".." && $0 != "." && $0 != ""
    }
}

/// Levenshtein distance in characters (Wagner and Fischer 1974, two rows).
private func editDistance(_ left: String, _ right: String) -> Int {
    let target = Array(right)
    var previous = Array(0...target.count)
    for (row, character) in left.enumerated() {
        var current = [row + 1]
        for (column, other) in target.enumerated() {
            let substituted = previous[column] + (character == other ? 0 : 1)
            current.append(min(substituted, previous[column + 1] + 1, current[column] + 1))
        }
        previous = current
    }
    return previous[target.count]
}
