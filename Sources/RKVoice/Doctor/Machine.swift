import Foundation

/// A machine as its files tell of it: `/proc`, `/sys`, `/dev` and libraries below a directory that stands for `/`.
package struct Machine: Sendable {
    /// Architecture of the CPU, in the words of ELF files.
    package enum Architecture: String, Sendable { case aarch64, x86_64 = "x86-64", other = "another" }

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
        self.architecture = architecture ?? Self.current
        let status = Self.read(root + "/proc/self/status", limit: 8192) ?? ""
        let groups = Self.read(root + "/etc/group", limit: 1 << 20) ?? ""
        user = User(status: status, groups: groups)
    }

    private static var current: Architecture {
        #if arch(arm64)
            .aarch64
        #elseif arch(x86_64)
            .x86_64
        #else
            .other
        #endif
    }

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

/// Who asks, as far as permissions go. Never shown.
struct User: Sendable {
    let id: Int
    let groups: Set<Int>
    /// Groups that boards give devices to, by name, as far as the system has them.
    let deviceGroups: [String: Int]

    var isRoot: Bool { id == 0 }

    /// - Parameters:
    ///   - status: `/proc/self/status` (proc(5)).
    ///   - groups: `/etc/group` (group(5)).
    init(status: String, groups: String) {
        func numbers(_ key: String) -> [Int] {
            let line = status.split(separator: "\n").first { $0.hasPrefix(key + ":") }
            return line?.dropFirst(key.count + 1).split(whereSeparator: \.isWhitespace).compactMap { Int($0) } ?? []
        }
        // Real, effective, saved, file system: the second is what counts.
        id = numbers("Uid").dropFirst().first ?? 0
        self.groups = Set(numbers("Gid").dropFirst().prefix(1) + numbers("Groups"))
        var found: [String: Int] = [:]
        for line in groups.split(separator: "\n") {
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            guard fields.count >= 3, ["render", "video"].contains(fields[0]) else { continue }
            found[String(fields[0])] = Int(fields[2])
        }
        deviceGroups = found
    }

    /// Device groups that the user is in.
    var memberships: [String] { deviceGroups.filter { groups.contains($0.value) }.map(\.key).sorted() }

    /// By the bits of a mode alone.
    func mayUse(_ attributes: [FileAttributeKey: Any], writing: Bool) -> Bool {
        guard !isRoot else { return true }
        let mode = (attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0
        let owner = (attributes[.ownerAccountID] as? NSNumber)?.intValue
        let group = (attributes[.groupOwnerAccountID] as? NSNumber)?.intValue
        let shift = owner == id ? 6 : group.map { groups.contains($0) } == true ? 3 : 0
        let wanted = writing ? 6 : 4
        return mode >> shift & wanted == wanted
    }
}
