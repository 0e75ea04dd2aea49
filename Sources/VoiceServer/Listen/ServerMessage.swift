import Foundation
import Speech

/// What `/asr/stream` says: one shape that both client families read.
///
/// `text` is everything said on this stream so far; `utterance` is what belongs to the current utterance alone.
package struct ServerMessage: Encodable, Sendable, Hashable {
    package enum Kind: String, Encodable, Sendable { case partial, final, reset, error, endpoint = "vad_endpoint" }

    var type: Kind
    var text: String?
    var utterance: String?
    var isFinal: Bool?
    var isStable: Bool?
    /// Unicode scalars at the start of `text` that no later partial changes: what Python counts as characters.
    var stableCharacters: Int?
    var language: String?
    /// Board whose NPU was simulated; nil where none was.
    var simulated: String?
    var ending: Ending?
    var reset: Bool?
    var error: String?
    var code: String?

    /// What only a final has.
    package struct Ending: Sendable, Hashable {
        /// Whether this is the last message of the stream.
        var isComplete: Bool
        /// Whether the text was sent as a partial or final before.
        var isDuplicate: Bool
        /// `vad` for a pause, `client` for a message of the client's.
        var endpoint: String
        /// Milliseconds from the end of the utterance to its text.
        var finalizeMilliseconds: Double?
        /// How the text was come by, such as `speculative`.
        var mode: String?
        /// The speaker's mood and what else is to be heard, where the model tells.
        var emotion: String?
        var event: String?
    }

    private enum Key: String, CodingKey {
        case type, text, utterance, language, simulated, reset, error, code, endpoint, emotion, event
        case isFinal = "is_final"
        case isStable = "is_stable"
        case stableCharacters = "stable_chars"
        case isComplete = "session_complete"
        case isDuplicate = "duplicate_of_streamed"
        case finalizeMilliseconds = "finalize_ms"
        case mode = "final_mode"
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(type, forKey: .type)
        try container.encodeIfPresent(text, forKey: .text)
        try container.encodeIfPresent(utterance, forKey: .utterance)
        try container.encodeIfPresent(isFinal, forKey: .isFinal)
        try container.encodeIfPresent(isStable, forKey: .isStable)
        try container.encodeIfPresent(stableCharacters, forKey: .stableCharacters)
        try container.encodeIfPresent(language, forKey: .language)
        try container.encodeIfPresent(simulated, forKey: .simulated)
        try container.encodeIfPresent(reset, forKey: .reset)
        try container.encodeIfPresent(error, forKey: .error)
        try container.encodeIfPresent(code, forKey: .code)
        guard let ending else { return }
        try container.encode(ending.isComplete, forKey: .isComplete)
        try container.encode(ending.isDuplicate, forKey: .isDuplicate)
        try container.encode(ending.endpoint, forKey: .endpoint)
        try container.encodeIfPresent(ending.mode, forKey: .mode)
        try container.encodeIfPresent(ending.emotion, forKey: .emotion)
        try container.encodeIfPresent(ending.event, forKey: .event)
        // A tenth of a millisecond is finer than any clock here.
        let milliseconds = ending.finalizeMilliseconds.map { ($0 * 10).rounded() / 10 }
        try container.encodeIfPresent(milliseconds, forKey: .finalizeMilliseconds)
    }

    /// The JSON of a text frame, keys sorted.
    var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Strings, booleans and finite numbers always encode.
        return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }
}

extension ServerMessage {
    /// The answer to `{"command":"reset"}`.
    static let forgotten = ServerMessage(type: .reset, text: "", isFinal: true, isStable: true, reset: true)

    /// The notice before a final that a pause brought about.
    static let pauseFound = ServerMessage(type: .endpoint)

    /// What went wrong. `is_final` tells a client whether anything follows.
    static func failure(_ fault: ListenFault) -> ServerMessage {
        let isLast = fault.closeCode != nil
        return ServerMessage(type: .error, isFinal: isLast, isStable: isLast, error: fault.message, code: fault.code)
    }
}
