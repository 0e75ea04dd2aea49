package import Speech

/// Live recognition by a Paraformer that hears chunks.
///
/// The detector finds utterances, and the model hears them from their beginning as they are spoken: one run of the
/// encoder for each 0.6 s of sound, two at most for a pause that may be the end, and none while nobody speaks. No token is taken back, so partial texts are stable as
/// far as they go.
package struct ParaformerRecognizer<Detector: SpeechDetector>: SpeechRecognizer {
    let detector: Detector
    /// What turns sound into text.
    package let model: ParaformerChunks
    let endpointing: Endpointing
    let policy: StreamingPolicy

    /// - Parameters:
    ///   - detector: tells speech from the rest; at the model's sample rate.
    ///   - model: what turns sound into text.
    ///   - endpointing: when sound counts as speech, where the options do not say.
    ///   - policy: of it, `speculation`, the part of the pause after which the end is prepared; `softLimit`, `shortPause`
    ///     and `longPause`, when the model starts afresh within an utterance.
    package init(
        detector: Detector,
        model: ParaformerChunks,
        endpointing: Endpointing = .streaming,
        policy: StreamingPolicy = StreamingPolicy()
    ) {
        precondition(detector.sampleRate == model.sampleRate, "detector and model hear the same sample rate")
        self.detector = detector
        self.model = model
        self.endpointing = endpointing
        self.policy = policy
    }

    package var sampleRate: Int { model.sampleRate }
    package var languages: [Language] { model.languages }

    package func makeSession(_ options: RecognitionOptions) throws(SpeechError) -> ParaformerSession<Detector> {
        try model.check(options)
        return ParaformerSession(self, options)
    }
}
