import Inference
import Speech

/// Latent frames → sound, window by window.
struct PiperDecoder: Sendable {
    let graph: any Graph
    private let config: PiperConfig
    /// Its one output.
    private let output: String
    /// The vocoder of a voice of several speakers sounds like one of them.
    private let takesSpeaker: Bool

    /// - Throws: `badModel` when the graph is no decoder of this voice.
    init(_ graph: any Graph, _ config: PiperConfig) throws(InferenceError) {
        // Compiled graphs differ in the output's name and in how many 1s stand before its samples.
        let sound = graph.outputs.first { $0.name == "audio" } ?? graph.outputs.first
        let ones = [Int?](repeating: 1, count: max(1, sound?.shape.count ?? 0) - 1)
        output = sound?.name ?? "audio"
        var inputs = [TensorSpec("z", .f32, [1, config.latentChannels, nil])]
        takesSpeaker = config.speakers > 1 && graph.inputs.contains { $0.name == "sid" }
        if takesSpeaker { inputs.append(TensorSpec("sid", .i64, [1])) }
        try graph.require(
            inputs: inputs,
            outputs: [TensorSpec(output, .f32, ones + [nil])]
        )
        if let length = graph.frameSizes?.last, length <= 2 * config.overlap {
            throw InferenceError(
                .badModel,
                "windows of \(length) frames have no room between twice \(config.overlap) frames of context",
                graph: graph.name
            )
        }
        self.graph = graph
        self.config = config
    }

    /// Which windows a sentence is decoded in: full ones where the shape is fixed.
    func plan(frames: Int, _ latency: Latency) -> WindowPlan {
        // A decoder of fixed shape costs the same for a short window as for a full one.
        guard let length = graph.frameSizes?.last else {
            return WindowPlan(frames: frames, overlap: config.overlap, latency: latency)
        }
        return WindowPlan(frames: frames, overlap: config.overlap, length: length)
    }

    /// Sound of the kept frames of one window, in [-1, 1].
    /// - Throws: `runtimeFailed`, `cancelled`; `invalidTensor` when it makes fewer samples than there are frames.
    func decode(
        _ z: Tensor,
        _ window: WindowPlan.Window,
        speaker: Int
    ) async throws(InferenceError) -> [Float] {
        let (frames, width) = (z.shape[2], window.decoded.count)
        let slice = try z.withScalars(as: Float.self) { latents in
            [Float](unsafeUninitializedCapacity: config.latentChannels * width) { part, count in
                for channel in 0..<config.latentChannels {
                    let row = latents[(channel * frames + window.decoded.lowerBound)...].prefix(width)
                    _ = part[(channel * width)...].initialize(from: row)
                }
                count = config.latentChannels * width
            }
        }
        var inputs = ["z": Tensor(shape: [1, config.latentChannels, width], slice)]
        if takesSpeaker { inputs["sid"] = Tensor(shape: [1], [Int64(speaker)]) }
        let audio = try await graph.run(inputs).tensor(output)
        let hop = config.hopLength
        let first = (window.kept.lowerBound - window.decoded.lowerBound) * hop
        guard audio.count >= width * hop else {
            throw InferenceError(
                .invalidTensor,
                "\(audio.count) samples came for \(width) frames of \(hop)",
                graph: graph.name
            )
        }
        return try audio.withScalars(as: Float.self) { samples in
            samples[first..<first + window.kept.count * hop].map { max(-1, min(1, $0)) }
        }
    }
}
