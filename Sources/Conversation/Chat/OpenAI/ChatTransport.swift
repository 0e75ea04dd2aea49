/// What carries a question to an endpoint. One implementation speaks HTTP; tests have others.
package protocol ChatTransport: Sendable {
    /// Sends a question.
    /// - Returns: the head of what comes back, its body still to be read. Dropping the body's iterator, or cancelling the
    ///   task, ends the exchange.
    /// - Throws: `unreachable`, `timedOut`, `cancelled`.
    func post(_ body: [UInt8], to endpoint: ChatEndpoint) async throws(ChatError) -> ChatReply
}

/// What comes back from an endpoint.
package struct ChatReply: Sendable {
    /// HTTP status.
    package var status: Int
    /// Without parameters, in lower case; empty where it was not said.
    package var mediaType: String
    /// `Retry-After`, where it is a number of seconds.
    package var retryAfter: Duration?
    /// The body, in parts of any size.
    package var body: any AsyncSequence<[UInt8], ChatError> & Sendable

    /// - Parameters:
    ///   - status: HTTP status.
    ///   - mediaType: without parameters, in lower case.
    ///   - retryAfter: what the endpoint asked for.
    ///   - body: in parts of any size.
    package init(
        status: Int,
        mediaType: String,
        retryAfter: Duration? = nil,
        body: any AsyncSequence<[UInt8], ChatError> & Sendable
    ) {
        self.status = status
        self.mediaType = mediaType
        self.retryAfter = retryAfter
        self.body = body
    }
}
