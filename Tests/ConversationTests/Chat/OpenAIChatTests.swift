import Conversation
import Testing

@Suite("A chat endpoint") struct OpenAIChatTests {
    /// The pieces of an answer, and what ended it early.
    private func answer(_ chat: some ChatModel) async -> (text: String, error: ChatError?) {
        var text = ""
        do throws(ChatError) {
            var pieces = chat.answer(to: [ChatMessage(.system, "Be brief."), ChatMessage(.user, "hello")])
                .makeAsyncIterator()
            while let piece = try await pieces.next(isolation: #isolation) { text += piece }
            return (text, nil)
        } catch {
            return (text, error)
        }
    }

    private let good = ChatEvents.role + ChatEvents.delta("Hel") + ChatEvents.delta("lo.") + ChatEvents.stop

    @Test("Its answer comes piece by piece, wherever the bytes are cut") func streamed() async throws {
        let whole = good + ChatEvents.usage + ChatEvents.done
        for size in [1, 2, 3, 7, 50, 10_000] {
            let bytes = Array(whole)
            let parts = stride(from: 0, to: bytes.count, by: size).map {
                String(bytes[$0..<min($0 + size, bytes.count)])
            }
            let transport = ScriptedTransport([.reply(200, parts)])
            let (text, error) = await answer(try transport.chat())
            #expect(text == "Hello." && error == nil, "by \(size)")
        }
    }

    @Test("It is told the model, the conversation, and to stream") func question() async throws {
        let transport = ScriptedTransport([.reply(200, [good])])
        _ = await answer(try transport.chat(key: "sk-secret") { $0.sampling.temperature = 0 })
        let question = try #require(transport.questions.first)
        for part in ["\"model\":\"small\"", "\"stream\":true", "\"temperature\":0", "\"role\":\"system\"", "\"hello\""]
        {
            #expect(question.contains(part), "\(question)")
        }
        #expect(!question.contains("sk-secret"))
    }

    @Test("Questions that follow one another are asked as one, as templates want it") func alternating() async throws {
        let transport = ScriptedTransport([.reply(200, [good])])
        let chat = try transport.chat()
        var pieces = chat.answer(to: ["what is", "the time?"].map { ChatMessage(.user, $0) }).makeAsyncIterator()
        while try await pieces.next(isolation: #isolation) != nil {}
        #expect(try #require(transport.questions.first).contains("\"what is\\nthe time?\""))
    }

    @Test("An endpoint that does not stream is understood, too") func whole() async throws {
        let body =
            "{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"Hello.\"},\"finish_reason\":\"stop\"}]}"
        let (text, error) = await answer(try ScriptedTransport([.reply(200, [body], type: "application/json")]).chat())
        #expect(text == "Hello." && error == nil)
    }

    @Test("Attempts without a word are repeated, with longer and longer waits") func repeated() async throws {
        let transport = ScriptedTransport([
            .unreachable, .reply(503, ["{}"], type: "application/json", retryAfter: .seconds(2)), .reply(200, [good]),
        ])
        let (text, error) = await answer(try transport.chat())
        #expect(text == "Hello." && error == nil)
        #expect(transport.waits == [.milliseconds(250), .seconds(2)])
    }

    @Test("An endpoint that is down is told so, with what to check") func down() async throws {
        let transport = ScriptedTransport([])
        let (_, error) = await answer(try transport.chat())
        #expect(error?.code == .unreachable && error?.message.contains("3 attempts") == true)
        #expect(transport.questions.count == 3)
    }

    @Test("Nothing is repeated after the first word") func cutInTheMiddle() async throws {
        let transport = ScriptedTransport([.reply(200, [ChatEvents.delta("Hel")]), .reply(200, [good])])
        let (text, error) = await answer(try transport.chat())
        #expect(text == "Hel" && error?.code == .cutShort)
        #expect(transport.questions.count == 1)
    }

    @Test(
        "What cannot get better is not repeated, and says what to do",
        arguments: [
            (401, "RKVOICE_LLM_API_KEY", ChatError.Code.unauthorized), (404, "llm.model", .notFound),
            (400, "bad prompt", .refused),
            (302, "llm.base_url", .refused),
        ]
    )
    func refused(status: Int, words: String, code: ChatError.Code) async throws {
        let body = "{\"error\":{\"message\":\"bad prompt\\n with sk-secret\"}}"
        let transport = ScriptedTransport([.reply(status, [body], type: "application/json")])
        let (_, error) = await answer(try transport.chat(key: "sk-secret"))
        #expect(error?.code == code && error?.message.contains(words) == true, "\(error?.message ?? "")")
        #expect(error?.message.contains("sk-secret") == false)
        #expect(transport.questions.count == 1)
    }

    @Test(
        "Garbage is called garbage",
        arguments: ["data: {not json}\n\n", "data: {\"unexpected\":1}\n\n", "data: [1,2]\n\n"]
    )
    func garbage(body: String) async throws {
        let (_, error) = await answer(try ScriptedTransport([.reply(200, [body])]).chat())
        #expect(error?.code == .garbage)
    }

    @Test("A web page in place of an answer names the setting") func webPage() async throws {
        let (_, error) = await answer(try ScriptedTransport([.reply(200, ["<html>"], type: "text/html")]).chat())
        #expect(error?.code == .garbage && error?.message.contains("llm.base_url") == true)
    }

    @Test("An error in the middle of a stream is told in the endpoint's words") func errorEvent() async throws {
        let body = ChatEvents.delta("Hel") + "data: {\"error\":{\"message\":\"out of memory\",\"code\":500}}\n\n"
        let (text, error) = await answer(try ScriptedTransport([.reply(200, [body])]).chat())
        #expect(text == "Hel" && error?.code == .failed && error?.message.contains("out of memory") == true)
    }

    @Test("An answer without an end is given up at the limit of bytes") func endless() async throws {
        let parts = [String](repeating: ChatEvents.delta("and on "), count: 1_000)
        let (text, error) = await answer(try ScriptedTransport([.reply(200, parts)]).chat { $0.maximumBytes = 10_000 })
        #expect(!text.isEmpty && error?.code == .garbage)
    }

    @Test("A cancelled answer ends the exchange", .timeLimit(.minutes(5))) func cancelled() async throws {
        let transport = ScriptedTransport([.silent])
        let chat = try transport.chat()
        let task = Task { await answer(chat) }
        while transport.questions.isEmpty { await Task.yield() }
        task.cancel()
        #expect(await task.value.error?.code == .cancelled)
        #expect(transport.cancelled == 1 && transport.questions.count == 1)
    }

    @Test("Nothing is asked before the first piece is wanted") func lazy() throws {
        let transport = ScriptedTransport([.silent])
        _ = try transport.chat().answer(to: [ChatMessage(.user, "hello")])
        #expect(transport.questions.isEmpty)
    }
}

@Suite("Settings of a chat endpoint") struct ChatEndpointTests {
    @Test(
        "Addresses with and without what is added",
        arguments: ["http://a:8080/v1", "http://a:8080/v1/", " http://a:8080/v1/chat/completions"]
    )
    func addresses(url: String) throws {
        let endpoint = try ChatEndpoint(baseURL: url, model: "m", key: nil)
        #expect(endpoint.url == "http://a:8080/v1/chat/completions")
    }

    @Test(
        "Others are refused, and a secret in them is not repeated",
        arguments: ["", "a:8080", "ftp://a/v1", "http://", "http://user:sk-secret@a/v1", "https://a/v1?key=sk-secret"]
    )
    func refused(url: String) {
        let error = #expect(throws: ChatError.self) { try ChatEndpoint(baseURL: url, model: "m", key: nil) }
        #expect(error?.code == .badSettings && error?.message.contains("sk-secret") == false)
    }

    @Test("A key is shown nowhere") func key() throws {
        let key = try ChatKey(" sk-secret\n")
        var dumped = ""
        dump(key, to: &dumped)
        for text in ["\(key)", String(reflecting: key), dumped, "\(Optional(key) as Any)"] {
            #expect(!text.contains("sk-secret"), "\(text)")
        }
        #expect(throws: ChatError.self) { try ChatKey("two\r\nlines") }
    }
}

@Suite("The echo") struct EchoChatTests {
    @Test("It repeats the question, word by word, and says that it does") func repeats() async throws {
        let question = "  One two,\nthree. 四五 "
        var pieces: [String] = []
        for try await piece in EchoChat().answer(to: [ChatMessage(.user, "old"), ChatMessage(.user, question)]) {
            pieces.append(piece)
        }
        #expect(pieces.joined() == question && pieces.count > 3)
        #expect(EchoChat().notice?.contains("llm.base_url") == true)
    }
}
