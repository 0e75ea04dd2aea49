package import Conversation
import NIOCore
import Synchronization
package import Transport

/// Whether a client of `/dialogue` is told more than the seed's messages. Set by the reader, read by the writer.
package final class DialoguePhase: Sendable {
    private let state: Mutex<Bool>

    /// - Parameter sendsEvents: at the beginning.
    package init(sendsEvents: Bool) { state = Mutex(sendsEvents) }

    /// Whether events are told.
    package var sendsEvents: Bool {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }
}

/// Frames of a client of `/dialogue`: JSON objects, and sound.
package struct DialogueFrameReader: DialogueReading {
    private static let help =
        "a text frame holds one JSON object with \"text\", \"audio\" or a \"type\" (eou, prepare, abort, played)"

    let phase: DialoguePhase
    private let modelRate: Int?
    private var sound: UserSound

    /// - Parameters:
    ///   - phase: told when the client speaks.
    ///   - sampleRate: Hz of the client's sound.
    ///   - modelRate: Hz that the recognizer hears; nil where there is none.
    package init(phase: DialoguePhase, sampleRate: Int, modelRate: Int?) {
        self.phase = phase
        self.modelRate = modelRate
        sound = UserSound(from: sampleRate, to: modelRate ?? sampleRate)
    }

    /// A text frame as the members of its object.
    static func members(of text: String) throws(ListenFault) -> [String: JSON] {
        let value: JSON
        do throws(JSONError) { value = try JSONReader.read(Array(text.utf8)) } catch {
            throw ListenFault("invalid_json", "bad control message: \(error.message); \(help)")
        }
        guard case .object(let members) = value else {
            throw ListenFault("invalid_json", "bad control message: this is \(value.kind); \(help)")
        }
        return members
    }

    package mutating func inputs(of message: WebSocketMessage) throws(ListenFault) -> [DialogueInput] {
        switch message {
        case .binary(let bytes) where bytes.readableBytes == 0: return endOfUtterance()
        case .binary(let bytes):
            _ = try hearing()
            phase.sendsEvents = true
            return try sound.chunk(bytes).map { [.audio($0)] } ?? []
        case .text(let text): return try inputs(of: Self.members(of: text))
        }
    }

    private mutating func inputs(of members: [String: JSON]) throws(ListenFault) -> [DialogueInput] {
        if let text = members["text"] {
            guard case .string(let text) = text else {
                throw ListenFault("invalid_parameter", "text is a string, not \(text.kind)")
            }
            return [.question(text, interrupts: members["interrupt"] == .bool(true))]
        }
        if let audio = members["audio"] {
            guard case .bool(let isOn) = audio else {
                throw ListenFault("invalid_parameter", "audio is true or false, not \(audio.kind)")
            }
            return isOn ? try beginAudio(members) : endOfUtterance()
        }
        if members["abort"] == .bool(true) { return [.abort] }
        guard case .string(let type) = members["type"] else { throw ListenFault("unknown_type", Self.help) }
        return try inputs(of: type, members)
    }

    private mutating func inputs(
        of type: String,
        _ members: [String: JSON]
    ) throws(ListenFault) -> [DialogueInput] {
        switch type {
        case "eou", "stop", "end_utterance": return endOfUtterance()
        case "prepare", "pre_eou", "prepare_finalize": return [.pause]
        case "abort": return [.abort]
        case "played": return [try Self.played(members)]
        default: throw ListenFault("unknown_type", "\"\(type.prefix(40))\" is no message type; \(Self.help)")
        }
    }

    /// `{"type":"played","turn":3,"ms":1200}`: what the loudspeaker has played, where the client knows.
    private static func played(_ members: [String: JSON]) throws(ListenFault) -> DialogueInput {
        do throws(HTTPFailure) {
            var parameters = Parameters(members, location: "message")
            // A day is longer than any reply.
            guard let turn = try parameters.integer("turn", in: 1...Int(Int32.max)),
                let milliseconds = try parameters.number("ms", in: 0...86_400_000)
            else { throw parameters.failure("turn", "played has a turn and its ms") }
            return .played(turn: turn, .milliseconds(Int(milliseconds)))
        } catch {
            throw ListenFault(error.code, error.message)
        }
    }

    /// `{"audio":true}`: sound follows. Its rate may change between utterances, nothing else may.
    private mutating func beginAudio(_ members: [String: JSON]) throws(ListenFault) -> [DialogueInput] {
        let modelRate = try hearing()
        phase.sendsEvents = true
        let rest: DialogueInput? = sound.finish().map { .audio($0) }
        do throws(HTTPFailure) {
            var parameters = Parameters(members, location: "message")
            if let rate = try parameters.integer("sample_rate", in: UserSound.sampleRates) {
                sound = UserSound(from: rate, to: modelRate)
            }
        } catch {
            throw ListenFault(error.code, error.message)
        }
        return rest.map { [$0] } ?? []
    }

    /// - Returns: Hz that the recognizer hears.
    /// - Throws: ``ListenFault`` where there is no recognizer: sound must not vanish without a word.
    private func hearing() throws(ListenFault) -> Int {
        guard let modelRate else {
            throw ListenFault("not_ready", "ASR not ready: only texts are answered", closing: 1011)
        }
        return modelRate
    }

    private mutating func endOfUtterance() -> [DialogueInput] {
        let rest = sound.finish()
        return (rest.map { [.audio($0)] } ?? []) + [.endOfUtterance]
    }
}

/// Errors as the seed tells them, with a word for programs.
struct DialogueFaultFrames: DialogueFaults {
    func told(_ fault: ListenFault) -> WebSocketMessage {
        WebSocketMessage(["error": .string(fault.message), "code": .string(fault.code)])
    }
}
