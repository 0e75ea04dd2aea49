import Foundation

/// What the system says of its memory.
package enum HostMemory {
    /// Bytes that can be had without swapping: `MemAvailable` of `/proc/meminfo` (proc(5)).
    ///
    /// - Parameter root: directory that stands for `/`.
    /// - Returns: nil when the system does not say.
    package static func availableBytes(root: String = "/") -> Int? {
        guard let data = FileManager.default.contents(atPath: root + "/proc/meminfo") else { return nil }
        for line in String(decoding: data, as: UTF8.self).split(separator: "\n") where line.hasPrefix("MemAvailable:") {
            let words = line.split(separator: " ")
            guard words.count >= 2, let kibibytes = Int(words[1]) else { return nil }
            return kibibytes.multipliedReportingOverflow(by: 1024).overflow ? nil : kibibytes * 1024
        }
        return nil
    }

    /// Bytes that this process may still take: what can be had, or less where its control group has a limit, as in a
    /// container (`memory.max`, `memory.current` of cgroup v2).
    ///
    /// - Parameter root: directory that stands for `/`.
    /// - Returns: nil when the system does not say.
    package static func spareBytes(root: String = "/") -> Int? {
        guard let available = availableBytes(root: root) else { return nil }
        func number(_ name: String) -> Int? {
            let data = FileManager.default.contents(atPath: root + "/sys/fs/cgroup/" + name)
            return data.flatMap {
                Int(String(decoding: $0, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
            }
        }
        guard let limit = number("memory.max") else { return available }
        return min(available, max(0, limit - (number("memory.current") ?? 0)))
    }
}
