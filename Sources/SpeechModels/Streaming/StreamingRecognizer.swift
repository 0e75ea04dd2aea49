import Inference
package import Speech

/// Live recognition by any model that takes a bounded utterance.
///
/// The detector finds utterances. While one is spoken, the model decodes what there is of it again and again; what
/// consecutive hypotheses agree on is stable. The final text is decoded in the pause before the end is certain. Work
/// and memory per second of sound are bounded, however long an utterance is: see ``StreamingPolicy``.
package struct StreamingRecognizer<Detector: SpeechDetector, Model: UtteranceRecognizer>: SpeechRecognizer {
    let detector: Detector
    /// What turns an utterance into text.
    package let model: Model
    let endpointing: Endpointing
    let policy: StreamingPolicy

    /// - Parameters:
    ///   - detector: tells speech from the rest; at the model's sample rate.
    ///   - model: what turns an utterance into text.
    ///   - endpointing: when sound counts as speech, where the options do not say.
    ///   - policy: when what is decoded.
    package init(
        detector: Detector,
        model: Model,
        endpointing: Endpointing = .streaming,
        policy: StreamingPolicy = StreamingPolicy()
    ) {
        precondition(detector.sampleRate == model.sampleRate, "detector and model hear the same sample rate")
        self.detector = detector
        self.model = model
        self.endpointing = endpointing
        self.policy = policy
    }

    /// Samples over which hypotheses have to agree.
    var agreement: Int { Int(policy.agreement * Double(model.sampleRate)) }
    package var sampleRate: Int { model.sampleRate }
    package var languages: [Language] { model.languages }

    package func makeSession(_ options: RecognitionOptions) throws(SpeechError) -> StreamingSession<Detector, Model> {
        try model.check(options)
        return StreamingSession(self, options)
    }
}

/// Threads for what a decode computes between the runs of its graphs, such as features.
let decodeThreads = BlockingPool(label: "rkvoice.decode", limit: 8)
