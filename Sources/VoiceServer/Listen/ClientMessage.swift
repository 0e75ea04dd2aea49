import Foundation

/// What a client says in a text frame of `/asr/stream`, in the words of both client families.
package enum ClientMessage: Sendable, Hashable {
    /// `{"type":"eou"}`: the utterance is over.
    case endOfUtterance
    /// `{"type":"stop"}`: there will be no more audio. An empty binary frame says the same.
    case stop
    /// `{"type":"prepare"}`: the speaker may be done; get the final text ready.
    case prepare
    /// `{"command":"end_utterance"}`: the utterance is over, more will follow.
    case endUtterance
    /// `{"command":"reset"}`: forget what was said.
    case reset

    private struct Fields: Decodable {
        var type: String?
        var command: String?
    }

    private static let types: [String: ClientMessage] = [
        "eou": .endOfUtterance, "stop": .stop, "prepare": .prepare, "pre_eou": .prepare, "prepare_finalize": .prepare,
    ]
    private static let commands: [String: ClientMessage] = ["end_utterance": .endUtterance, "reset": .reset]

    /// - Parameter text: a text frame.
    /// - Throws: ``ListenFault`` when it is no JSON object, or a type or command that is not known.
    package init(_ text: String) throws(ListenFault) {
        // Control messages are tens of bytes; a parser need not see more.
        guard text.utf8.count <= 4096, let fields = try? JSONDecoder().decode(Fields.self, from: Data(text.utf8)) else {
            throw ListenFault("invalid_json", "a text frame holds one JSON object such as {\"type\":\"eou\"}")
        }
        if let command = fields.command {
            guard let message = Self.commands[command] else {
                throw ListenFault("unknown_command", "\(quoted(command)) is not a command: reset or end_utterance")
            }
            self = message
        } else if let type = fields.type {
            guard let message = Self.types[type] else {
                throw ListenFault("unknown_type", "\(quoted(type)) is not a message type: eou, stop or prepare")
            }
            self = message
        } else {
            throw ListenFault("unknown_type", "a text frame has a \"type\" (eou, stop, prepare) or a \"command\"")
        }
    }
}

/// A client's word in a message, cut to what a person can read.
private func quoted(_ text: String) -> String { "\"" + text.prefix(40).filter { !$0.isNewline } + "\"" }
