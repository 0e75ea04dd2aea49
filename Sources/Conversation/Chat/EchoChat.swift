/// Answers with what was said, word by word: a dialogue without a language model, and a known answer for measurements.
package struct EchoChat: ChatModel {
    package let name = "echo"
    package let notice: String? =
        "no language model is configured: answers repeat what was said. Set llm.base_url and llm.model for real ones."

    package init() {}

    package func answer(to messages: [ChatMessage]) -> any AsyncSequence<String, ChatError> & Sendable {
        Words(text: messages.last { $0.role == .user }?.text ?? "")
    }

    /// The words of a text, each with the white space behind it.
    struct Words: AsyncSequence, Sendable {
        typealias Element = String
        typealias Failure = ChatError
        let text: String

        func makeAsyncIterator() -> Iterator { Iterator(rest: text[...]) }

        struct Iterator: AsyncIteratorProtocol {
            var rest: Substring

            mutating func next() async throws(ChatError) -> String? { try await next(isolation: #isolation) }

            mutating func next(isolation actor: isolated (any Actor)?) async throws(ChatError) -> String? {
                guard !rest.isEmpty else { return nil }
                guard !Task.isCancelled else { throw ChatError(.cancelled, "cancelled") }
                let word = rest.firstIndex { $0.isWhitespace } ?? rest.endIndex
                let end = rest[word...].firstIndex { !$0.isWhitespace } ?? rest.endIndex
                defer { rest = rest[end...] }
                return String(rest[..<end])
            }
        }
    }
}
