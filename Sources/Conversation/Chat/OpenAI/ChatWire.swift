import Foundation

/// The body of a question.
struct ChatQuestion: Encodable {
    struct Message: Encodable {
        let role: ChatMessage.Role
        let content: String
    }

    let model: String
    let messages: [Message]
    let stream = true
    let temperature: Double?
    let maximumTokens: Int?

    private enum CodingKeys: String, CodingKey {
        case model, messages, stream, temperature
        case maximumTokens = "max_tokens"
    }

    init(_ messages: [ChatMessage], for endpoint: ChatEndpoint) {
        model = endpoint.model
        self.messages = Self.alternating(messages)
        temperature = endpoint.sampling.temperature
        maximumTokens = endpoint.sampling.maximumTokens
    }

    /// Neighbors of one role become one message: the chat templates of several model families refuse others.
    private static func alternating(_ messages: [ChatMessage]) -> [Message] {
        messages.reduce(into: []) { joined, message in
            if let last = joined.last, last.role == message.role {
                joined[joined.count - 1] = Message(role: last.role, content: last.content + "\n" + message.text)
            } else {
                joined.append(Message(role: message.role, content: message.text))
            }
        }
    }

    func bytes() throws(ChatError) -> [UInt8] {
        do {
            return [UInt8](try JSONEncoder().encode(self))
        } catch {
            throw ChatError(.badSettings, "the question cannot be written as JSON: \(error)")
        }
    }
}

/// A piece of an answer, or a whole one from an endpoint that does not stream.
struct ChatPiece: Decodable {
    struct Choice: Decodable {
        struct Content: Decodable {
            let content: String?
        }
        let delta: Content?
        let message: Content?
        /// Endpoints of older days.
        let text: String?
        let reason: String?

        private enum CodingKeys: String, CodingKey {
            case delta, message, text
            case reason = "finish_reason"
        }
    }

    let choices: [Choice]?
    let error: ChatFault?

    /// - Returns: nil for bytes that are no such piece.
    init?(json: [UInt8]) {
        guard let piece = try? JSONDecoder().decode(ChatPiece.self, from: Data(json)) else { return nil }
        guard piece.choices != nil || piece.error != nil else { return nil }
        self = piece
    }

    /// What it adds to the answer.
    var text: String {
        guard let choice = choices?.first else { return "" }
        return choice.delta?.content ?? choice.message?.content ?? choice.text ?? ""
    }

    /// Whether nothing follows but figures.
    var isLast: Bool { choices?.first?.reason != nil }
}

/// What an endpoint says went wrong: an object with a message, or a bare string.
struct ChatFault: Decodable {
    /// Longest message shown.
    private static let limit = 300
    let message: String

    private enum CodingKeys: String, CodingKey { case message }

    private struct Envelope: Decodable {
        let error: ChatFault?
        let message: String?
        let detail: String?
    }

    init(from decoder: any Decoder) throws {
        if let text = try? decoder.singleValueContainer().decode(String.self) {
            message = text
        } else {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            message = try values.decodeIfPresent(String.self, forKey: .message) ?? ""
        }
    }

    /// The words of a body, whatever its shape: one line, short, without the key.
    static func words(of body: [UInt8], without key: ChatKey?) -> String {
        let envelope = try? JSONDecoder().decode(Envelope.self, from: Data(body))
        let text = envelope?.error?.message ?? envelope?.message ?? envelope?.detail ?? ""
        return presentable(text.isEmpty ? String(decoding: body, as: UTF8.self) : text, without: key)
    }

    /// Text of an endpoint as part of a message: one line, short, without the key.
    static func presentable(_ text: String, without key: ChatKey?) -> String {
        let hidden = key.map { text.replacingOccurrences(of: $0.value, with: "(hidden)") } ?? text
        let words = hidden.split { character in
            character.isWhitespace || character.unicodeScalars.contains { $0.properties.generalCategory == .control }
        }
        let line = words.joined(separator: " ")
        return line.count > limit ? line.prefix(limit) + " …" : line
    }
}
