import Conversation
import Synchronization

/// An endpoint that does what a script says, attempt by attempt.
final class ScriptedTransport: ChatTransport {
    enum Attempt: Sendable {
        /// Nobody answers.
        case unreachable
        /// A status and the parts of a body.
        case reply(Int, [String], type: String = "text/event-stream", retryAfter: Duration? = nil)
        /// A body of which nothing comes.
        case silent
    }

    private struct State {
        var attempts: [Attempt]
        var questions: [String] = []
        var waits: [Duration] = []
        var cancelled = 0
    }

    private let state: Mutex<State>

    init(_ attempts: [Attempt]) { state = Mutex(State(attempts: attempts)) }

    /// Bodies of the questions that were sent.
    var questions: [String] { state.withLock { $0.questions } }
    /// Waits between attempts.
    var waits: [Duration] { state.withLock { $0.waits } }
    /// Exchanges that were cancelled while nothing came.
    var cancelled: Int { state.withLock { $0.cancelled } }

    func post(_ body: [UInt8], to endpoint: ChatEndpoint) async throws(ChatError) -> ChatReply {
        let attempt = state.withLock { state in
            state.questions.append(String(decoding: body, as: UTF8.self))
            return state.attempts.isEmpty ? .unreachable : state.attempts.removeFirst()
        }
        switch attempt {
        case .unreachable: throw ChatError(.unreachable, "nobody answers")
        case .silent:
            let body = ScriptedBody(parts: [], isSilent: true) { self.state.withLock { $0.cancelled += 1 } }
            return ChatReply(status: 200, mediaType: "text/event-stream", body: body)
        case .reply(let status, let parts, let type, let wish):
            let body = ScriptedBody(parts: parts.map { Array($0.utf8) })
            return ChatReply(status: status, mediaType: type, retryAfter: wish, body: body)
        }
    }

    /// A chat with this endpoint that does not wait between attempts.
    func chat(key: String? = nil, _ change: (inout ChatEndpoint) -> Void = { _ in }) throws -> OpenAIChat {
        let key = try key.map { try ChatKey($0) }
        var endpoint = try ChatEndpoint(baseURL: "http://127.0.0.1:1/v1", model: "small", key: key)
        change(&endpoint)
        return OpenAIChat(endpoint: endpoint, transport: self) { wait in
            self.state.withLock { $0.waits.append(wait) }
        }
    }
}

/// The parts of a body, then its end.
struct ScriptedBody: AsyncSequence, Sendable {
    typealias Element = [UInt8]
    typealias Failure = ChatError
    let parts: [[UInt8]]
    var isSilent = false
    var onCancel: @Sendable () -> Void = {}

    func makeAsyncIterator() -> Iterator { Iterator(body: self, rest: parts[...]) }

    struct Iterator: AsyncIteratorProtocol {
        let body: ScriptedBody
        var rest: ArraySlice<[UInt8]>

        mutating func next() async throws(ChatError) -> [UInt8]? { try await next(isolation: #isolation) }

        mutating func next(isolation actor: isolated (any Actor)?) async throws(ChatError) -> [UInt8]? {
            if body.isSilent {
                // Until it is cancelled.
                try? await Task.sleep(for: .seconds(3_600))
                body.onCancel()
                throw ChatError(.cancelled, "cancelled")
            }
            return rest.popFirst()
        }
    }
}

/// Pieces of an answer as an endpoint sends them.
enum ChatEvents {
    static func delta(_ text: String) -> String {
        "data: {\"id\":\"1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\(text)\"},\"finish_reason\":null}]}\n\n"
    }

    static let role =
        "data: {\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":null},\"finish_reason\":null}]}\n\n"
    static let stop = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
    static let usage = "data: {\"choices\":[],\"usage\":{\"total_tokens\":9}}\n\n"
    static let done = "data: [DONE]\n\n"
}
