package import Inference
package import Speech
package import SpeechText

/// SenseVoice: features → encoder → CTC, one run for a whole utterance.
///
///     samples → rows [T, 560] → 4 queries in front → encoder → logits [T + 4, V] → likeliest tokens → text
///
/// Asked for a language and for numbers as one writes them, it says which language it was, the speaker's mood, and what
/// else is to be heard. Reference: sherpa-onnx 2.0.1 (`OfflineRecognizer.from_sense_voice`).
package struct SenseVoiceModel: UtteranceRecognizer {
    package let languages: [Language]
    package let longestUtterance: Int
    package let config: SenseVoiceConfig
    private let encoder: SenseVoiceEncoder
    private let features: any FeatureRows
    private let table: TokenTable
    private let search: CTCGreedy

    /// Seconds that a graph of any length is given at once: attention costs the square of it, and the models were
    /// trained on utterances of up to 30 s.
    private static let longestSeconds = 30

    /// - Parameters:
    ///   - config: numbers of queries and tokens.
    ///   - table: pieces of the tokens.
    ///   - features: the front end.
    ///   - graph: the encoder.
    ///   - queries: rows of the queries, where the graph does not hold them.
    /// - Throws: `badModel` when these do not belong together.
    package init(
        _ config: SenseVoiceConfig,
        table: TokenTable,
        features: any FeatureRows,
        encoder graph: any Graph,
        queries: QueryRows? = nil
    ) throws(InferenceError) {
        let vocabulary = config.vocabularySize ?? table.count
        guard table.count >= vocabulary, (0..<vocabulary).contains(config.blank) else {
            throw InferenceError(
                .badModel,
                "\(table.count) tokens, with the blank \(config.blank), for logits of \(vocabulary)",
                graph: graph.name
            )
        }
        encoder = try SenseVoiceEncoder(graph, width: features.width, queries: queries)
        let standard = Self.longestSeconds * features.sampleRate
        longestUtterance = encoder.longest.map { min(standard, features.samples(inRows: $0)) } ?? standard
        languages = config.languageQueries.keys.sorted().compactMap { Language($0) }
        search = CTCGreedy(vocabulary: vocabulary, blank: config.blank)
        self.config = config
        self.table = table
        self.features = features
    }

    package var sampleRate: Int { features.sampleRate }

    package func transcript(
        of audio: AudioChunk,
        _ options: RecognitionOptions
    ) async throws(SpeechError) -> Transcript {
        try checkAudio(audio)
        let output = try await speaking { () throws(InferenceError) in
            try await self.output(of: audio.samples, options.language)
        }
        return transcript(output, of: audio)
    }

    package func draft(
        of audio: AudioChunk,
        _ options: RecognitionOptions
    ) async throws(SpeechError) -> Transcript {
        try checkAudio(audio)
        let output = try await speaking { () throws(InferenceError) in
            try await self.output(of: audio.samples, options.language)
        }
        var transcript = transcript(output, of: audio)
        let sure = output.tokens.prefix { $0.margin >= Self.doubt }.count
        transcript.stableCharacters = TokenText.joined(output.pieces.prefix(sure), table.style).count
        return transcript
    }

    /// A token is doubtful if it is less than so many times (as a logarithm) as likely as the next best one; as for
    /// Whisper.
    private static let doubt: Float = 1

    /// What the model makes of an utterance.
    /// - Parameters:
    ///   - samples: mono at ``sampleRate``, finite, at most ``longestUtterance``.
    ///   - language: language spoken; nil, or one without a query, lets the model detect it.
    ///   - writesNumbers: whether numbers and punctuation come as one writes them; nil as the bundle says.
    /// - Returns: tokens and tags; nothing where the sound is too short for a frame: then no graph runs.
    /// - Throws: what the graph throws; `runtimeFailed` where it gave no numbers.
    package func output(
        of samples: [Float],
        _ language: Language? = nil,
        writesNumbers: Bool? = nil
    ) async throws(InferenceError) -> SenseVoiceOutput {
        let rows = features.rows(of: samples)
        guard !rows.isEmpty else { return SenseVoiceOutput([], table) }
        let logits = try await encoder.run(
            rows,
            width: features.width,
            language: language.flatMap { config.languageQueries[$0.code] } ?? config.languageQueries["auto"] ?? 0,
            writing: writesNumbers ?? config.writesNumbers ? config.withITN : config.withoutITN
        )
        return SenseVoiceOutput(try search.emissions(logits), table)
    }

    private func transcript(_ output: SenseVoiceOutput, of audio: AudioChunk) -> Transcript {
        var text = TokenText(table.style)
        for piece in output.pieces { text.append(piece) }
        text.finish()
        guard !text.text.isEmpty else { return Transcript(text: "", language: output.language) }
        let start = Double(audio.position) / Double(sampleRate)
        var segment = Transcript.Segment(
            start: start,
            end: start + audio.seconds,
            text: text.text,
            language: output.language,
            words: text.words.map { word in
                // Token times count from the first row of sound; the rows of the queries come before it.
                let first = output.tokens[word.tokens.lowerBound].frames.lowerBound - SenseVoiceEncoder.queryRows
                let last = output.tokens[word.tokens.upperBound].frames.upperBound - SenseVoiceEncoder.queryRows
                return Transcript.Word(
                    text: word.text,
                    start: start + seconds(first, in: audio),
                    end: start + seconds(last, in: audio)
                )
            }
        )
        (segment.emotion, segment.event) = (output.emotion, output.event)
        return Transcript(text: text.text, language: output.language, segments: [segment])
    }

    /// When a row begins, inside the sound.
    private func seconds(_ row: Int, in audio: AudioChunk) -> Double {
        min(audio.seconds, features.seconds(ofRow: Double(row)))
    }
}
