package import Inference
package import Speech
package import SpeechText

/// Paraformer as it hears a stream: chunk by chunk, each token once, none taken back.
///
///     61 frames every 60 → 10 rows [560] · √width + positions → behind 8 rows of the chunk before → encoder
///                         → weights of the rows between → integrate and fire → decoder with caches → tokens
///
/// Reference: sherpa-onnx 2.0.1 (`OnlineRecognizer.from_paraformer`), whose loop this is but for the end.
///
/// At the end of a stream the newest rows have not counted yet. The reference fills the last chunk with frames of zeros
/// if it is told that the stream has ended; on small models of the true interface that left 2 of 27 clips without their
/// last words, because a frame of zeros is a value that no sound has. Silence behind the sound, put through the front end
/// like any other, left none: so that is what ends a stream here (``finish(_:)``).
package struct ParaformerChunks: Sendable {
    package let languages: [Language]
    let features: any FeatureRows
    let text: ParaformerText
    private let encoder: ParaformerEncoder
    private let decoder: ParaformerDecoder
    private let positions: SinusoidalPositions
    private let chunk: ChunkPlan

    /// Silence behind the last sound, in seconds. Of 27 clips as many had all their words with 0.3, 0.5 and 0.7 s as 10,
    /// 22 and 27; a published model may be heard with less, never with more loss.
    static let silence = 0.7

    /// - Parameters:
    ///   - config: numbers of tokens, sizes, and how chunks overlap.
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
        guard config.chunk.isSound else {
            throw InferenceError(
                .badModel,
                "chunks of \(config.chunk) do not count every row once",
                graph: encoder.name
            )
        }
        self.encoder = try ParaformerEncoder(encoder, rowWidth: features.width, config)
        self.decoder = try ParaformerDecoder(decoder, width: self.encoder.width, config)
        if let rows = self.encoder.longest, rows < config.chunk.count {
            throw InferenceError(.badModel, "\(rows) rows where a chunk has \(config.chunk.count)", graph: encoder.name)
        }
        guard self.decoder.goesOn else {
            throw InferenceError(
                .badModel,
                "a decoder of a fixed number of tokens needs the input \"cache_window\" to go on from chunk to chunk",
                graph: decoder.name
            )
        }
        text = try ParaformerText(config, table, graph: decoder.name)
        positions = SinusoidalPositions(width: features.width)
        chunk = config.chunk
        self.features = features
        self.languages = languages
    }

    /// Samples per second (Hz).
    package var sampleRate: Int { features.sampleRate }
    /// Mel frames from one chunk to the next.
    var step: Int { chunk.fresh * features.join.shift }
    /// Mel frames of a chunk.
    private var window: Int { step + features.join.frames - features.join.shift }

    /// A stream that has heard nothing.
    package func start() -> ParaformerStream {
        ParaformerStream(
            text: TokenText(text.style),
            rows: features.stream(),
            kept: [Float](repeating: 0, count: chunk.kept * features.width),
            fire: IntegrateAndFire(width: encoder.width),
            caches: decoder.start
        )
    }

    /// Hears more sound; nothing is decoded.
    package func accept(_ samples: ArraySlice<Float>, _ stream: inout ParaformerStream) {
        stream.rows.accept(samples)
        stream.samples += samples.count
    }

    /// Whether a chunk can be decoded. The reference waits for one frame more than it needs; so chunks are the same.
    package func isReady(_ stream: ParaformerStream) -> Bool {
        stream.chunks * step + window < stream.rows.frameCount
    }

    /// Decodes every chunk that is there.
    /// - Throws: what the graphs throw; `runtimeFailed` where they gave no numbers.
    package func decode(_ stream: inout ParaformerStream) async throws(InferenceError) {
        while isReady(stream) { try await decodeChunk(&stream) }
    }

    /// The end of the stream: everything that was heard becomes text. Nothing may be heard after it.
    ///
    /// Silence follows until every row that holds sound has counted, and at least ``silence`` of it: 2 chunks at most.
    /// - Throws: as ``decode(_:)``.
    package func finish(_ stream: inout ParaformerStream) async throws(InferenceError) {
        guard stream.samples >= features.frame.length else { return }
        accept([Float](repeating: 0, count: silentSamples(after: stream))[...], &stream)
        try await decode(&stream)
        stream.text.finish()
    }

    private func silentSamples(after stream: ParaformerStream) -> Int {
        // Frames that begin in the sound but are not complete hold its last samples.
        let heard = stream.rows.frameCount + (features.frame.length - 1) / features.frame.shift
        let lastRow = heard / features.join.shift
        // Chunk k counts rows up to (k + 1) · fresh - right - 1, and waits for one frame more than it has.
        let chunks = (lastRow + chunk.right) / chunk.fresh + 1
        let frames = (chunks - 1) * step + window + 1
        return max((frames - stream.rows.frameCount) * features.frame.shift, Int(Self.silence * Double(sampleRate)))
    }

    private func decodeChunk(_ stream: inout ParaformerStream) async throws(InferenceError) {
        let first = stream.chunks * chunk.fresh
        var rows = stream.rows.rows(first..<first + chunk.fresh)
        let scale = Float(encoder.width).squareRoot()
        for index in rows.indices { rows[index] *= scale }
        positions.add(to: &rows, first: first + 1)
        rows = stream.kept + rows
        let heard = try await encoder.run(rows, rowWidth: features.width)
        stream.chunks += 1
        stream.kept = Array(rows.suffix(chunk.kept * features.width))
        stream.rows.forget(before: first + chunk.fresh)
        let live = chunk.live
        let fired = try heard.rows.withScalars(as: Float.self) { values in
            stream.fire.accept(values, weights: heard.weights, live: live)
        }
        try await emit(fired, heard, &stream)
    }

    private func emit(
        _ fired: [Float],
        _ heard: ParaformerEncoder.Output,
        _ stream: inout ParaformerStream
    ) async throws(InferenceError) {
        let tokens = text.withoutBlanks(try await decoder.tokens(of: fired, in: heard, &stream.caches))
        for token in tokens { text.append(token, to: &stream.text) }
        stream.tokens += tokens
    }
}
