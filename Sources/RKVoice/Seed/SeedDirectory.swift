import Foundation

/// Where the files of a model are, and what there is.
///
/// A profile may put graphs, libraries and programs outside the model's own directory. A bundle has one directory, so the
/// nearest one above all of them is taken.
struct SeedDirectory {
    /// The directory that every path counts from; absolute.
    let root: String
    /// The model's own directory below it; empty when they are the same.
    let model: String

    /// - Parameters:
    ///   - model: the model's directory; what is not absolute counts from the working directory.
    ///   - others: paths outside it that belong to the model; what is not absolute is inside it.
    init(_ model: String, with others: [String?] = []) {
        let model = Self.standard(model)
        var shared = model.split(separator: "/")
        for other in others.compactMap({ $0 }) where other.hasPrefix("/") {
            let parts = Self.standard(other).split(separator: "/").dropLast()
            shared = zip(shared, parts).prefix { $0 == $1 }.map(\.0)
        }
        root = "/" + shared.joined(separator: "/")
        self.model = model.split(separator: "/").dropFirst(shared.count).joined(separator: "/")
    }

    /// The absolute path of the model's own directory.
    var path: String { absolute(model) }

    /// Whether the model's directory is there.
    var isPresent: Bool {
        var isDirectory: ObjCBool = false
        return FileManager.default.fileExists(atPath: absolute(model), isDirectory: &isDirectory)
            && isDirectory.boolValue
    }

    /// A path of the profile as it is written in a bundle: from the root.
    func path(_ path: String) -> String {
        guard path.hasPrefix("/") else {
            return model.isEmpty ? path : path.isEmpty ? model : model + "/" + path
        }
        let standard = Self.standard(path)
        return String(standard.dropFirst(root.count).drop { $0 == "/" })
    }

    /// Whether a path of the profile leads to something.
    func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: absolute(self.path(path))) }

    /// Names of the files in a directory of the model, in order.
    func files(in directory: String) -> [String] {
        let names = try? FileManager.default.contentsOfDirectory(atPath: absolute(path(directory)))
        let prefix = directory.isEmpty ? "" : directory + "/"
        return (names ?? []).sorted().map { prefix + $0 }
    }

    /// The first file in these directories, one after the other, that is as wanted.
    func first(in directories: [String], where isWanted: (String) -> Bool) -> String? {
        directories.lazy.flatMap(files(in:)).first { isWanted(Self.name($0)) }
    }

    /// Bytes of everything below a path; nil when there is nothing.
    func size(of path: String) -> Int? {
        let top = absolute(self.path(path))
        guard let below = FileManager.default.enumerator(atPath: top) else { return nil }
        var sum = 0
        while below.nextObject() != nil {
            guard below.fileAttributes?[.type] as? FileAttributeType == .typeRegular else { continue }
            sum += (below.fileAttributes?[.size] as? NSNumber)?.intValue ?? 0
        }
        return sum == 0 ? nil : sum
    }

    /// The last part of a path.
    static func name(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

    private func absolute(_ path: String) -> String { path.isEmpty ? root : root + "/" + path }

    private static func standard(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }
}
