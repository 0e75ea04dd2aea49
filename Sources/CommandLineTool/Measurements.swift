import Foundation

/// A number with a fixed count of decimals, whatever the locale.
func decimal(_ value: Double, places: Int = 2) -> String {
    String(format: "%.\(places)f", locale: Locale(identifier: "en_US_POSIX"), value)
}

/// A length of time for a person: `0.21 s`.
func seconds(_ value: Double) -> String { "\(decimal(value)) s" }

/// Most memory that this process has held, in bytes; 0 where the kernel does not say.
func peakMemory() -> Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
    return (line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 1024
}
