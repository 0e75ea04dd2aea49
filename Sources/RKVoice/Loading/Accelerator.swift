import Foundation
package import Inference
import Runtimes
import Synchronization
import VoiceConfiguration

/// The board that this process runs on, its NPU, and what of the models is placed there. One for a whole process:
/// whatever runs on the NPU shares its cores and its memory.
package final class Accelerator: Sendable {
    /// The board found, chosen or simulated.
    package let board: Board
    /// Cores and memory of its NPU; nil where there is none.
    package let npu: NPU?
    /// Every run, if somebody wants to see them.
    package let trace: Trace?
    /// Something to know about the board; one sentence.
    package let notice: String?
    let settings: Configuration.NPU
    let decoders: AcceleratorSettings.RKLLM
    let home: String
    private let runtime = Mutex<Result<RKNNRuntime, InferenceError>?>(nil)
    let decoderRuntime = Mutex<Result<RKLLMRuntime, InferenceError>?>(nil)
    private let taken = Mutex<[(model: String, choice: PlacementChoice)]>([])

    /// What two loaders have to agree in to share one.
    private struct Identity: Hashable {
        let npu: Configuration.NPU
        let decoders: AcceleratorSettings.RKLLM
        let home: String
    }

    private static let known = Mutex<[Identity: Accelerator]>([:])

    /// The one of this process: a voice and a recognizer that are loaded apart still take turns on the same cores.
    /// - Parameter settings: which board, and the home for files that a simulation needs.
    /// - Returns: the same for the same settings.
    package static func shared(_ settings: Settings) -> Accelerator {
        known.withLock { known in
            let chosen = settings.accelerator
            let identity = Identity(npu: chosen.npu, decoders: chosen.decoders, home: settings.home)
            if let accelerator = known[identity] { return accelerator }
            let accelerator = Accelerator(settings)
            known[identity] = accelerator
            return accelerator
        }
    }

    /// Looks at the machine, unless the settings say what it is.
    private init(_ settings: Settings) {
        let npu = settings.accelerator.npu
        let detected = Self.found(npu)
        board = detected.board
        notice = detected.notice
        trace = npu.tracePath == nil ? nil : Trace(isSimulated: npu.simulated != nil)
        self.npu =
            board.hasNPU
            ? NPU(board: board, memoryLimit: npu.memoryBytes, isSimulated: npu.simulated != nil) : nil
        self.settings = npu
        decoders = settings.accelerator.decoders
        home = settings.home
        if let npu = self.npu { trace?.observe(npu) }
    }

    private static func found(_ settings: Configuration.NPU) -> (board: Board, notice: String?) {
        if let simulated = settings.simulated {
            return (
                simulated == .rk3588 ? .rk3588 : .rk3576, "the NPU of \(simulated.rawValue) is simulated on the CPU"
            )
        }
        // Every word of the choice is a board of the table.
        if let choice = settings.board, let board = try? Board.named(choice.rawValue) { return (board, nil) }
        let detection = BoardDetection.detect()
        return (detection.board, detection.notice)
    }

    /// Whether a simulator stands in for the NPU.
    package var isSimulated: Bool { settings.simulated != nil }

    /// What was placed where, by model, and what was rejected.
    package var placements: [(model: String, choice: PlacementChoice)] { taken.withLock { $0 } }

    /// Chooses where the stages of a model run and remembers it.
    /// - Parameters:
    ///   - bundle: the model.
    ///   - wanted: name of the placement; nil takes the first that can run.
    ///   - runtimes: what can be run.
    /// - Returns: the placement to load.
    /// - Throws: `badModel`, `runtimeUnavailable`, `missingFile` with the reason.
    func choose(
        _ bundle: ModelBundle,
        named wanted: String?,
        _ runtimes: RuntimeSet
    ) throws(InferenceError) -> Placement {
        let choice: PlacementChoice
        do {
            choice = try bundle.choosePlacement(
                board: board,
                runtimes: runtimes.available,
                named: wanted,
                canConvert: isSimulated
            )
        } catch {
            // Of the libraries that it needs: what is wrong with another is no reason.
            let wishes = bundle.placements.filter { wanted == nil || $0.key == wanted }.values
            let needed = Set(wishes.flatMap(\.parts).map(\.part.runtime))
            guard error.code == .runtimeUnavailable, let problem = problem(of: needed) else { throw error }
            throw InferenceError(error.code, "\(error.message): \(problem)", graph: error.graph)
        }
        taken.withLock { taken in
            taken.removeAll { $0.model == bundle.name }
            taken.append((bundle.name, choice))
        }
        return choice.placement
    }

    /// Writes the trace, if there is one.
    /// - Throws: `missingFile` when it cannot be written.
    package func writeTrace() throws(InferenceError) {
        if let path = settings.tracePath { try trace?.write(to: path) }
    }
}

extension Accelerator {
    /// The runtime of the NPU; nil where there is no NPU.
    /// - Parameter onnx: path of the ONNX Runtime library that a simulator computes with.
    /// - Returns: the runtime, made once.
    /// - Throws: what is wrong with the library, each time.
    func rknn(onnx: String) throws(InferenceError) -> RKNNRuntime? {
        guard let npu, board.id != Board.rk1828.id else { return nil }
        let result = runtime.withLock { runtime in
            if let runtime { return runtime }
            let result = Result { () throws(InferenceError) in try open(npu, onnx: onnx) }
            runtime = result
            return result
        }
        do { return try result.get() } catch {
            // A library that was asked for by name has to be there. A board without one still has a CPU, and the
            // placements that are passed over say why.
            if isSimulated || settings.rknnPath != nil { throw error }
            return nil
        }
    }

    /// No silent fallback: a simulator is never taken for a board's library, nor the other way round.
    func check(_ path: String, isSimulator: Bool, file: String) throws(InferenceError) {
        guard isSimulator != isSimulated else { return }
        throw InferenceError(
            .runtimeUnavailable,
            isSimulated
                ? "it is no simulator; --simulate takes \(file)" : "it is the simulator, which only --simulate loads",
            graph: path
        )
    }

    /// What is wrong with the NPU's libraries; nil when nothing is, or nobody has asked for them yet.
    package var libraryProblem: String? { problem(of: [.rknn, .rkllm]) }

    /// What is wrong with the libraries of these runtimes.
    private func problem(of runtimes: Set<Placement.Runtime>) -> String? {
        var problems: [String] = []
        if runtimes.contains(.rknn), case .failure(let error) = runtime.withLock({ $0 }) { problems.append("\(error)") }
        if runtimes.contains(.rkllm), case .failure(let error) = decoderRuntime.withLock({ $0 }) {
            problems.append("\(error)")
        }
        return problems.isEmpty ? nil : problems.joined(separator: "; ")
    }

    /// Waits until every context and model has been destroyed: drivers have been seen to keep what a process leaves behind.
    /// - Parameter patience: how long at most; a run that hangs never gives its context back.
    package func drain(within patience: Duration = .seconds(2)) async {
        let graphs = try? runtime.withLock { $0 }?.get().library
        let end = ContinuousClock.now + patience
        while (graphs?.openContexts ?? 0) + (decoderLibrary?.openModels ?? 0) > 0, .now < end {
            try? await Task.sleep(for: .milliseconds(5))
        }
    }

    private func open(_ npu: NPU, onnx: String) throws(InferenceError) -> RKNNRuntime {
        let library: RKNNLibrary
        if let simulated = settings.simulated {
            library = try RKNNLibrary.load(from: [settings.simulatorPath ?? Self.simulatorPath])
            try library.configure("soc", simulated.rawValue)
            try library.configure("onnxruntime", onnx)
        } else if let path = settings.rknnPath {
            library = try RKNNLibrary.load(from: [path])
        } else {
            library = try RKNNLibrary.load()
        }
        try check(library.path, isSimulator: library.isSimulated, file: "librknnrt-sim.so")
        return RKNNRuntime(library, npu: npu, runTimeout: .seconds(settings.runSeconds))
    }

    /// Built beside the executable.
    private static var simulatorPath: String { Executable.directory + "/librknnrt-sim.so" }

    /// How files of bundles are found and checked.
    var files: BundleFiles {
        let (board, home, isSimulated) = (board.id, home, isSimulated)
        return BundleFiles { path, digest throws(InferenceError) in
            try await FileCheck.verify(path, sha256: digest)
        } locate: { part, path throws(InferenceError) in
            guard isSimulated else { return path }
            switch part.runtime {
            case .rknn: return try await SimulatedFile(part, path, board: board, home: home).path()
            case .rkllm: return try Self.source(of: part, path)
            case .onnx, .worker: return path
            }
        }
    }

    /// The ONNX graph that a simulated decoder is made of.
    private static func source(of part: Placement.Part, _ path: String) throws(InferenceError) -> String {
        guard let source = part.source else {
            throw InferenceError(
                .badModel,
                "its placement names no \"source\", so there is nothing to simulate it with",
                graph: path
            )
        }
        return URL(fileURLWithPath: path).deletingLastPathComponent().appendingPathComponent(source).path
    }
}
