import Conversation
import Testing

@Suite("A chat endpoint over HTTP", .timeLimit(.minutes(5))) struct HTTPChatTransportTests {
    /// Asks a scripted server once.
    private func ask(
        _ server: RawServer,
        port other: Int? = nil,
        _ change: @escaping @Sendable (inout ChatEndpoint) -> Void = { _ in }
    ) async throws -> (text: String, error: ChatError?) {
        try await server.serving { port in
            let key = try ChatKey("sk-secret")
            var endpoint = try ChatEndpoint(baseURL: "http://127.0.0.1:\(other ?? port)/v1", model: "small", key: key)
            endpoint.retries.attempts = 1
            change(&endpoint)
            let transport = HTTPChatTransport(for: endpoint)
            let result = await answer(OpenAIChat(endpoint: endpoint, transport: transport))
            await transport.shutdown()
            return result
        }
    }

    private func answer(_ chat: OpenAIChat) async -> (text: String, error: ChatError?) {
        var text = ""
        do throws(ChatError) {
            var pieces = chat.answer(to: [ChatMessage(.user, "hello")]).makeAsyncIterator()
            while let piece = try await pieces.next(isolation: #isolation) { text += piece }
            return (text, nil)
        } catch {
            return (text, error)
        }
    }

    @Test("A streamed answer comes whole, the key goes in the header alone") func streamed() async throws {
        let server = RawServer([
            RawServer.head(), RawServer.chunk(ChatEvents.delta("Hel")),
            RawServer.chunk(ChatEvents.delta("lo.") + ChatEvents.stop), RawServer.chunk(ChatEvents.done), RawServer.end,
        ])
        let (text, error) = try await ask(server)
        #expect(text == "Hello." && error == nil, "\(error?.message ?? "")")
        let request = try #require(server.log.requests.first)
        #expect(request.hasPrefix("POST /v1/chat/completions HTTP/1.1\r\n"))
        #expect(request.contains("Bearer sk-secret") && request.occurrences(of: "sk-secret") == 1)
    }

    @Test("A connection that breaks in the middle is told") func broken() async throws {
        let server = RawServer([RawServer.head(), RawServer.chunk(ChatEvents.delta("Hel"))])
        let (text, error) = try await ask(server)
        #expect(text == "Hel" && error?.code == .cutShort, "\(String(describing: error))")
    }

    @Test("An endpoint that says nothing is given up") func silent() async throws {
        let server = RawServer([RawServer.head(), .wait])
        let (_, error) = try await ask(server) { $0.readTimeout = .milliseconds(200) }
        #expect(error?.code == .timedOut, "\(String(describing: error))")
    }

    @Test("Nobody at the address is told, with what to check") func nobody() async throws {
        let (_, error) = try await ask(RawServer([]), port: 1)
        #expect(error?.code == .unreachable && error?.message.contains("llm.base_url") == true)
        #expect(error?.message.contains("sk-secret") == false)
    }

    @Test("What is no HTTP is told") func garbage() async throws {
        let (_, error) = try await ask(RawServer([.send("220 mail.example ESMTP\r\n")]))
        #expect(error != nil)
    }

    @Test("A question is not carried elsewhere") func redirect() async throws {
        let server = RawServer([
            RawServer.head("307 Temporary Redirect", more: "Location: http://127.0.0.1:1/\r\n"), RawServer.end,
        ])
        let (_, error) = try await ask(server)
        #expect(error?.code == .refused && server.log.requests.count == 1)
    }

    @Test("Cancelling closes the connection, so that the endpoint can stop") func cancelled() async throws {
        let server = RawServer([RawServer.head(), RawServer.chunk(ChatEvents.delta("Hel")), .wait])
        let log = server.log
        try await server.serving { port in
            let endpoint = try ChatEndpoint(baseURL: "http://127.0.0.1:\(port)/v1", model: "small", key: nil)
            let transport = HTTPChatTransport(for: endpoint)
            let chat = OpenAIChat(endpoint: endpoint, transport: transport)
            let task = Task { await answer(chat) }
            while log.requests.isEmpty { await Task.yield() }
            task.cancel()
            _ = await task.value
            while log.closed == 0 { await Task.yield() }
            await transport.shutdown()
        }
    }
}

extension String {
    /// How often a text occurs.
    fileprivate func occurrences(of text: String) -> Int { ranges(of: text).count }
}
