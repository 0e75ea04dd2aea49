package import Inference
package import Speech
package import SpeechText

/// Paraformer in parts, for whole utterances: an encoder of fixed lengths, integrate-and-fire here, a decoder with
/// caches.
///
///     rows [T, 560] → encoder (an NPU's buckets, maybe in two links) → rows [T, 512], weights [T]
///                   → integrate and fire → embeddings [U, 512] → decoder, 40 at a time → tokens → text
///
/// What the encoder takes at once is the longest utterance; a decoder that takes 40 embeddings runs as often as needed,
/// its caches carried on.
package struct ParaformerWindows: UtteranceRecognizer {
    package let languages: [Language]
    package let longestUtterance: Int
    private let encoder: ParaformerEncoder
    private let decoder: ParaformerDecoder
    private let features: any FeatureRows
    private let text: ParaformerText
    private let positions: SinusoidalPositions?
    private let tail: Float

    /// Weight behind the last row in training (`tail_threshold` of `CifPredictorV2`).
    private static let trainedTail: Float = 0.45
    /// Seconds given to graphs of any length at once.
    private static let longestSeconds = 30

    /// - Parameters:
    ///   - config: numbers of tokens, and the tail.
    ///   - table: pieces of the tokens.
    ///   - features: the front end.
    ///   - languages: what the bundle says it understands.
    ///   - encoder: its graph, with weights among its outputs.
    ///   - decoder: its graph, with caches.
    /// - Throws: `badModel` when these do not belong together.
    package init(
        _ config: ParaformerConfig,
        table: TokenTable,
        features: any FeatureRows,
        languages: [Language],
        encoder: any Graph,
        decoder: any Graph
    ) throws(InferenceError) {
        self.encoder = try ParaformerEncoder(encoder, rowWidth: features.width, config)
        self.decoder = try ParaformerDecoder(decoder, width: self.encoder.width, config)
        text = try ParaformerText(config, table, graph: decoder.name)
        if let most = self.decoder.longest, let rows = self.encoder.longest, rows > most {
            throw InferenceError(
                .badModel,
                "the encoder gives up to \(rows) rows, the decoder takes \(most)",
                graph: decoder.name
            )
        }
        let standard = Self.longestSeconds * features.sampleRate
        let rows = [self.encoder.longest, self.decoder.longest].compactMap { $0 }.min()
        longestUtterance = rows.map { min(standard, features.samples(inRows: $0)) } ?? standard
        positions = config.addsPositions == true ? SinusoidalPositions(width: features.width) : nil
        tail = config.tail ?? Self.trainedTail
        self.features = features
        self.languages = languages
    }

    package var sampleRate: Int { features.sampleRate }

    package func transcript(
        of audio: AudioChunk,
        _ options: RecognitionOptions
    ) async throws(SpeechError) -> Transcript {
        try checkAudio(audio)
        let tokens = try await speaking { () throws(InferenceError) in try await self.tokens(of: audio.samples) }
        return text.transcript(ParaformerOutput(tokens: tokens), of: audio, options)
    }

    /// The tokens of an utterance.
    /// - Parameter samples: mono at ``sampleRate``, finite, at most ``longestUtterance``.
    /// - Returns: nothing where the sound is too short for a frame, or no token fires: then no decoder runs.
    /// - Throws: what the graphs throw; `runtimeFailed` where they gave no numbers.
    package func tokens(of samples: [Float]) async throws(InferenceError) -> [Int] {
        var rows = features.rows(of: samples)
        guard !rows.isEmpty else { return [] }
        if let positions {
            let scale = Float(encoder.width).squareRoot()
            for index in rows.indices { rows[index] *= scale }
            positions.add(to: &rows, first: 1)
        }
        let heard = try await encoder.run(rows, rowWidth: features.width)
        let count = rows.count / features.width
        var fire = IntegrateAndFire(width: encoder.width)
        var fired = try heard.rows.withScalars(as: Float.self) { values in
            fire.accept(values, weights: heard.weights, live: 0..<count)
        }
        // A graph that adds the tail itself has one weight more.
        fired += fire.finish(tail: heard.weights.count > count ? heard.weights[count] : tail)
        var caches = decoder.start
        return text.withoutBlanks(text.untilEnd(try await decoder.tokens(of: fired, in: heard, &caches)))
    }
}
