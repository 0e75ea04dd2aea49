package import Inference
package import Speech
package import SpeechText

/// A Piper voice (VITS): phonemes → encoder → latent frames → decoder, window by window.
///
///     text → phoneme ids [1, P] → encoder → z [1, 192, T] → decoder (windows of z) → samples
///
/// Reference: Piper's graph, cut at the decoder's first convolution, or before the flow as rkvoice-stream cuts it.
/// Windowed and whole decode differ by less than 1e-5.
package struct PiperModel: SpeechSynthesizer {
    package let sampleRate: Int
    package let voices: [Voice]
    let config: PiperConfig
    let name: String
    let encoder: PiperEncoder
    let decoder: PiperDecoder
    let phonemizer: any Phonemizer
    let phonemes: PiperPhonemes
    /// Writes numbers and the like out; nil where that is not known for the language.
    private let spokenForm: SpokenForm?

    /// - Throws: `badModel` when the graphs are not a Piper voice's.
    package init(
        _ bundle: ModelBundle,
        encoder: any Graph,
        decoder: any Graph,
        phonemizer: any Phonemizer
    ) throws(InferenceError) {
        let config = try bundle.config(PiperConfig.self)
        self.encoder = try PiperEncoder(encoder, config)
        self.decoder = try PiperDecoder(decoder, config)
        self.config = config
        self.phonemizer = phonemizer
        do { phonemes = try PiperPhonemes(map: config.phonemeIDs) } catch {
            throw InferenceError(.badModel, error.message, graph: bundle.directory)
        }
        name = bundle.name
        sampleRate = bundle.sampleRate
        let languages = bundle.languages.compactMap { Language($0) }
        spokenForm = SpokenForm(language: config.espeakVoice)
        let names = try PiperSpeakers.names(config, of: bundle)
        voices = names.map { Voice(name: $0, languages: languages) }
    }

    package func speech(for utterance: Utterance) -> PiperSpeech { PiperSpeech(model: self, utterance: utterance) }

    /// A text with numbers, dates and the like as they are said in the voice's language.
    package func spokenText(of text: String) -> String { spokenForm?.text(of: text) ?? text }

    /// Phoneme ids of each sentence in a text, as the graph takes them: a sentence that it does not take at once comes in
    /// parts. Numbers are read as espeak-ng reads them; phonemes in `[[…]]` as they are.
    /// - Throws: ``PhonemeError``.
    package func sentences(of text: String) async throws(PhonemeError) -> [[Int64]] {
        try check(phonemesIn: text)
        let clauses = try await phonemizer.spokenClauses(of: text, voice: config.espeakVoice)
        let whole = phonemes.sentences(of: clauses).ids
        guard let limit = encoder.limit else { return whole }
        let parts = PiperParts(map: config.phonemeIDs)
        return whole.flatMap { parts.parts(of: $0, atMost: limit) }
    }

    /// Noise, length and duration noise at the voice's own pace, as the graph takes them.
    package var scales: [Float] { [config.noiseScale, config.lengthScale, config.noiseW] }

    /// How an utterance is spoken.
    func manner(of utterance: Utterance) -> PiperEncoder.Manner {
        var manner = PiperEncoder.Manner(scales: scales)
        manner.scales[1] /= utterance.speed
        manner.speaker = utterance.voice.flatMap { PiperSpeakers.number($0, in: config) } ?? 0
        return manner
    }

    /// Latent frames without any noise, the same in every run.
    package func quietLatents(_ ids: [Int64]) async throws(InferenceError) -> Tensor {
        var silence: GaussianNoise?
        return try await encoder.latents(ids, PiperEncoder.Manner(scales: [0, 1, 0]), &silence).z
    }

    /// Which windows a sentence is decoded in.
    /// - Parameters:
    ///   - frames: latent frames of the sentence.
    ///   - latency: how early the first sound must come.
    /// - Returns: the windows, full ones where the decoder's shape is fixed.
    package func plan(frames: Int, _ latency: Latency) -> WindowPlan { decoder.plan(frames: frames, latency) }

    /// Sound of the kept frames of one window, in [-1, 1].
    package func decode(
        _ z: Tensor,
        _ window: WindowPlan.Window,
        speaker: Int = 0
    ) async throws(InferenceError) -> [Float] {
        try await decoder.decode(z, window, speaker: speaker)
    }

    /// The first clause of a sentence and the rest, where the first sound gains by it.
    func opening(of ids: [Int64]) -> (head: [Int64], rest: [Int64])? {
        // A graph of fixed length takes as long for a clause as for the sentence.
        encoder.isFlexible ? PiperParts(map: config.phonemeIDs).opening(of: ids) : nil
    }

    private func check(phonemesIn text: String) throws(PhonemeError) {
        for case .phonemes(let written) in PhonemeBlocks.segments(of: text) {
            let unknown = phonemes.unknown(in: written)
            if unknown.isEmpty { continue }
            let list = unknown.prefix(8).map { "\"\(Character($0))\"" }.joined(separator: ", ")
            throw PhonemeError(
                .unknownPhonemes,
                "\(name) has no phoneme \(list) of [[\(written.prefix(60))]]: phonemes are IPA, such as [[həlˈoʊ]]."
            )
        }
    }
}
