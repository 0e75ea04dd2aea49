import Foundation
import Runtimes

/// A machine as its files tell of it: `/proc`, `/sys`, `/dev` and libraries below a directory that stands for `/`.
package struct Machine: Sendable {
    /// Architecture of the CPU, as ELF files number it.
    package enum Architecture: UInt16, Sendable {
        case other = 0
        case x86_64 = 62
        case aarch64 = 183

        var name: String { self == .other ? "another machine" : SharedObject.name(of: rawValue) }
    }

    /// Whether something can be used.
    enum Access { case missing, denied, granted }

    /// Empty for the machine itself.
    let root: String
    let architecture: Architecture
    /// Who asks.
    let user: User

    /// - Parameters:
    ///   - root: directory that stands for `/`.
    ///   - architecture: what the machine is; nil takes that of this program.
    package init(root: String = "/", architecture: Architecture? = nil) {
        let root = root.hasSuffix("/") ? String(root.dropLast()) : root
        self.root = root
        self.architecture = architecture ?? Architecture(rawValue: SharedObject.host) ?? .other
        let status = Self.read(root + "/proc/self/status", limit: 8192) ?? ""
        let groups = Self.read(root + "/etc/group", limit: 1 << 20) ?? ""
        let accounts = Self.read(root + "/etc/passwd", limit: 1 << 20) ?? ""
        user = User(status: status, groups: groups, accounts: accounts)
    }

    /// What may not be told of it.
    var redaction: Redaction { Redaction(home: user.home) }

    /// The text of a file without blanks around it; nil when it is not there or may not be read.
    func text(_ path: String, limit: Int = 4096) -> String? {
        guard access(path, writing: false) == .granted else { return nil }
        return Self.read(root + path, limit: limit)?.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// The number in a file.
    func number(_ path: String) -> Int? { text(path, limit: 64).flatMap { Int($0) } }

    /// Names in a directory, in order; none when there is no such directory.
    func names(_ path: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: root + path)) ?? []).sorted()
    }

    /// The last part of what a link points to, such as the driver of a device.
    func link(_ path: String) -> String? {
        let target = try? FileManager.default.destinationOfSymbolicLink(atPath: root + path)
        return target?.split(separator: "/").last.map(String.init)
    }

    /// Whether there is such a file or link, whatever it is.
    func exists(_ path: String) -> Bool {
        (try? FileManager.default.attributesOfItem(atPath: root + path)) != nil
    }

    /// Whether the user may read a file, and write it.
    func access(_ path: String, writing: Bool) -> Access {
        let place = root + path
        guard FileManager.default.fileExists(atPath: place) else { return .missing }
        guard !root.isEmpty else {
            // The system knows more than the bits of a mode: access lists, and capabilities.
            let isGranted =
                FileManager.default.isReadableFile(atPath: place)
                && (!writing || FileManager.default.isWritableFile(atPath: place))
            return isGranted ? .granted : .denied
        }
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: place) else { return .missing }
        return user.mayUse(attributes, writing: writing) ? .granted : .denied
    }

    /// The group that may read and write a file and is not root's; nil when there is none.
    func sharingGroup(of path: String) -> String? {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: root + path),
            let mode = (attributes[.posixPermissions] as? NSNumber)?.intValue, mode & 0o060 == 0o060,
            let group = (attributes[.groupOwnerAccountID] as? NSNumber)?.intValue
        else { return nil }
        return user.groupNames[group].flatMap { $0 == "root" ? nil : $0 }
    }

    /// A file that no end of is expected is not read to its end.
    private static func read(_ path: String, limit: Int) -> String? {
        let type = try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
        guard type == .typeRegular || type == .typeSymbolicLink, let file = FileHandle(forReadingAtPath: path) else {
            return nil
        }
        defer { try? file.close() }
        guard let data = try? file.read(upToCount: limit) else { return nil }
        return String(decoding: data, as: UTF8.self)
    }
}
