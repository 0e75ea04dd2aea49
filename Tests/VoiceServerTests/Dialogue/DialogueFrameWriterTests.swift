import Conversation
import Speech
import Testing
import Transport
import VoiceServer

@Suite("What /dialogue tells") struct DialogueFrameWriterTests {
    private func told(_ events: [DialogueEvent], sendsEvents: Bool) throws -> [WebSocketMessage] {
        var writer = DialogueFrameWriter(phase: DialoguePhase(sendsEvents: sendsEvents), simulated: nil)
        return try events.flatMap { try writer.frames(for: $0) }
    }

    @Test("A client of the seed gets the rate, sound and done, at every turn again") func seed() throws {
        var dialogue = ToldDialogue()
        let events = dialogue.answered("Hi", turn: 1) + dialogue.answered("Hi", turn: 2)
        let frames = try told(events, sendsEvents: false)
        let turn = ["4 bytes", "1600 bytes", "1600 bytes", "done"]
        #expect(frames.map(shown) == turn + turn)
        #expect(member("done", of: frames[3]) == true)
        // The frame with the rate counts, as the seed counts it.
        #expect(member("chunks", of: frames[3]) == 3)
        #expect(member("chunks", of: frames[7]) == 3)
    }

    @Test("Who asks for events is told all of them, in order") func events() throws {
        var dialogue = ToldDialogue()
        let frames = try told(dialogue.answered("Hi", turn: 1), sendsEvents: true)
        let expected = [
            "final", "answer", "sentence", "4 bytes", "1600 bytes", "1600 bytes", "sentence_done", "done",
        ]
        #expect(frames.map(shown) == expected)
    }

    @Test("An empty text is told in the seed's words") func emptyText() throws {
        var dialogue = ToldDialogue()
        let frames = try told(dialogue.hear(.question(" ", interrupts: false)), sendsEvents: false)
        #expect(frames.count == 1)
        #expect(member("error", of: frames.first) == "empty text")
        #expect(member("done", of: frames.first) == nil)
        #expect(member("chunks", of: frames.first) == 0)
    }

    @Test("A failure has the seed's words, and why") func failure() throws {
        var dialogue = ToldDialogue()
        let failure = TurnFailure(.languageModel, "unreachable", "nobody answers at the address")
        let events = dialogue.hear(.question("Hi", interrupts: false), .answerFailed(turn: 1, failure))
        let last = try told(events, sendsEvents: false).last
        #expect(member("error", of: last) == "dialogue streaming failed")
        #expect(member("code", of: last) == "unreachable")
        #expect(member("stage", of: last) == "language_model")
    }

    @Test("An interrupted turn says by what, and what was sent") func interrupted() throws {
        var dialogue = ToldDialogue()
        let events = dialogue.hear(
            .question("Hi", interrupts: false),
            .delta(turn: 1, "Hello. How are you?"),
            .sound(turn: 1, frames: 800),
            .sent(turn: 1, frames: 800),
            .speechStarted
        )
        let frames = try told(events, sendsEvents: false)
        let done = frames.last
        #expect(member("outcome", of: done) == "cancelled")
        #expect(member("reason", of: done) == "speech")
        #expect(member("audio_ms", of: done)?["sent"] == .number(50) || member("audio_ms", of: done)?["sent"] == 50)
    }

    @Test("When the dialogue closes with a failure, the socket does, too") func closed() throws {
        var writer = DialogueFrameWriter(phase: DialoguePhase(sendsEvents: false), simulated: nil)
        let failure = TurnFailure(.recognition, "modelFailed", "the recognizer failed")
        let fault = #expect(throws: ListenFault.self) {
            try writer.frames(for: DialogueEvent(turn: 0, .closed(failure)))
        }
        #expect(fault?.closeCode == 1011)
        #expect(writer.isOver)
    }
}
