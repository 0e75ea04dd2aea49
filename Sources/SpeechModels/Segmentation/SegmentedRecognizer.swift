package import Speech

/// Makes a recognizer for streams of any length from one that takes a bounded utterance.
///
/// The detector finds speech; stretches of it are packed into windows as long as the model takes, because a model
/// like Whisper pays for a whole window however little is in it. A window never ends inside a word if there is any
/// pause to end it at. Memory is bounded by the windows that are decoded side by side, and those that wait for them.
package struct SegmentedRecognizer<Detector: SpeechDetector, Model: UtteranceRecognizer>: SpeechRecognizer {
    let detector: Detector
    let model: Model
    let endpointing: Endpointing
    /// A pause this long closes a window although more would fit, in seconds.
    let longestPause: Double

    /// - Parameters:
    ///   - detector: tells speech from the rest; at the model's sample rate.
    ///   - model: what turns a window into text.
    ///   - endpointing: when sound counts as speech.
    ///   - longestPause: seconds of silence that close a window.
    package init(
        detector: Detector,
        model: Model,
        endpointing: Endpointing = Endpointing(),
        longestPause: Double = 2
    ) {
        precondition(detector.sampleRate == model.sampleRate, "detector and model hear the same sample rate")
        self.detector = detector
        self.model = model
        self.endpointing = endpointing
        self.longestPause = longestPause
    }

    package var sampleRate: Int { model.sampleRate }
    package var languages: [Language] { model.languages }

    package func makeSession(_ options: RecognitionOptions) throws(SpeechError) -> SegmentedSession<Detector, Model> {
        try model.check(options)
        return SegmentedSession(self, options)
    }
}

extension UtteranceRecognizer {
    /// Refuses options that cannot be met.
    func check(_ options: RecognitionOptions) throws(SpeechError) {
        try options.endpointing?.validate()
        guard translates || !options.translates else {
            throw SpeechError(
                .unsupported,
                "this model does not translate; a multilingual Whisper such as whisper-base does"
            )
        }
        guard takesPrompt || options.prompt == nil else {
            throw SpeechError(.unsupported, "this model takes no prompt; Whisper does")
        }
        guard let language = options.language, !languages.contains(language) else { return }
        throw SpeechError(
            .unsupported,
            "this model does not know \(language.name); it knows "
                + languages.prefix(8).map(\.name).joined(separator: ", ") + (languages.count > 8 ? ", …" : "")
        )
    }
}
