package import Inference
package import Speech

/// Silero voice activity detection at 16 kHz.
///
/// Reference: the `silero-vad` package, whose wrapper also prepends the last 64 samples to each window of 512.
package struct SileroDetector: SpeechDetector {
    /// What a stream carries from window to window.
    package struct State: Sendable {
        /// The last samples of the window before.
        var context: [Float]
        /// The recurrent state `[2, 1, 128]`.
        var recurrent: Tensor
    }

    private struct Config: Decodable {
        var window: Int
        var context: Int
        var stateShape: [Int]
    }

    package let sampleRate: Int
    package let window: Int
    private let context: Int
    private let stateShape: [Int]
    private let graph: any Graph

    /// - Throws: `badModel` when the graph is not Silero's.
    package init(_ bundle: ModelBundle, detector graph: any Graph) throws(InferenceError) {
        let config = try bundle.config(Config.self)
        let shape = config.stateShape.map(Optional.some)
        try graph.require(
            inputs: [
                TensorSpec("input", .f32, [1, config.context + config.window]), TensorSpec("state", .f32, shape),
            ],
            outputs: [TensorSpec("output", .f32, [1, 1]), TensorSpec("stateN", .f32, shape)]
        )
        sampleRate = bundle.sampleRate
        window = config.window
        context = config.context
        stateShape = config.stateShape
        self.graph = graph
    }

    package func start() -> State {
        State(
            context: [Float](repeating: 0, count: context),
            recurrent: Tensor(shape: stateShape, [Float](repeating: 0, count: stateShape.reduce(1, *)))
        )
    }

    package func probability(of samples: ArraySlice<Float>, state: inout State) async throws(SpeechError) -> Float {
        guard samples.count == window else {
            throw SpeechError(.invalidAudio, "the detector takes \(window) samples at a time, not \(samples.count)")
        }
        let input = Tensor(shape: [1, context + window], state.context + samples)
        let recurrent = state.recurrent
        let outputs = try await speaking { () throws(InferenceError) in
            try await graph.run(["input": input, "state": recurrent])
        }
        state.context = Array(samples.suffix(context))
        return try await speaking { () throws(InferenceError) in
            state.recurrent = try outputs.tensor("stateN")
            return try outputs.tensor("output").withScalars(as: Float.self) { $0[0] }
        }
    }
}
