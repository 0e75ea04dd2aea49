/// What a peer is asked, as ModelPrep/peers/peer_loop.py reads it: one line of JSON. Each peer takes what it needs.
struct PeerJob: Codable, Sendable {
    /// A WAV file to hear, 16-bit mono at 16 kHz.
    var file: String?
    /// Language of that file, ISO 639-1.
    var language: String?
    /// What to say.
    var text: String?
    /// Where to write what was said; nil for nowhere.
    var out: String?
    /// `low`, `balanced` or `quality`.
    var latency: String?
    /// Of the voice's noise.
    var seed: UInt64?
    /// Phonemes of each sentence, for a bare graph.
    var ids: [[Int64]]?
    /// Asks for phonemes in place of speech.
    var wantsIDs: Bool?
}

/// A program to start, for `peer_start.py`.
struct StartJob: Encodable, Sendable {
    var command: [String]
    /// What it is asked; nil when it needs nothing and ends by itself.
    var job: PeerJob?
}

/// What a peer answers; each gives what it has.
struct PeerAnswer: Codable, Sendable {
    /// What was heard.
    var text: String?
    /// From samples to text, or from text to the last sample, in milliseconds.
    var milliseconds: Double?
    /// From text to the first sample, in milliseconds.
    var firstMilliseconds: Double?
    /// Length of the sound, heard or spoken.
    var seconds: Double?
    /// Milliseconds inside of each stage, where a peer knows them.
    var stages: [String: Double]?
    /// Phonemes of each sentence.
    var ids: [[Int64]]?
    /// Most memory that it has held so far, in bytes.
    var peakMemory: Int?
    /// The same of a program that it started.
    var childMemory: Int?
    /// Versions of what runs; only in the first line.
    var ready: [String: String]?
    /// Why there is no answer.
    var error: String?

    enum CodingKeys: String, CodingKey {
        case text, seconds, stages, ids, ready, error
        case milliseconds = "ms"
        case firstMilliseconds = "first_ms"
        case peakMemory = "peak_rss"
        case childMemory = "child_rss"
    }
}
