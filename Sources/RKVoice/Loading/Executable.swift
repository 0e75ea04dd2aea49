import Foundation

/// This program's own file.
enum Executable {
    /// Directory of the executable; what is built with it lies there.
    static var directory: String {
        let path = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(fileURLWithPath: path).deletingLastPathComponent().path
    }
}
