import Foundation
package import Inference
package import Speech
import SpeechSignal
import SpeechText

/// Whisper: log-mel → encoder → decoder, up to 30 s at a time.
///
///     samples → log-mel [1, 80, 3000] → encoder → cross K/V per layer → decoder, token by token → text
///
/// Reference: OpenAI's Whisper as CTranslate2 runs it (greedy, without timestamps); token sequences are equal in
/// float32 on the clips of the parity set.
package struct WhisperModel: UtteranceRecognizer {
    package let languages: [Language]
    package let sampleRate: Int
    package let longestUtterance: Int
    let config: WhisperConfig
    let decoder: WhisperDecoder
    /// Whether the graphs take a window with thinned silence.
    let thins: Bool
    private let encoder: any Graph
    private let mel: WhisperMel
    let tokens: WhisperTokens

    /// - Throws: `badModel` when the graphs do not fit the bundle's description.
    package init(
        _ bundle: ModelBundle,
        encoder: any Graph,
        decoder: any Graph
    ) throws(InferenceError) {
        let config = try bundle.config(WhisperConfig.self)
        let (h, d) = (config.heads, config.headSize)
        try encoder.require(
            inputs: [TensorSpec("mel", .f32, [1, config.mels, nil])],
            outputs: (0..<config.layers).flatMap { layer in
                [
                    TensorSpec("cross_k_\(layer)", .f32, [1, h, d, nil]),
                    TensorSpec("cross_v_\(layer)", .f32, [1, h, nil, d]),
                ]
            }
        )
        self.config = config
        self.encoder = encoder
        self.decoder = try WhisperDecoder(config, decoder)
        let wanted = [TensorSpec("positions", .i64, [nil]), TensorSpec("bias", .f32, [nil])]
        let takes = wanted.allSatisfy { spec in encoder.optionalInputs.contains { $0.fits(spec) } }
        thins = takes && self.decoder.takesBias
        tokens = try Self.tokens(bundle.directory + "/" + config.tokens)
        mel = WhisperMel(bins: config.mels)
        sampleRate = bundle.sampleRate
        // Two mel frames of 160 samples make one position of the encoder.
        longestUtterance = config.audioContext * 320
        let codes = config.multilingual ? config.languageTokens.keys.sorted() : ["en"]
        languages = codes.compactMap { Language($0) }
    }

    private static func tokens(_ path: String) throws(InferenceError) -> WhisperTokens {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw InferenceError(.missingFile, "the file is missing; run `rkvoice models verify`", graph: path)
        }
        do { return try WhisperTokens(bytes: [UInt8](data)) } catch {
            throw InferenceError(.badModel, "\(error)", graph: path)
        }
    }

    package var translates: Bool { config.translate != nil }
    package var takesPrompt: Bool { config.startOfPrevious != nil }

    /// No silence is put before sound that starts at once. It would bring back the capital of a first word that int8
    /// weights sometimes lose, and cost accuracy: 8.3 % of the words of the test set instead of 7.0 %.
    package func transcript(
        of audio: AudioChunk,
        _ options: RecognitionOptions
    ) async throws(SpeechError) -> Transcript {
        guard audio.channels == 1, audio.sampleRate == sampleRate, audio.frames <= longestUtterance else {
            throw SpeechError(
                .invalidAudio,
                "at most \(longestUtterance / sampleRate) s of mono audio at \(sampleRate) Hz"
            )
        }
        guard options.timing < .words || decoder.aligns else {
            throw SpeechError(
                .unsupported,
                "this copy of the model has no word times; remove it (`rkvoice models remove`) and pull it again"
            )
        }
        let passages = try await speaking { () throws(InferenceError) in
            try await self.passages(of: audio.samples[...], request(options), options.timing)
        }
        return transcript(of: passages, audio, options)
    }

    private func transcript(of all: [Passage], _ audio: AudioChunk, _ options: RecognitionOptions) -> Transcript {
        let language = all.lazy.compactMap(\.language).first ?? options.language
        let start = Double(audio.position) / Double(sampleRate)
        let passages = all.filter { !$0.text.isEmpty }
        guard !passages.isEmpty else { return Transcript(text: "", language: language) }
        let text = Spacing.join(passages.map(\.text))
        guard options.timing == .utterances else {
            let segments = passages.map { $0.segment(from: start, language) }
            return Transcript(text: text, language: language, segments: segments)
        }
        let segment = Transcript.Segment(
            start: start,
            end: start + audio.seconds,
            text: text,
            confidence: Passage.confidence(of: passages),
            language: language
        )
        return Transcript(text: text, language: language, segments: [segment])
    }

    /// What is wanted of a window, by what is wanted of a stream.
    private func request(_ options: RecognitionOptions) -> WhisperRequest {
        var request = WhisperRequest(language: options.language, withTimes: options.timing > .utterances)
        request.translates = options.translates && translates
        request.fullContext = options.fullContext
        if let prompt = options.prompt {
            request.previous = promptTokens(prompt)
        }
        return request
    }

    /// The tokens of a text that is taken as said before.
    package func promptTokens(_ text: String) -> [Int] {
        // The reference puts one space before it, as before any text.
        tokens.ids(of: " " + text.trimmingCharacters(in: .whitespacesAndNewlines))
    }

    /// The token of the time 0 s.
    package var timestampBegin: Int { config.timestampBegin }

    /// Thins silence where the graphs take that. Else pads to 10 or 15 s instead of 30, which takes a quarter or two
    /// fifths of the time; shorter windows make the model repeat itself. On the partial texts of 39 clips 1 of 94
    /// stable words is revised with thinned silence and 3 of 97 in the shorter windows. One that loops is no
    /// hypothesis.
    package func draft(
        of audio: AudioChunk,
        _ options: RecognitionOptions
    ) async throws(SpeechError) -> Transcript {
        guard audio.channels == 1, audio.sampleRate == sampleRate, let window = draftWindow(of: audio, options) else {
            return try await transcript(of: audio, options)
        }
        return try await speaking { () throws(InferenceError) in
            var draft = request(options)
            (draft.withTimes, draft.checksSpeech) = (false, false)
            draft.longest = mostTokens(in: audio.frames)
            let decoded = try await decoder.decode(decoder.open(encode(window), draft), draft)
            guard decoded.isComplete else { return Transcript(text: "", language: decoded.language) }
            return Transcript(
                text: trimmed(decoded.tokens),
                language: decoded.language,
                stableCharacters: sureCharacters(decoded)
            )
        }
    }

    /// The window of a draft; nil where it needs all of the model's.
    private func draftWindow(of audio: AudioChunk, _ options: RecognitionOptions) -> WhisperWindow? {
        if !options.fullContext, let thinned = thinned(audio.samples) { return thinned }
        return draftSamples(for: audio.seconds).map { count in
            WhisperWindow(mel.logMel(of: audio.samples, paddedTo: count), bins: config.mels)
        }
    }

    /// Samples that a draft of so many seconds is padded to.
    private func draftSamples(for seconds: Double) -> Int? {
        guard let wanted = [10, 15].first(where: { seconds <= Double($0) - Self.margin }) else { return nil }
        let samples = min(longestUtterance, wanted * sampleRate)
        // An encoder of fixed shapes takes its own lengths only, and silence is what it has to be padded with.
        guard let sizes = encoder.frameSizes else { return samples }
        return sizes.map { $0 * WhisperMel.hop }.first { $0 >= samples && $0 <= longestUtterance }
    }

    /// Characters before the first word that might as well have been another one.
    private func sureCharacters(_ decoded: WhisperDecoder.Output) -> Int {
        func word(_ token: Int) -> String { trimmed([token]).lowercased() }
        let doubtful = decoded.choices.firstIndex { choice in
            choice.margin < Self.doubt && word(choice.token).contains(where: \.isLetter)
                && word(choice.token) != word(choice.runnerUp)
        }
        return trimmed(Array(decoded.tokens[..<(doubtful ?? decoded.tokens.count)])).count
    }

    /// A token is doubtful if it is less than so many times (as a logarithm) as likely as the next best one.
    private static let doubt: Float = 1

    /// Seconds of silence that a window needs after the sound, or the model repeats itself.
    private static let margin = 1.0

    /// Encodes and decodes one window.
    package func decode(
        _ samples: ArraySlice<Float>,
        _ wanted: Language? = nil
    ) async throws(InferenceError) -> WhisperDecoder.Output {
        try await decode(logMel: features(of: Array(samples)), wanted)
    }

    /// Log-mel `[bins, frames]`, row-major, of samples padded to the model's window.
    package func features(of samples: [Float]) -> [Float] { mel.logMel(of: samples, paddedTo: longestUtterance) }

    /// Encodes and decodes features: one attempt, without a check.
    /// - Parameters:
    ///   - features: log-mel `[bins, frames]`, row-major.
    ///   - wanted: language spoken; nil detects it.
    /// - Returns: the tokens of the text.
    /// - Throws: `runtimeFailed`, `cancelled`.
    package func decode(
        logMel features: [Float],
        _ wanted: Language? = nil
    ) async throws(InferenceError) -> WhisperDecoder.Output {
        var request = WhisperRequest(language: wanted)
        request.checksSpeech = false
        return try await decoder.decode(decoder.open(encode(features), request), request)
    }

    /// Runs the graphs over a known outcome and searches for nothing: what the bare graphs cost.
    /// - Parameters:
    ///   - window: from ``window(of:)``.
    ///   - tokens: text tokens that the decoder is fed one by one.
    ///   - language: language of the prompt.
    /// - Throws: `runtimeFailed`, `cancelled`.
    package func replay(_ window: WhisperWindow, tokens: [Int], language: Language?) async throws(InferenceError) {
        try await decoder.replay(encode(window), tokens: tokens, language: language)
    }

    /// The window of some sound as the graphs are first given it: with thinned silence where they take that.
    /// - Parameter samples: at most ``longestUtterance``.
    /// - Returns: what ``replay(_:tokens:language:)`` takes.
    package func window(of samples: [Float]) -> WhisperWindow { thinned(samples) ?? whole(samples) }

    /// Nil where the graphs take no thinned silence, or where there is next to none.
    func thinned(_ samples: [Float]) -> WhisperWindow? {
        let frames = samples.count / WhisperMel.hop + 1
        guard thins, let context = AudioContext(frames: frames, of: config.audioContext) else { return nil }
        let features = mel.logMel(of: samples, paddedTo: context.frames * WhisperMel.hop)
        return WhisperWindow(features, bins: config.mels, context: context)
    }

    func whole(_ samples: [Float]) -> WhisperWindow { WhisperWindow(features(of: samples), bins: config.mels) }

    /// - Returns: what the decoder takes.
    func encode(_ window: WhisperWindow) async throws(InferenceError) -> [String: Tensor] {
        var cross = try await encoder.run(window.inputs)
        cross["bias"] = window.inputs["bias"]
        return cross
    }

    private func encode(_ features: [Float]) async throws(InferenceError) -> [String: Tensor] {
        try await encode(WhisperWindow(features, bins: config.mels))
    }

    func trimmed(_ ids: [Int]) -> String {
        var text = Substring(tokens.text(of: ids))
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
