/// How to listen.
public struct RecognitionOptions: Sendable, Hashable {
    /// Language spoken; nil lets the model detect it.
    public var language: Language?
    /// When sound counts as speech; nil takes the recognizer's own values.
    public var endpointing: Endpointing?
    /// Whether a pause ends an utterance. If not, only ``RecognizerInput/endOfUtterance`` does.
    public var detectsEndpoints: Bool
    /// Whether text is given before its utterance has ended.
    public var partials: Bool

    /// - Parameters:
    ///   - language: language spoken; nil lets the model detect it.
    ///   - endpointing: when sound counts as speech; nil takes the recognizer's own values.
    ///   - detectsEndpoints: whether a pause ends an utterance.
    ///   - partials: whether text is given before its utterance has ended.
    public init(
        language: Language? = nil,
        endpointing: Endpointing? = nil,
        detectsEndpoints: Bool = true,
        partials: Bool = true
    ) {
        self.language = language
        self.endpointing = endpointing
        self.detectsEndpoints = detectsEndpoints
        self.partials = partials
    }
}
