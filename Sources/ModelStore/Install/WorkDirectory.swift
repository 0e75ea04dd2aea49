import Foundation
import Glibc

/// The directory in which one installation happens, and the sweeping of those that a killed process left.
struct WorkDirectory {
    /// `models/` or `runtimes/`.
    let parent: String
    let id: String

    private static let working = ".work-"
    private static let replaced = ".old-"

    var path: String { "\(parent)/\(Self.working)\(id)-\(getpid())" }

    /// Makes the directory anew.
    func create() throws(StoreError) {
        try Disk.remove(path)
        try Disk.makeDirectory(path)
    }

    /// Puts a finished directory in the place of the installed one. If the process dies between the two renames,
    /// ``sweep(_:in:mayTouch:)`` puts the old one back.
    func install(_ finished: String) throws(StoreError) {
        let target = "\(parent)/\(id)"
        let old = "\(parent)/\(Self.replaced)\(id)-\(getpid())"
        try Disk.synchronize(finished)
        if Disk.exists(target) { try Disk.move(target, to: old) }
        try Disk.move(finished, to: target)
        try Disk.synchronize(parent)
        try Disk.remove(old)
    }

    /// Removes what interrupted installations left in a directory.
    ///
    /// - Parameters:
    ///   - parent: `models/` or `runtimes/`.
    ///   - mayTouch: asked for the id of each leftover: true when nobody is working on it.
    /// - Throws: ``StoreError/Code/inputOutput`` when something cannot be removed.
    static func sweep(_ parent: String, mayTouch: (_ id: String) -> Bool) throws(StoreError) {
        for name in Disk.names(in: parent) {
            guard let id = id(in: name, after: working) ?? id(in: name, after: replaced), mayTouch(id) else { continue }
            let target = "\(parent)/\(id)"
            if name.hasPrefix(replaced), !Disk.exists(target) {
                try Disk.move("\(parent)/\(name)", to: target)
            } else {
                try Disk.remove("\(parent)/\(name)")
            }
        }
    }

    /// The id in `<prefix><id>-<process id>`.
    private static func id(in name: String, after prefix: String) -> String? {
        guard name.hasPrefix(prefix), let dash = name.lastIndex(of: "-") else { return nil }
        let start = name.index(name.startIndex, offsetBy: prefix.count)
        guard start < dash, name[name.index(after: dash)...].allSatisfy(\.isNumber) else { return nil }
        return String(name[start..<dash])
    }
}
