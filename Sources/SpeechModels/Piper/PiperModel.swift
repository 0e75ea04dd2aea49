package import Inference
package import Speech
package import SpeechText

/// A Piper voice (VITS): phonemes → encoder and flow → latent frames → decoder, window by window.
///
///     text → phoneme ids [1, P] → encoder → z [1, 192, T] → decoder (windows of z) → samples
///
/// Reference: Piper's graph, cut at the decoder's first convolution; windowed and whole decode differ by less
/// than 1e-5.
package struct PiperModel: SpeechSynthesizer {
    package let sampleRate: Int
    package let voices: [Voice]
    let config: PiperConfig
    let name: String
    let encoder: any Graph
    let decoder: any Graph
    let phonemizer: any Phonemizer
    let phonemes: PiperPhonemes

    /// - Throws: `badModel` when the graphs are not a Piper voice's.
    package init(
        _ bundle: ModelBundle,
        encoder: any Graph,
        decoder: any Graph,
        phonemizer: any Phonemizer
    ) throws(InferenceError) {
        let config = try bundle.config(PiperConfig.self)
        var inputs: [TensorSpec] = [
            TensorSpec("input", .i64, [1, nil]), TensorSpec("input_lengths", .i64, [1]),
            TensorSpec("scales", .f32, [3]), TensorSpec("duration_noise", .f32, [1, 2, nil]),
            TensorSpec("prior_noise", .f32, [1, config.latentChannels, nil]),
        ]
        if config.speakers > 1 { inputs.append(TensorSpec("sid", .i64, [1])) }
        try encoder.require(inputs: inputs, outputs: [TensorSpec("z", .f32, [1, config.latentChannels, nil])])
        try decoder.require(
            inputs: [TensorSpec("z", .f32, [1, config.latentChannels, nil])],
            outputs: [TensorSpec("audio", .f32, [1, 1, 1, nil])]
        )
        if let length = decoder.frameSizes?.last, length <= 2 * config.overlap {
            throw InferenceError(
                .badModel,
                "windows of \(length) frames have no room between twice \(config.overlap) frames of context",
                graph: decoder.name
            )
        }
        self.config = config
        self.encoder = encoder
        self.decoder = decoder
        self.phonemizer = phonemizer
        do { phonemes = try PiperPhonemes(map: config.phonemeIDs) } catch {
            throw InferenceError(.badModel, error.message, graph: bundle.directory)
        }
        name = bundle.name
        sampleRate = bundle.sampleRate
        let languages = bundle.languages.compactMap { Language($0) }
        let speakers = config.speakerIDs.sorted { $0.value < $1.value }.map(\.key)
        voices = (speakers.isEmpty ? [bundle.name] : speakers).map { Voice(name: $0, languages: languages) }
    }

    package func speech(for utterance: Utterance) -> PiperSpeech { PiperSpeech(model: self, utterance: utterance) }

    /// Phoneme ids of each sentence in a text, as the graph takes them.
    /// - Throws: ``PhonemeError``.
    package func sentences(of text: String) async throws(PhonemeError) -> [[Int64]] {
        phonemes.sentences(of: try await phonemizer.clauses(of: text, voice: config.espeakVoice)).ids
    }

    /// Noise, length and duration noise at the voice's own pace, as the graph takes them.
    package var scales: [Float] { [config.noiseScale, config.lengthScale, config.noiseW] }

    /// Latent frames of one sentence.
    /// - Parameters:
    ///   - ids: phoneme ids, with start, end and padding.
    ///   - utterance: pace and voice.
    ///   - noise: where the random part comes from; nil makes the voice deterministic and flat.
    /// - Returns: `z`, `[1, channels, frames]`.
    /// - Throws: `runtimeFailed`, `cancelled`.
    func latents(
        _ ids: [Int64],
        _ utterance: Utterance,
        _ noise: inout GaussianNoise
    ) async throws(InferenceError) -> Tensor {
        let count = ids.count
        // How many frames there will be is known only inside the graph, which repeats the noise when it runs out.
        // Speech of this family has about two frames per id.
        let frames = max(64, Int(2 * Float(count) * config.lengthScale / utterance.speed))
        var scales = scales
        scales[1] /= utterance.speed
        var inputs = [
            "input": Tensor(shape: [1, count], ids),
            "input_lengths": Tensor(shape: [1], [Int64(count)]),
            "scales": Tensor(shape: [3], scales),
            "duration_noise": Tensor(shape: [1, 2, count], noise.samples(2 * count)),
            "prior_noise": Tensor(
                shape: [1, config.latentChannels, frames],
                noise.samples(config.latentChannels * frames)
            ),
        ]
        if config.speakers > 1 {
            let speaker = utterance.voice.flatMap { config.speakerIDs[$0] } ?? 0
            inputs["sid"] = Tensor(shape: [1], [Int64(speaker)])
        }
        return try await encoder.run(inputs).tensor("z")
    }

    /// Latent frames without any noise, the same in every run.
    package func quietLatents(_ ids: [Int64]) async throws(InferenceError) -> Tensor {
        try await encoder.run([
            "input": Tensor(shape: [1, ids.count], ids),
            "input_lengths": Tensor(shape: [1], [Int64(ids.count)]),
            "scales": Tensor(shape: [3], [Float(0), 1, 0]),
            "duration_noise": Tensor(shape: [1, 2, ids.count], [Float](repeating: 0, count: 2 * ids.count)),
            "prior_noise": Tensor(
                shape: [1, config.latentChannels, 1],
                [Float](repeating: 0, count: config.latentChannels)
            ),
        ]).tensor("z")
    }

    /// Which windows a sentence is decoded in.
    /// - Parameters:
    ///   - frames: latent frames of the sentence.
    ///   - latency: how early the first sound must come.
    /// - Returns: the windows, full ones where the decoder's shape is fixed.
    package func plan(frames: Int, _ latency: Latency) -> WindowPlan {
        // A decoder of fixed shape costs the same for a short window as for a full one.
        guard let length = decoder.frameSizes?.last else {
            return WindowPlan(frames: frames, overlap: config.overlap, latency: latency)
        }
        return WindowPlan(frames: frames, overlap: config.overlap, length: length)
    }

    /// Sound of the kept frames of one window, in [-1, 1].
    package func decode(_ z: Tensor, _ window: WindowPlan.Window) async throws(InferenceError) -> [Float] {
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
        let output = try await decoder.run(["z": Tensor(shape: [1, config.latentChannels, width], slice)])
        let hop = config.hopLength
        let first = (window.kept.lowerBound - window.decoded.lowerBound) * hop
        return try output.tensor("audio").withScalars(as: Float.self) { audio in
            audio[first..<min(audio.count, first + window.kept.count * hop)].map { max(-1, min(1, $0)) }
        }
    }
}
