import Conversation
import Speech
import Testing

@Suite("A dialogue", .timeLimit(.minutes(5))) struct DialogueTests {
    private func dialogue(
        _ chat: any ChatModel = EchoChat(),
        voice: CountedVoice = CountedVoice(),
        _ change: (inout DialogueOptions) -> Void = { _ in }
    ) -> Dialogue {
        var options = DialogueOptions()
        options.rules.limits.lead = nil
        change(&options)
        return Dialogue(recognizer: LoudRecognizer(), chat: chat, synthesizer: voice, options: options)
    }

    /// Reads a dialogue to its end.
    private func notes(
        _ dialogue: Dialogue,
        _ client: TestClient,
        _ onEvent: (DialogueEvent, ClientNotes) -> Void = { _, _ in }
    ) async -> ClientNotes {
        var (notes, events) = (ClientNotes(), dialogue.events(of: client).makeAsyncIterator())
        while let event = await events.next(isolation: #isolation) {
            notes.take(event)
            onEvent(event, notes)
        }
        return notes
    }

    @Test("A typed question is answered, spoken, and the dialogue closes after the last one") func typed() async {
        let client = TestClient([.question("One two. Three."), .question("Four.")])
        client.finish()
        let notes = await notes(dialogue(), client)
        #expect(notes.reports.values.allSatisfy { $0.outcome == .done } && notes.reports.count == 2)
        #expect(notes.answer(1) == "One two. Three." && notes.answer(2) == "Four.")
        #expect(notes.frames[1] == ("One two.".count + "Three.".count) * CountedVoice.framesPerCharacter)
        #expect(notes.reports[1]?.sent == notes.frames[1].map(Double.init))
        #expect(notes.isClosed && notes.failure == nil)
    }

    @Test("A spoken turn is heard, answered by its echo, and its latency adds up") func spoken() async throws {
        let client = TestClient([TestClient.sound(0.5), TestClient.sound(0.5), TestClient.sound(0)])
        client.finish()
        let notes = await notes(dialogue(), client)
        #expect(notes.answer(1) == "hello there" && notes.reports[1]?.outcome == .done)
        let latency = try #require(notes.events.last { $0.turn == 1 }?.latency)
        let steps = TurnLatency.Step.allCases.dropLast().compactMap { latency.length(of: $0) }
        #expect(steps.count == 5)
        #expect(latency.length(of: .total) == steps.reduce(.zero, +))
    }

    @Test("An interruption ends the turn, nothing of it follows, and the ledger is what the client counted")
    func interrupted() async {
        for trial in 0..<20 {
            let isAborted = trial.isMultiple(of: 2)
            let chat = ScriptedChat(["One two three four five six seven. "], then: .again)
            let client = TestClient([.question("count")])
            var hasStopped = false
            // At the pace of a listener the answer would take half an hour: the interruption is never too late.
            let notes = await notes(dialogue(chat) { $0.rules.limits.lead = .milliseconds(500) }, client) {
                event,
                notes in
                if case .answer = event.content, event.turn == 2 {
                    client.send(.abort)
                    client.finish()
                }
                guard !hasStopped, notes.frames[1, default: 0] > trial % 5 * 100 else { return }
                hasStopped = true
                client.send(isAborted ? .abort : TestClient.sound(0.5))
                if isAborted { client.finish() } else { client.send(TestClient.sound(0)) }
            }
            #expect(notes.reports[1]?.outcome == .cancelled(isAborted ? .abort : .speech), "trial \(trial)")
            #expect(notes.late == 0)
            #expect(notes.reports[1]?.sent == Double(notes.frames[1, default: 0]))
            #expect(chat.conversations.count == (isAborted ? 1 : 2))
        }
    }

    @Test("Nothing is worked out far ahead of a client that does not read") func pulled() async {
        let voice = CountedVoice()
        let chat = ScriptedChat(["One two. Three four. "], then: .again)
        let client = TestClient([.question("count")])
        var events = dialogue(chat, voice: voice).events(of: client).makeAsyncIterator()
        while let event = await events.next() { if case .audio = event.content { break } }
        for _ in 0..<1_000 { await Task.yield() }
        #expect(voice.chunks == 1)
    }

    @Test("A model that breaks off is told, and the turn has failed") func brokenOff() async {
        let error = ChatError(.cutShort, "it ended in the middle")
        let client = TestClient([.question("count")])
        client.finish()
        let notes = await notes(dialogue(ScriptedChat(["One two"], then: .failure(error))), client)
        let failure = TurnFailure(.languageModel, "cut_short", "it ended in the middle")
        #expect(notes.reports[1]?.outcome == .failed(failure))
        #expect(notes.frames[1] == "One two".count * CountedVoice.framesPerCharacter)
    }

    @Test("A model that says nothing is given up, and cancelled") func silent() async {
        let chat = ScriptedChat([], then: .silence)
        let client = TestClient([.question("count")])
        client.finish()
        let notes = await notes(dialogue(chat) { $0.rules.timeouts.firstToken = .milliseconds(50) }, client)
        guard case .failed(let failure) = notes.reports[1]?.outcome else {
            Issue.record("it was not given up")
            return
        }
        #expect(failure.code == "timed_out" && failure.stage == .languageModel)
        while chat.cancelled == 0 { await Task.yield() }
    }

    @Test("An answer without an end is cut and told") func endless() async {
        let chat = ScriptedChat(["One two three four. "], then: .again)
        let client = TestClient([.question("count")])
        client.finish()
        let notes = await notes(dialogue(chat) { $0.rules.limits.answerCharacters = 500 }, client)
        #expect(notes.reports[1]?.isTruncated == true && notes.answer(1).count == 500)
    }

    @Test("A voice that fails fails its turn, and the next one is answered") func voiceFails() async {
        let voice = CountedVoice(failure: SpeechError(.modelFailed, "no sound"))
        let client = TestClient([.question("one"), .question("two")])
        client.finish()
        let notes = await notes(dialogue(voice: voice), client)
        let failure = TurnFailure(.voice, "modelFailed", "no sound")
        #expect(notes.reports[1]?.outcome == .failed(failure) && notes.reports[2]?.outcome == .failed(failure))
    }

    @Test("A sentence that the voice has no sound for is passed over") func soundless() async {
        let voice = CountedVoice(failure: SpeechError(.invalidText, "nothing to say"))
        let client = TestClient([.question("one")])
        client.finish()
        let notes = await notes(dialogue(voice: voice), client)
        #expect(notes.reports[1]?.outcome == .done && notes.reports[1]?.generated == 0)
    }

    @Test("A recognizer that fails ends the dialogue, and says so") func recognizerFails() async {
        let notes = await notes(dialogue(), TestClient([TestClient.sound(2)]))
        #expect(notes.failure?.stage == .recognition && notes.failure?.message == "it is too loud")
    }

    @Test("A dialogue that is dropped cancels its model") func dropped() async {
        let chat = ScriptedChat(["One two. Three"], then: .silence)
        do {
            var events = dialogue(chat).events(of: TestClient([.question("count")])).makeAsyncIterator()
            while let event = await events.next() { if case .audio = event.content { break } }
        }
        while chat.cancelled == 0 { await Task.yield() }
    }
}
