import Foundation
import Inference
import Runtimes
import Synchronization
import VoiceConfiguration

extension Accelerator {
    /// The runtime of language models on the NPU; nil where there is no NPU, or no library and none was asked for.
    /// - Parameter onnx: path of the ONNX Runtime library that a simulator computes with.
    /// - Returns: the runtime, made once.
    /// - Throws: what is wrong with a library that was asked for by name, each time.
    func rkllm(onnx: String) throws(InferenceError) -> (any LanguageModelRuntime)? {
        guard let npu, board.id != Board.rk1828.id else { return nil }
        let result = decoderRuntime.withLock { runtime in
            if let runtime { return runtime }
            let result = Result { () throws(InferenceError) in try openRKLLM(npu, onnx: onnx) }
            runtime = result
            return result
        }
        do {
            let runtime = try result.get()
            return isSimulated ? SimulatedDecoders(runtime, board: board.id, home: home) : runtime
        } catch {
            if (!isSimulated && decoders.path != nil) || decoders.version != nil { throw error }
            return nil
        }
    }

    private func openRKLLM(_ npu: NPU, onnx: String) throws(InferenceError) -> RKLLMRuntime {
        // A profile of a board names that board's library; whoever simulates means the simulator.
        let usual = decoders.path.map { [$0] } ?? RKLLMLibrary.standardPaths
        let library = try RKLLMLibrary.load(from: isSimulated ? simulatorPaths : usual, version: decoders.version)
        if let simulated = settings.simulated, library.isSimulated {
            try library.configure("soc", simulated.rawValue)
            try library.configure("onnxruntime", onnx)
        }
        try check(library.path, isSimulator: library.isSimulated, file: "librkllmrt-sim.so")
        return RKLLMRuntime(library, npu: npu)
    }
}

extension Accelerator {
    /// Beside the other simulator, where that is named, and beside the executable, where it is built.
    private var simulatorPaths: [String] {
        let named = settings.simulatorPath.map { URL(fileURLWithPath: $0).deletingLastPathComponent().path }
        return ([named, Executable.directory].compactMap { $0 }).map { $0 + "/librkllmrt-sim.so" }
    }

    /// The library of language models, once somebody has asked for it.
    var decoderLibrary: RKLLMLibrary? { try? decoderRuntime.withLock { $0 }?.get().library }
}
