/// The text of an utterance or a file, with what the model knows about it.
public struct Transcript: Sendable, Hashable, Codable {
    /// The whole text.
    public var text: String
    /// Language spoken, where the model knows it.
    public var language: Language?
    /// Stretches of the text in order of time.
    public var segments: [Segment]
    /// Characters at the start of `text` that later partials will not change; all of a final text.
    public var stableCharacters: Int
    /// What the text cost; only finals of streams have it.
    public var metrics: RecognitionMetrics?

    /// - Parameters:
    ///   - text: the whole text.
    ///   - language: language spoken, where known.
    ///   - segments: stretches of the text in order of time.
    ///   - stableCharacters: characters that will not change; nil means all of them.
    public init(text: String, language: Language? = nil, segments: [Segment] = [], stableCharacters: Int? = nil) {
        self.text = text
        self.language = language
        self.segments = segments
        self.stableCharacters = stableCharacters ?? text.count
    }

    /// A stretch of text and when it was said.
    public struct Segment: Sendable, Hashable, Codable {
        /// Seconds from the start of the stream.
        public var start: Double
        /// Seconds from the start of the stream.
        public var end: Double
        /// The text of this stretch.
        public var text: String
        /// Mean probability of the tokens in [0, 1], where the model gives it.
        public var confidence: Double?
        /// Language spoken, where the model knows it.
        public var language: Language?
        /// Words with their times, where the model gives them; as they were said.
        public var words: [Word]
        /// The speaker's mood in lower case, such as `happy` or `neutral`, where the model hears one.
        public var emotion: String?
        /// What is to be heard in lower case, such as `speech`, `bgm` or `laughter`, where the model says it.
        public var event: String?
        /// How the model came to it, where it times segments and tells.
        public var decoding: Decoding?

        /// - Parameters:
        ///   - start: seconds from the start of the stream.
        ///   - end: seconds from the start of the stream.
        ///   - text: the text of this stretch.
        ///   - confidence: mean probability of the tokens, where known.
        ///   - language: language spoken, where known.
        ///   - words: words with their times, where known.
        public init(
            start: Double,
            end: Double,
            text: String,
            confidence: Double? = nil,
            language: Language? = nil,
            words: [Word] = []
        ) {
            self.start = start
            self.end = end
            self.text = text
            self.confidence = confidence
            self.language = language
            self.words = words
        }
    }

    /// A word, or a token where a language has no spaces.
    public struct Word: Sendable, Hashable, Codable {
        /// The word as it stands in the text.
        public var text: String
        /// Seconds from the start of the stream.
        public var start: Double
        /// Seconds from the start of the stream.
        public var end: Double
        /// Probability in [0, 1], where the model gives it.
        public var confidence: Double?

        /// - Parameters:
        ///   - text: the word as it stands in the text.
        ///   - start: seconds from the start of the stream.
        ///   - end: seconds from the start of the stream.
        ///   - confidence: probability in [0, 1], where known.
        public init(text: String, start: Double, end: Double, confidence: Double? = nil) {
            self.text = text
            self.start = start
            self.end = end
            self.confidence = confidence
        }
    }
}
