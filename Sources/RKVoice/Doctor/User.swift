import Foundation

/// Who asks, as far as permissions go. Never shown.
struct User: Sendable {
    let id: Int
    let groups: Set<Int>
    /// Names of the system's groups.
    let groupNames: [Int: String]
    /// Where the user's files are; nil when the system does not say.
    let home: String?

    var isRoot: Bool { id == 0 }

    /// - Parameters:
    ///   - status: `/proc/self/status` (proc(5)).
    ///   - groups: `/etc/group` (group(5)).
    ///   - accounts: `/etc/passwd` (passwd(5)).
    init(status: String, groups: String, accounts: String) {
        func numbers(_ key: String) -> [Int] {
            let line = status.split(separator: "\n").first { $0.hasPrefix(key + ":") }
            return line?.dropFirst(key.count + 1).split(whereSeparator: \.isWhitespace).compactMap { Int($0) } ?? []
        }
        // Real, effective, saved, file system: the second is what counts.
        let id = numbers("Uid").dropFirst().first ?? 0
        self.id = id
        self.groups = Set(numbers("Gid").dropFirst().prefix(1) + numbers("Groups"))
        let rows = { (text: String) in
            text.split(separator: "\n").map {
                $0.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
            }
        }
        var names: [Int: String] = [:]
        for row in rows(groups) where row.count >= 3 {
            if let number = Int(row[2]) { names[number] = row[0] }
        }
        groupNames = names
        home = rows(accounts).first { $0.count >= 6 && Int($0[2]) == id }.map { $0[5] }
    }

    /// Groups that boards give devices to, as far as the system has them.
    var deviceGroups: Set<String> { Set(groupNames.values).intersection(["render", "video"]) }

    /// Those of them that the user is in.
    var memberships: [String] { deviceGroups.intersection(groups.compactMap { groupNames[$0] }).sorted() }

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
