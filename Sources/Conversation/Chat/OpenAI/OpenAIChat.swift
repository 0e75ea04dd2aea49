/// A chat model behind an OpenAI-compatible endpoint (`POST …/chat/completions`, streamed): llama.cpp's server, vLLM,
/// Ollama, RKLLM's server, or a service.
///
/// Attempts that fail before the first word are repeated within ``ChatEndpoint/retries``; later failures are told.
/// Cancelling closes the exchange, so that the endpoint can stop computing.
package struct OpenAIChat: ChatModel {
    let endpoint: ChatEndpoint
    let transport: any ChatTransport
    let sleep: @Sendable (Duration) async throws -> Void

    /// - Parameters:
    ///   - endpoint: where the model is.
    ///   - transport: what carries questions there.
    ///   - sleep: waits between attempts; throws when the task is cancelled.
    package init(
        endpoint: ChatEndpoint,
        transport: any ChatTransport,
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.endpoint = endpoint
        self.transport = transport
        self.sleep = sleep
    }

    package var name: String { endpoint.model }

    package func answer(to messages: [ChatMessage]) -> any AsyncSequence<String, ChatError> & Sendable {
        OpenAIAnswer(chat: self, messages: messages)
    }
}

/// One answer, asked for when its first piece is.
struct OpenAIAnswer: AsyncSequence, Sendable {
    typealias Element = String
    typealias Failure = ChatError
    let chat: OpenAIChat
    let messages: [ChatMessage]

    func makeAsyncIterator() -> Iterator { Iterator(chat: chat, messages: messages) }

    struct Iterator: AsyncIteratorProtocol {
        private let chat: OpenAIChat
        private let messages: [ChatMessage]
        private var attempt: OpenAIAttempt?
        private var attempts = 0
        private var hasSpoken = false
        private var isOver = false

        init(chat: OpenAIChat, messages: [ChatMessage]) {
            self.chat = chat
            self.messages = messages
        }

        mutating func next() async throws(ChatError) -> String? { try await next(isolation: #isolation) }

        mutating func next(isolation actor: isolated (any Actor)?) async throws(ChatError) -> String? {
            while !isOver {
                var wish: Duration?
                do throws(ChatError) {
                    if let text = try await step(&wish, isolation: actor) {
                        hasSpoken = true
                        return text
                    }
                    end()
                } catch {
                    try await retry(after: error, wish: wish, isolation: actor)
                }
            }
            return nil
        }

        /// The next piece of the attempt, which begins if there is none.
        private mutating func step(
            _ wish: inout Duration?,
            isolation actor: isolated (any Actor)?
        ) async throws(ChatError) -> String? {
            guard !Task.isCancelled else { throw ChatError(.cancelled, "cancelled") }
            var attempt: OpenAIAttempt
            if let open = self.attempt.take() {
                attempt = open
            } else {
                attempts += 1
                let question = try ChatQuestion(messages, for: chat.endpoint).bytes()
                let reply = try await chat.transport.post(question, to: chat.endpoint)
                wish = reply.retryAfter
                attempt = try await OpenAIAttempt(reply, endpoint: chat.endpoint, isolation: actor)
            }
            let text = try await attempt.next(isolation: actor)
            self.attempt = attempt
            return text
        }

        private mutating func retry(
            after error: ChatError,
            wish: Duration?,
            isolation actor: isolated (any Actor)?
        ) async throws(ChatError) {
            attempt = nil
            guard !hasSpoken, let wait = chat.endpoint.retries.wait(after: attempts, error, wish: wish) else {
                end()
                guard attempts > 1, !hasSpoken, error.code != .cancelled else { throw error }
                throw ChatError(error.code, "\(error.message) (\(attempts) attempts)")
            }
            do {
                try await chat.sleep(wait)
            } catch {
                end()
                throw ChatError(.cancelled, "cancelled")
            }
        }

        private mutating func end() {
            attempt = nil
            isOver = true
        }
    }
}

/// One exchange with the endpoint.
struct OpenAIAttempt {
    /// Longest body read of an endpoint that refuses, or that does not stream.
    private static let longestBody = 1 << 20

    private let endpoint: ChatEndpoint
    private var body: (any AsyncIteratorProtocol<[UInt8], ChatError>)?
    private var events = ServerSentEvents()
    private var filter = ReasoningFilter()
    private var ready: [String] = []
    private var bytes = 0
    /// What went wrong behind the pieces that are ready.
    private var fault: ChatError?
    /// The endpoint has said that the answer is complete.
    private var isComplete = false

    /// - Throws: what the status says, with the endpoint's own words.
    init(
        _ reply: ChatReply,
        endpoint: ChatEndpoint,
        isolation actor: isolated (any Actor)? = #isolation
    ) async throws(ChatError) {
        self.endpoint = endpoint
        body = reply.body.makeAsyncIterator()
        guard reply.status == 200 else {
            // The words are welcome, but the status says enough.
            let words = try? await wholeBody(isolation: actor)
            throw ChatError(status: reply.status, body: words ?? [], at: endpoint)
        }
        if reply.mediaType == "application/json" {
            let piece = try decode(await wholeBody(isolation: actor))
            try take(piece)
            isComplete = true
            finish()
        } else if reply.mediaType == "text/html" {
            let message = "\(endpoint.url) answers with a web page: llm.base_url is not the address of the API"
            throw ChatError(.garbage, message)
        }
    }

    /// The next piece of the answer; nil at its end.
    mutating func next(isolation actor: isolated (any Actor)?) async throws(ChatError) -> String? {
        while ready.isEmpty {
            if let fault { throw fault }
            guard var body else { return nil }
            let part = try await body.next(isolation: actor)
            self.body = body
            do throws(ChatError) {
                if let part { try take(part) } else { try endOfBody() }
            } catch {
                fault = error
            }
        }
        return ready.removeFirst()
    }

    private mutating func take(_ part: [UInt8]) throws(ChatError) {
        bytes += part.count
        guard bytes <= endpoint.maximumBytes else {
            throw ChatError(
                .garbage,
                "\(endpoint.baseURL) sent more than \(endpoint.maximumBytes) bytes for one answer"
            )
        }
        do {
            for event in try events.append(part) { try take(event) }
        } catch let error as ChatError {
            throw error
        } catch {
            throw ChatError(.garbage, "\(endpoint.baseURL) sent an event without an end: it is no chat endpoint")
        }
    }

    private mutating func take(_ event: ServerSentEvents.Event) throws(ChatError) {
        guard body != nil, !event.data.isEmpty else { return }
        guard event.data != "[DONE]" else {
            isComplete = true
            return finish()
        }
        try take(decode(Array(event.data.utf8)))
    }

    private mutating func take(_ piece: ChatPiece) throws(ChatError) {
        if let fault = piece.error {
            let words = ChatFault.presentable(fault.message, without: endpoint.key)
            throw ChatError(.failed, "\(endpoint.baseURL) failed: \(words)")
        }
        if piece.isLast { isComplete = true }
        let text = filter.append(piece.text)
        if !text.isEmpty { ready.append(text) }
    }

    private func decode(_ bytes: [UInt8]) throws(ChatError) -> ChatPiece {
        guard let piece = ChatPiece(json: bytes) else {
            let words = ChatFault.presentable(String(decoding: bytes.prefix(200), as: UTF8.self), without: endpoint.key)
            throw ChatError(.garbage, "\(endpoint.baseURL) sent what is no piece of a chat answer: \(words)")
        }
        return piece
    }

    private mutating func endOfBody() throws(ChatError) {
        if let event = events.finish() { try take(event) }
        guard isComplete else {
            throw ChatError(.cutShort, "\(endpoint.baseURL) ended its answer in the middle")
        }
        finish()
    }

    private mutating func finish() {
        let rest = filter.finish()
        if !rest.isEmpty { ready.append(rest) }
        body = nil
    }

    private mutating func wholeBody(isolation actor: isolated (any Actor)?) async throws(ChatError) -> [UInt8] {
        var whole: [UInt8] = []
        while var body, let part = try await body.next(isolation: actor) {
            self.body = body
            whole += part
            guard whole.count <= Self.longestBody else {
                throw ChatError(
                    .garbage,
                    "\(endpoint.baseURL) answers with more than \(Self.longestBody) bytes at once"
                )
            }
        }
        return whole
    }
}

extension ChatError {
    /// What a status means for whoever set the endpoint up.
    init(status: Int, body: [UInt8], at endpoint: ChatEndpoint) {
        let words = ChatFault.words(of: body, without: endpoint.key)
        let name = endpoint.baseURL
        let said = words.isEmpty ? "status \(status)" : "status \(status): \(words)"
        switch status {
        case 401, 403:
            let remedy = endpoint.key == nil ? "set RKVOICE_LLM_API_KEY" : "check RKVOICE_LLM_API_KEY"
            self.init(.unauthorized, "\(name) wants another key (\(said)): \(remedy)")
        case 404, 405:
            let remedy = "check llm.base_url, which mostly ends in /v1, and llm.model, which is \(endpoint.model)"
            self.init(.notFound, "\(name) does not know the address or the model (\(said)): \(remedy)")
        case 408, 429, 503: self.init(.overloaded, "\(name) has too much to do (\(said)): try again later")
        case 500...599: self.init(.failed, "\(name) failed (\(said))")
        case 300...399:
            self.init(.refused, "\(name) sends questions elsewhere (\(said)): give the new address as llm.base_url")
        default: self.init(.refused, "\(name) does not take the question (\(said))")
        }
    }
}
