package import Conversation
import NIOCore
import Synchronization
package import Transport

/// What the reader of `/v2v/stream` knows and its writer needs, and the other way round.
package final class V2VPhase: Sendable {
    private struct State {
        var isEnding = false
        var isDeaf = false
    }

    private let state = Mutex(State())

    package init() {}

    /// Whether the client has said that it will send no more sound.
    package var isEnding: Bool {
        get { state.withLock { $0.isEnding } }
        set { state.withLock { $0.isEnding = newValue } }
    }

    /// Whether sound that comes is dropped: the last text was given.
    package var isDeaf: Bool {
        get { state.withLock { $0.isDeaf } }
        set { state.withLock { $0.isDeaf = newValue } }
    }
}

/// Frames of a client of `/v2v/stream` after its config.
package struct V2VFrameReader: DialogueReading {
    private static let types =
        "text, tts_flush, abort, asr_eos or asr_prepare (prepare, pre_eou, prepare_finalize)"

    let configuration: V2VConfiguration
    let phase: V2VPhase
    private var sound: UserSound
    /// Whether there was a word since the last flush.
    private var hasWords = false

    /// - Parameters:
    ///   - configuration: the first message.
    ///   - phase: shared with the writer.
    ///   - modelRate: Hz that the recognizer hears.
    package init(_ configuration: V2VConfiguration, phase: V2VPhase, modelRate: Int) {
        self.configuration = configuration
        self.phase = phase
        sound = UserSound(from: configuration.sampleRate, to: modelRate)
    }

    package mutating func inputs(of message: WebSocketMessage) throws(ListenFault) -> [DialogueInput] {
        switch message {
        case .binary(let bytes) where bytes.readableBytes == 0: return try endOfListening()
        case .binary(let bytes):
            guard configuration.hears else {
                throw ListenFault("not_configured", "sound came, but the config has no asr_language")
            }
            guard !phase.isEnding, !phase.isDeaf else { return [] }
            return try sound.chunk(bytes).map { [.audio($0)] } ?? []
        case .text(let text):
            let members = try DialogueFrameReader.members(of: text)
            guard case .string(let type) = members["type"] else {
                throw ListenFault("unknown_type", "a text frame has a \"type\": \(Self.types)")
            }
            return try inputs(of: type, members)
        }
    }

    private mutating func inputs(
        of type: String,
        _ members: [String: JSON]
    ) throws(ListenFault) -> [DialogueInput] {
        switch type {
        case "text": return try words(members["text"])
        case "tts_flush": return try flush()
        case "abort":
            hasWords = false
            return [.abort]
        case "asr_eos": return try endOfListening()
        case "asr_prepare", "prepare", "pre_eou", "prepare_finalize": return configuration.hears ? [.pause] : []
        case "config": throw ListenFault("unknown_type", "the config is the first message, and only that")
        case "tool_result", "tool_advertise":
            throw ListenFault("not_implemented", "tools are not offered here; \(type) was ignored")
        default:
            throw ListenFault("unknown_type", "\"\(type.prefix(40))\" is no message type: \(Self.types)")
        }
    }

    private mutating func words(_ value: JSON?) throws(ListenFault) -> [DialogueInput] {
        guard configuration.speaks else {
            throw ListenFault("not_configured", "text came, but the config has no tts_language")
        }
        guard case .string(let text) = value else {
            throw ListenFault("invalid_parameter", "text is a string, not \(value?.kind ?? "missing")")
        }
        hasWords = hasWords || text.contains { !$0.isWhitespace }
        return text.isEmpty ? [] : [.words(text)]
    }

    private mutating func flush() throws(ListenFault) -> [DialogueInput] {
        guard hasWords else {
            throw ListenFault("empty_text", "there is nothing to say: no text came before tts_flush")
        }
        hasWords = false
        return [.wordsEnded]
    }

    private mutating func endOfListening() throws(ListenFault) -> [DialogueInput] {
        guard configuration.hears, !phase.isEnding else { return [] }
        phase.isEnding = true
        let rest = sound.finish()
        return (rest.map { [.audio($0)] } ?? []) + [.endOfUtterance]
    }
}
