package import Inference
package import Speech
package import SpeechText

/// Paraformer for whole utterances in one graph: features → encoder, predictor and decoder → logits per token.
///
///     samples → rows [T, 560] → graph → logits [U, V], U → likeliest tokens up to </s> → text
///
/// Reference: sherpa-onnx 2.0.1 (`OfflineRecognizer.from_paraformer`).
package struct ParaformerModel: UtteranceRecognizer {
    package let languages: [Language]
    package let longestUtterance: Int
    private let graph: any Graph
    private let features: any FeatureRows
    private let text: ParaformerText
    private let rows: TensorSpec
    private let logits: TensorSpec
    /// Encodes hotwords, where the model takes them.
    let hotwords: ParaformerHotwords?
    /// Hotwords as the graph takes them; nil: none of them.
    var bias: Tensor?

    /// Seconds given to the graph at once: attention costs the square of it.
    private static let longestSeconds = 30

    /// - Parameters:
    ///   - config: numbers of tokens.
    ///   - table: their pieces.
    ///   - features: the front end.
    ///   - languages: what the bundle says it understands.
    ///   - graph: the model.
    ///   - hotwords: encodes hotwords, for a graph that takes them.
    /// - Throws: `badModel` when these do not belong together.
    package init(
        _ config: ParaformerConfig,
        table: TokenTable,
        features: any FeatureRows,
        languages: [Language],
        graph: any Graph,
        hotwords: ParaformerHotwords? = nil
    ) throws(InferenceError) {
        let floats = graph.floatInputs(rank: 3)
        guard let rows = floats.first, rows.shape[2] ?? features.width == features.width, floats.count <= 2,
            graph.inputs.count == floats.count + graph.integerInputs.count, graph.integerInputs.count <= 1,
            let logits = graph.floatOutputs(rank: 3).first
        else { throw graph.misfit("a Paraformer takes rows of \(features.width) values and their number") }
        guard floats.count == (hotwords == nil ? 1 : 2) else {
            throw graph.misfit("the stage \"hotwords\" and an input for them go together")
        }
        text = try ParaformerText(config, table, graph: graph.name)
        let standard = Self.longestSeconds * features.sampleRate
        let fixed = graph.frameSizes?.last ?? rows.shape[1]
        longestUtterance = fixed.map { min(standard, features.samples(inRows: $0)) } ?? standard
        self.graph = graph
        self.features = features
        self.languages = languages
        self.rows = rows
        self.logits = logits
        self.hotwords = hotwords
    }

    package var sampleRate: Int { features.sampleRate }

    package func transcript(
        of audio: AudioChunk,
        _ options: RecognitionOptions
    ) async throws(SpeechError) -> Transcript {
        try checkAudio(audio)
        let model = bias == nil ? try await listening(for: []) : self
        let output = try await speaking { () throws(InferenceError) in try await model.output(of: audio.samples) }
        return text.transcript(output, of: audio, options)
    }

    /// The tokens of an utterance. A model that takes hotwords has to be one that ``listening(for:)`` gave.
    /// - Parameter samples: mono at ``sampleRate``, finite, at most ``longestUtterance``.
    /// - Returns: nothing where the sound is too short for a frame: then the graph does not run.
    /// - Throws: what the graph throws; `runtimeFailed` where it gave no numbers.
    package func output(of samples: [Float]) async throws(InferenceError) -> ParaformerOutput {
        let values = features.rows(of: samples)
        guard !values.isEmpty else { return ParaformerOutput() }
        let count = values.count / features.width
        var inputs = [rows.name: Tensor(shape: [1, count, features.width], values)]
        for spec in graph.integerInputs { inputs[spec.name] = spec.tensor(count) }
        if let bias { inputs[graph.floatInputs(rank: 3)[1].name] = bias }
        guard let outputs = try await tokensFired(inputs) else { return ParaformerOutput() }
        let logits = try outputs.tensor(logits.name)
        let most = logits.shape.count == 3 ? logits.shape[1] : 0
        let tokens = text.untilEnd(
            try LogitRows.likeliest(logits, count: try counted(outputs).map { min($0, most) } ?? most)
        )
        return ParaformerOutput(tokens: tokens, times: try times(outputs, of: tokens.count, rows: count))
    }

    /// What the graph gives; nil where its predictor fired no token.
    ///
    /// The published exports have no way to give no token: the decoder's first convolution fails on an empty axis, or, in
    /// those with a second predictor, the loop before it. These are the runtime's words for it; any other failure is one.
    private func tokensFired(_ inputs: [String: Tensor]) async throws(InferenceError) -> [String: Tensor]? {
        do { return try await graph.run(inputs) } catch {
            let isEmpty = ["Invalid input shape: {0}", "Input shape:{0,"].contains { error.message.contains($0) }
            guard error.code == .runtimeFailed, isEmpty else { throw error }
            return nil
        }
    }

    /// How many tokens the predictor counted; nil where the graph does not say.
    private func counted(_ outputs: [String: Tensor]) throws(InferenceError) -> Int? {
        guard let spec = graph.outputs.first(where: \.isInteger) else { return nil }
        return try outputs.tensor(spec.name).integers().first
    }

    /// When tokens begin, where the graph has a second predictor: output 3 is its sums of weights (`us_cif_peak`).
    private func times(
        _ outputs: [String: Tensor],
        of count: Int,
        rows: Int
    ) throws(InferenceError) -> ParaformerTimes? {
        guard graph.outputs.count > 3, graph.outputs[3].dtype == .f32, count > 0 else { return nil }
        let sums = try outputs.tensor(graph.outputs[3].name)
        return try sums.withScalars(as: Float.self) { ParaformerTimes(sums: $0, rows: rows, of: count, features) }
    }
}
