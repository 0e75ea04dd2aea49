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
    /// Whether the text is an English translation of what is said; needs a model that translates.
    public var translates = false
    /// Text that is taken as said before: names and terms as one spells them, a style of writing. Only its end counts
    /// where it is long; needs a model that takes a prompt.
    public var prompt: String?
    /// Whether a model with a window of fixed length looks at all of the silence that fills it. That takes longer;
    /// it is there to compare with.
    public var fullContext = false
    /// Utterances of a long recording that are decoded side by side, at least 1; the texts are the same, in order.
    public var parallel = 1
    /// How finely the text is timed.
    public var timing = Timing.utterances

    /// How finely a text is timed, where the model can.
    public enum Timing: Int, Sendable, Hashable, Comparable, CaseIterable {
        /// One segment for all that was heard at a time.
        case utterances
        /// A segment for each sentence or so, timed by the model.
        case segments
        /// Each word too.
        case words

        public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

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
