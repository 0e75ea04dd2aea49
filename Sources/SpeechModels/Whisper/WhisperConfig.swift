/// What a Whisper bundle says of its model: sizes and token numbers, never assumed.
struct WhisperConfig: Decodable, Sendable {
    /// Mel bins of the front end.
    var mels: Int
    /// Decoder layers, each with its own cache.
    var layers: Int
    /// Attention heads.
    var heads: Int
    /// Width of a head.
    var headSize: Int
    /// Positions of the encoder (1500 for 30 s, 50 a second).
    var audioContext: Int
    /// Longest token sequence of the decoder.
    var textContext: Int
    var vocabularySize: Int
    var multilingual: Bool
    /// File with the bytes of each token.
    var tokens: String
    var startOfTranscript: Int
    var endOfText: Int
    var transcribe: Int?
    var translate: Int?
    /// Stands before text that was said before.
    var startOfPrevious: Int?
    /// Its probability right after the start is that of silence or noise.
    var noSpeech: Int?
    var noTimestamps: Int
    var timestampBegin: Int
    /// ISO code → token.
    var languageTokens: [String: Int]
    /// Tokens that are never text: markup, music signs.
    var suppress: [Int]
    /// Tokens that a transcript cannot start with: a space, the end.
    var suppressAtStart: [Int]
    /// Layer and head of the cross-attention that follows the words through the audio.
    var alignmentHeads: [[Int]]?

    /// Seconds from one timestamp token, and one position of the encoder, to the next.
    static let tick = 0.02
}
