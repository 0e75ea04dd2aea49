import CRuntimes
package import Inference
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// Rockchip's NPU library, loaded at run time, or the simulator in its place.
package final class RKNNLibrary: Sendable {
    /// Releases as the library and the kernel's driver tell them.
    package struct Versions: Sendable, Hashable {
        /// Of the library, such as `2.3.2 (429f97ae6b@2025-04-09T09:09:27)`.
        package var library: String
        /// Of the kernel's driver, such as `0.9.8`; nil before the first context.
        package var driver: String?
    }

    /// Path or soname it was loaded by.
    package let path: String
    /// Whether this is the simulator. Nothing it does may be told as done by a board.
    package let isSimulated: Bool
    // librknnrt's functions are called from any thread; a context from one at a time, which its owner sees to.
    private let handles: ForeignHandle<(RKNNCalls, RKNNSimulatorCalls?)>
    private let known: Mutex<Versions?>
    private let open = Atomic<Int>(0)

    /// Contexts that are not destroyed yet.
    package var openContexts: Int { open.load(ordering: .acquiring) }

    /// Counts contexts that are made (1) and destroyed (-1).
    func count(_ change: Int) { open.add(change, ordering: .acquiringAndReleasing) }

    var calls: RKNNCalls { handles.value.0 }

    /// Releases, as far as they are known: the driver's from the first context on.
    package var versions: Versions? { known.withLock { $0 } }

    /// Where boards have it: what the system's loader finds, then the places of the vendor's packages.
    package static let standardPaths = [
        "librknnrt.so", "/usr/lib/librknnrt.so", "/usr/lib/aarch64-linux-gnu/librknnrt.so", "/usr/lib64/librknnrt.so",
        "/usr/local/lib/librknnrt.so", "/opt/rknn/lib/librknnrt.so", "/vendor/lib64/librknnrt.so",
    ]

    /// Loads the first of `paths` that is there and can be loaded.
    ///
    /// - Parameter paths: files, or a soname for the system's own search, in the order to try.
    /// - Returns: the library, ready for contexts.
    /// - Throws: `runtimeUnavailable` naming every path tried and what was wrong with it.
    package static func load(from paths: [String] = standardPaths) throws(InferenceError) -> RKNNLibrary {
        var reasons: [String] = []
        for path in paths {
            if path.contains("/"), access(path, F_OK) != 0 {
                reasons.append("\(path) is not there")
                continue
            }
            do { return try RKNNLibrary(path: path) } catch { reasons.append(error.message) }
        }
        throw InferenceError(
            .runtimeUnavailable,
            "the NPU's library librknnrt is not available (\(reasons.joined(separator: "; "))); "
                + "boards get it with the vendor's system image or from airockchip/rknn-toolkit2"
        )
    }

    init(path: String) throws(InferenceError) {
        let isFile = path.contains("/")
        if isFile { try SharedObject.check(path) }
        let library = try DynamicLibrary(path: path)
        let simulator = RKNNSimulatorCalls(library)
        self.path = path
        isSimulated = simulator != nil
        handles = ForeignHandle((try RKNNCalls(library), simulator))
        // Known before the first context, so that a file it cannot read is never given to it.
        let version = isFile && simulator == nil ? SharedObject.text(after: "librknnrt version: ", in: path) : nil
        known = Mutex(version.map { Versions(library: $0, driver: nil) })
    }

    /// Sets a switch of the simulator; they are listed in `docs/simulator.md`.
    /// - Throws: `runtimeUnavailable` for the vendor's library, or a switch that the simulator does not take.
    package func configure(_ key: String, _ value: String) throws(InferenceError) {
        guard let simulator = handles.value.1 else {
            throw InferenceError(.runtimeUnavailable, "\(path) is no simulator; it has no switch \"\(key)\"")
        }
        guard simulator.configure(key, value) == 0 else {
            throw InferenceError(.runtimeUnavailable, "the simulator does not take \(key)=\(value)")
        }
    }

    /// The simulator's counters, a JSON object; nil for the vendor's library.
    package func counters() -> String? {
        guard let simulator = handles.value.1 else { return nil }
        var characters = [CChar](repeating: 0, count: 16 << 10)
        let capacity = characters.count
        let length = simulator.counters(&characters, capacity)
        guard length >= 0, length < capacity else { return nil }
        return characters.withUnsafeBytes { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    /// Remembers what a context says of library and driver.
    func learn(_ versions: Versions) { known.withLock { $0 = versions } }
}

extension RKNNLibrary.Versions: CustomStringConvertible {
    package var description: String { library + (driver.map { ", driver \($0)" } ?? "") }
}
