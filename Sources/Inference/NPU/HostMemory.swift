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
}
