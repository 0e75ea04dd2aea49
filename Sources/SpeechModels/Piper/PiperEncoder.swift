import Inference
import Speech

/// Phoneme ids → latent frames, by either of two graphs: our own, which is given its noise and runs the flow, and that of
/// rkvoice-stream, which takes a fixed number of ids, has its noise inside and leaves the flow to the decoder.
struct PiperEncoder: Sendable {
    /// The frames of a sentence.
    struct Latents: Sendable {
        /// `[1, channels, frames]`, or more of them than are real.
        var z: Tensor
        /// Real frames.
        var frames: Int
        /// There was room for no more, so that the end may be missing.
        var isCut = false
    }

    /// How a sentence is spoken.
    struct Manner: Sendable {
        /// Noise, length and duration noise.
        var scales: [Float]
        var speaker = 0
    }

    /// Ids that the graph needs at least: a few phonemes between start and end.
    private static let leastIDs = 16

    let graph: any Graph
    /// Ids of one run at most; nil takes any number.
    let limit: Int?
    private let config: PiperConfig
    /// Whether the caller gives the noise.
    private let takesNoise: Bool
    /// Ids that every run has, padding included; nil where that varies.
    private let length: Int?

    /// Whether fewer ids take less time.
    var isFlexible: Bool { length == nil }

    /// - Throws: `badModel` when the graph is neither of the two, or takes fewer ids than the configuration says.
    init(_ graph: any Graph, _ config: PiperConfig) throws(InferenceError) {
        takesNoise = graph.inputs.contains { $0.name == "prior_noise" }
        length = graph.inputs.first { $0.name == "input" }.flatMap { $0.shape.last ?? nil }
        if let length, let wanted = config.sequence, wanted > length {
            throw InferenceError(.badModel, "it takes \(length) ids at a time, and not \(wanted)", graph: graph.name)
        }
        limit = config.sequence ?? length
        if let limit, limit < Self.leastIDs {
            throw InferenceError(.badModel, "\(limit) ids at a time are too few for a word", graph: graph.name)
        }
        self.graph = graph
        self.config = config
        try check()
    }

    private func check() throws(InferenceError) {
        var inputs: [TensorSpec] = [
            TensorSpec("input", .i64, [1, nil]), TensorSpec("input_lengths", .i64, [1]),
            TensorSpec("scales", .f32, [3]),
        ]
        var outputs = [TensorSpec("z", .f32, [1, config.latentChannels, nil])]
        if takesNoise {
            inputs.append(TensorSpec("duration_noise", .f32, [1, 2, nil]))
            inputs.append(TensorSpec("prior_noise", .f32, [1, config.latentChannels, nil]))
            if config.speakers > 1 { inputs.append(TensorSpec("sid", .i64, [1])) }
        } else {
            // What conversions leave behind; not every graph has them.
            let leftovers: [TensorSpec] = [
                TensorSpec("sid", .i64, [1]), TensorSpec("x_mask", .f32, [1, 1, length]),
                TensorSpec("audio_length", .i64, [1]), TensorSpec("cumulative_durations", .f32, [length, 1]),
            ]
            inputs += leftovers.filter { leftover in graph.inputs.contains { $0.name == leftover.name } }
            outputs.append(TensorSpec("y_mask", .f32, [1, 1, nil]))
        }
        try graph.require(inputs: inputs, outputs: outputs)
    }

    /// Latent frames of one sentence, or of one part of it.
    /// - Parameters:
    ///   - ids: phoneme ids, with start, end and padding; no more than ``limit``.
    ///   - manner: how it is spoken.
    ///   - noise: where the random part comes from; nil makes the voice deterministic and flat. A graph with its noise
    ///     inside sounds the same every time.
    /// - Returns: the frames.
    /// - Throws: `runtimeFailed`, `cancelled`, `invalidTensor`.
    func latents(
        _ ids: [Int64],
        _ manner: Manner,
        _ noise: inout GaussianNoise?
    ) async throws(InferenceError) -> Latents {
        var inputs = [
            "input_lengths": Tensor(shape: [1], [Int64(ids.count)]), "scales": Tensor(shape: [3], manner.scales),
        ]
        guard takesNoise else { return try await baked(ids, inputs) }
        inputs["input"] = Tensor(shape: [1, ids.count], ids)
        // How many frames there will be is known only inside the graph, which repeats the noise when it runs out.
        // Speech of this family has about two frames per id.
        let frames = noise == nil ? 1 : max(64, Int(2 * Float(ids.count) * manner.scales[1]))
        func normal(_ channels: Int, _ count: Int) -> Tensor {
            let numbers = noise?.samples(channels * count) ?? [Float](repeating: 0, count: channels * count)
            return Tensor(shape: [1, channels, count], numbers)
        }
        inputs["duration_noise"] = normal(2, ids.count)
        inputs["prior_noise"] = normal(config.latentChannels, frames)
        if config.speakers > 1 { inputs["sid"] = Tensor(shape: [1], [Int64(manner.speaker)]) }
        let z = try await graph.run(inputs).tensor("z")
        return Latents(z: z, frames: z.shape[2])
    }

    private func baked(_ ids: [Int64], _ shared: [String: Tensor]) async throws(InferenceError) -> Latents {
        let count = length ?? ids.count
        let pad = config.phonemeIDs["_"]?.first.map(Int64.init) ?? 0
        var inputs = shared
        inputs["input"] = Tensor(shape: [1, count], ids + [Int64](repeating: pad, count: max(0, count - ids.count)))
        for spec in graph.inputs where inputs[spec.name] == nil {
            let shape = spec.shape.map { $0 ?? count }
            let real = spec.name == "x_mask" ? ids.count : 0
            let size = shape.reduce(1, *)
            inputs[spec.name] =
                spec.dtype == .i64
                ? Tensor(shape: shape, [Int64](repeating: 0, count: size))
                : Tensor(shape: shape, (0..<size).map { $0 < real ? Float(1) : 0 })
        }
        let outputs = try await graph.run(inputs)
        let z = try outputs.tensor("z")
        let frames = try outputs.tensor("y_mask").withScalars(as: Float.self) { mask in
            mask.firstIndex { $0 < 0.5 } ?? mask.count
        }
        guard z.shape.count == 3, frames <= z.shape[2] else {
            throw InferenceError(
                .invalidTensor,
                "z is \(z.shape), and y_mask tells \(frames) frames",
                graph: graph.name
            )
        }
        let isFixed = graph.outputs.contains { $0.name == "z" && $0.shape.last != .some(nil) }
        return Latents(z: z, frames: frames, isCut: isFixed && frames == z.shape[2])
    }
}
