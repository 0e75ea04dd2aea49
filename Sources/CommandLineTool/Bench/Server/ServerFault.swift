import VoiceServer

/// What a server said in place of what it was asked for.
struct ServerFault: Error {
    /// The route, such as `POST /tts`.
    let asked: String
    /// HTTP status, or what a WebSocket was closed with; 0 where the connection broke.
    let status: Int
    /// The server's stable word for it.
    let code: String?
    /// The server's own sentence.
    let message: String

    /// - Parameters:
    ///   - asked: the route.
    ///   - status: HTTP status, or what a WebSocket was closed with.
    ///   - body: what came with it.
    init(_ asked: String, status: Int, body: [UInt8]) {
        self.init(asked, status: status, told: try? JSONReader.read(body))
    }

    /// - Parameters:
    ///   - asked: the route.
    ///   - status: HTTP status, or what a WebSocket was closed with.
    ///   - told: an error as this server's family tells it.
    init(_ asked: String, status: Int, told: JSON?) {
        self.asked = asked
        self.status = status
        code = told?["code"]?.text
        message = told?["error"]?.text ?? told?["message"]?.text ?? "without a word"
    }

    /// Whether it only was busy: that is a result of a measurement under load.
    var isBusy: Bool { ["too_many_requests", "too_many_streams", "queue_timeout"].contains(code) }

    /// The same as the end of a command.
    var commandError: CommandError {
        switch status {
        case 401, 403, 4401:
            CommandError(.usage, "\(asked): \(message) (\(status)); give a key with --api-key-file or SERVICE_KEY")
        case 429, 4429:
            CommandError(
                .temporary,
                "\(asked): \(message) (\(status), \(code ?? "busy")); measure a server that limits no rates "
                    + "(limits.requests_per_minute=0) and serves nobody else"
            )
        case 503, 1013: CommandError(.temporary, "\(asked): \(message) (\(status))")
        case 0: CommandError(.unavailable, "\(asked): the server broke the connection off")
        default: CommandError(.unavailable, "\(asked): \(message) (\(status))")
        }
    }
}

extension JSON {
    /// A string's text.
    var text: String? { if case .string(let text) = self { text } else { nil } }

    /// A number's value.
    var value: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    /// The strings of a list.
    var texts: [String] { if case .array(let values) = self { values.compactMap(\.text) } else { [] } }

    /// An object's members.
    var members: [String: JSON] { if case .object(let members) = self { members } else { [:] } }
}
