/// A language model that answers in a conversation.
package protocol ChatModel: Sendable {
    /// What it is called in health, logs and messages.
    var name: String { get }
    /// What a user should know about its answers, such as that they are only an echo; nil where there is nothing.
    var notice: String? { get }

    /// The answer to what was said so far, piece by piece.
    ///
    /// Nothing happens before the first piece is asked for. An answer that is no longer wanted ends when its iterator is
    /// dropped, and when the task that asks is cancelled: whatever computes it is told to stop.
    ///
    /// - Parameter messages: the conversation, the question last.
    /// - Returns: pieces of text, cut anywhere between two characters. Each iterator is an answer of its own.
    func answer(to messages: [ChatMessage]) -> any AsyncSequence<String, ChatError> & Sendable
}

extension ChatModel {
    package var notice: String? { nil }
}

/// Something said in a conversation.
package struct ChatMessage: Sendable, Hashable {
    /// Who said it.
    package enum Role: String, Sendable, Hashable, Codable {
        case system, user, assistant
    }

    /// Who said it.
    package var role: Role
    /// What was said.
    package var text: String

    /// - Parameters:
    ///   - role: who said it.
    ///   - text: what was said.
    package init(_ role: Role, _ text: String) {
        self.role = role
        self.text = text
    }
}

/// Why there is no answer, or no more of it. Never holds a key.
package struct ChatError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kind of failure.
    package enum Code: String, Sendable, Hashable, CaseIterable {
        /// The settings cannot work: no model, a URL that is none.
        case badSettings = "bad_settings"
        /// Nobody answers at the address.
        case unreachable
        /// The endpoint wants another key.
        case unauthorized
        /// The endpoint does not know the address or the model.
        case notFound = "not_found"
        /// The endpoint does not take the request.
        case refused
        /// The endpoint has too much to do.
        case overloaded
        /// The endpoint failed.
        case failed
        /// What came is no answer.
        case garbage
        /// The answer ended in the middle.
        case cutShort = "cut_short"
        /// Nothing came for too long.
        case timedOut = "timed_out"
        /// The task was cancelled.
        case cancelled
    }

    /// The kind of failure.
    package var code: Code
    /// One sentence for a person: what happened and what to do.
    package var message: String

    /// - Parameters:
    ///   - code: the kind of failure.
    ///   - message: what happened and what to do, in one sentence.
    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}
