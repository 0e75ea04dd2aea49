extension Transcript {
    /// Figures of the decode that gave a stretch of text, as Whisper's reference counts them.
    public struct Decoding: Sendable, Hashable, Codable {
        /// Tokens of the stretch, those of its times included.
        public var tokens: [Int]
        /// Start of the window that was decoded, in seconds from the start of the stream.
        public var windowStart: Double
        /// What the tokens were drawn at; 0 takes the likeliest.
        public var temperature: Double
        /// Mean natural logarithm of the probabilities of the window's tokens.
        public var averageLogProbability: Double
        /// Bytes of the window's text for each byte of it compressed by zlib.
        public var compressionRatio: Double
        /// Probability that nobody speaks in the window.
        public var noSpeech: Double

        /// - Parameters:
        ///   - tokens: of the stretch.
        ///   - windowStart: seconds from the start of the stream.
        ///   - temperature: what the tokens were drawn at.
        ///   - averageLogProbability: mean over the window's tokens.
        ///   - compressionRatio: of the window's text.
        ///   - noSpeech: probability that nobody speaks in the window.
        public init(
            tokens: [Int],
            windowStart: Double,
            temperature: Double,
            averageLogProbability: Double,
            compressionRatio: Double,
            noSpeech: Double
        ) {
            self.tokens = tokens
            self.windowStart = windowStart
            self.temperature = temperature
            self.averageLogProbability = averageLogProbability
            self.compressionRatio = compressionRatio
            self.noSpeech = noSpeech
        }
    }
}
