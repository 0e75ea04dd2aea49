import CRuntimes
package import Inference
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// Rockchip's library for language models, loaded at run time, or the simulator in its place.
package final class RKLLMLibrary: Sendable {
    /// Path or soname it was loaded by.
    package let path: String
    /// Its release, such as `1.2.3`, as the file says it or as it was set.
    package let version: String
    /// Which declarations it is called by.
    package let generation: RKLLMGeneration
    /// Whether this is the simulator. Nothing it does may be told as done by a board.
    package let isSimulated: Bool
    // librkllmrt's functions are called from any thread; a model runs once at a time, which its owner sees to. Abort is
    // there to be called from another thread.
    private let handles: ForeignHandle<(RKLLMCalls, RKLLMSimulatorCalls?)>

    private let open = Atomic<Int>(0)

    /// Models that are not destroyed yet.
    package var openModels: Int { open.load(ordering: .acquiring) }

    /// Counts models that are made (1) and destroyed (-1).
    func count(_ change: Int) { open.add(change, ordering: .acquiringAndReleasing) }

    var calls: RKLLMCalls { handles.value.0 }

    /// Where boards have it: the places of the vendor's packages. By path, because the version is read from the file.
    package static let standardPaths = [
        "/usr/lib/librkllmrt.so", "/usr/lib/aarch64-linux-gnu/librkllmrt.so", "/usr/lib64/librkllmrt.so",
        "/usr/local/lib/librkllmrt.so", "/opt/rkllm/lib/librkllmrt.so",
    ]

    /// What stands before the version in the file: releases from 1.2.0 on say `RKLLM SDK (version: 1.2.0 | target: Linux`,
    /// earlier ones the second. The line that is printed when a model is loaded is put together, and not in the file.
    package static let versionMarks = [
        "RKLLM SDK (version: ", "rknn llm lib version: ", "rkllm-runtime version: ", "librkllmrt version: ",
    ]

    /// Loads the first of `paths` that is there and can be loaded.
    ///
    /// - Parameters:
    ///   - paths: files, or a soname for the system's own search, in the order to try.
    ///   - version: its release; nil reads it from the file. The simulator becomes this release, 1.2.3 by itself.
    /// - Returns: the library; nothing of it has been called.
    /// - Throws: `runtimeUnavailable` naming every path tried and what was wrong with it.
    package static func load(
        from paths: [String] = standardPaths,
        version: String? = nil
    ) throws(InferenceError) -> RKLLMLibrary {
        if let version { _ = try RKLLMGeneration(version: version) }
        var reasons: [String] = []
        for path in paths {
            if path.contains("/"), access(path, F_OK) != 0 {
                reasons.append("\(path) is not there")
                continue
            }
            do { return try RKLLMLibrary(path: path, version: version) } catch { reasons.append(error.message) }
        }
        throw InferenceError(
            .runtimeUnavailable,
            "the library librkllmrt is not available (\(reasons.joined(separator: "; "))); "
                + "boards get it from airockchip/rknn-llm"
        )
    }

    private init(path: String, version: String?) throws(InferenceError) {
        let isFile = path.contains("/")
        if isFile { try SharedObject.check(path) }
        // Before anything is loaded: what a library of unknown layouts does on loading is unknown, too.
        let text = isFile ? Self.versionMarks.lazy.compactMap { SharedObject.text(after: $0, in: path) }.first : nil
        // What follows is the build: `1.2.0 | target: Linux | build: …`.
        let found = text.map { String($0.prefix { $0 != "|" && !$0.isWhitespace }) }
        if version == nil, let found { _ = try RKLLMGeneration(version: found) }
        let library = try DynamicLibrary(path: path)
        let simulator = RKLLMSimulatorCalls(library)
        guard let told = version ?? (simulator == nil ? found : "1.2.3") else {
            throw InferenceError(
                .runtimeUnavailable,
                "\(path) does not say which release of RKLLM it is, and releases differ in their structures; set its version"
            )
        }
        generation = try RKLLMGeneration(version: told)
        if let simulator { try Self.begin(simulator, at: path, as: told) }
        self.path = path
        self.version = told
        isSimulated = simulator != nil
        handles = ForeignHandle((try RKLLMCalls(library, generation), simulator))
    }

    /// Releases that simulators are in this process, by path: a library is loaded once, and its release is that of all who
    /// call it.
    private static let simulated = Mutex<[String: String]>([:])

    private static func begin(
        _ simulator: RKLLMSimulatorCalls,
        at path: String,
        as release: String
    ) throws(InferenceError) {
        let before = simulated.withLock { simulated in
            defer { if simulated[path] == nil { simulated[path] = release } }
            return simulated[path] ?? release
        }
        guard before == release else {
            throw InferenceError(
                .runtimeUnavailable,
                "the simulator \(path) is RKLLM \(before) in this process and cannot be \(release) as well"
            )
        }
        guard simulator.configure("generation", release) == 0 else {
            throw InferenceError(.runtimeUnavailable, "the simulator \(path) cannot be RKLLM \(release)")
        }
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
}

extension RKLLMLibrary: CustomStringConvertible {
    package var description: String { "RKLLM \(version)" + (isSimulated ? " (simulated)" : "") }
}

/// What the simulator has beyond the vendor's functions.
struct RKLLMSimulatorCalls {
    typealias ConfigureCall = @convention(c) (UnsafePointer<CChar>, UnsafePointer<CChar>) -> CInt
    typealias CountersCall = @convention(c) (UnsafeMutablePointer<CChar>, Int) -> CInt

    let configure: ConfigureCall
    let counters: CountersCall

    /// Nil for the vendor's library.
    init?(_ library: DynamicLibrary) {
        guard let configure = try? library.function("rkllm_sim_configure", as: ConfigureCall.self),
            let counters = try? library.function("rkllm_sim_counters", as: CountersCall.self)
        else { return nil }
        self.configure = configure
        self.counters = counters
    }
}
