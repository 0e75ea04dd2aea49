import Conversation
import Testing

@Suite("What a language model is told again") struct ChatHistoryTests {
    @Test("The prompt, what was asked and heard, the question") func order() {
        var history = ChatHistory(turns: 4, characters: 1_000)
        history.add(1, question: "who are you?", heard: "a voice")
        let messages = history.messages(system: "Be brief.", question: "and where?")
        #expect(messages.map(\.role) == [.system, .user, .assistant, .user])
        #expect(messages.map(\.text) == ["Be brief.", "who are you?", "a voice", "and where?"])
    }

    @Test("A question whose answer nobody heard stands before the next one") func unheard() {
        var history = ChatHistory(turns: 4, characters: 1_000)
        history.add(1, question: "what is", heard: "")
        let messages = history.messages(system: nil, question: "the time?")
        #expect(messages == [ChatMessage(.user, "what is"), ChatMessage(.user, "the time?")])
    }

    @Test("The oldest is forgotten, by count and by length") func bounded() {
        var history = ChatHistory(turns: 2, characters: 30)
        for turn in 1...3 { history.add(turn, question: "q\(turn)", heard: "a\(turn)") }
        #expect(history.messages(system: nil, question: "?").map(\.text) == ["q2", "a2", "q3", "a3", "?"])
        history.add(4, question: "q4", heard: String(repeating: "x", count: 100))
        let messages = history.messages(system: nil, question: "?")
        #expect(messages.map(\.text) == ["q4", String(repeating: "x", count: 28), "?"])
    }

    @Test("What turned out not to be heard is corrected") func amended() {
        var history = ChatHistory(turns: 2, characters: 100)
        history.add(1, question: "q", heard: "all of it")
        history.amend(1, heard: "all")
        history.amend(9, heard: "nothing")
        #expect(history.messages(system: nil, question: "?").map(\.text) == ["q", "all", "?"])
    }

    @Test("Nothing kept is possible") func none() {
        var history = ChatHistory(turns: 0, characters: 0)
        history.add(1, question: "q", heard: "a")
        #expect(history.messages(system: nil, question: "?") == [ChatMessage(.user, "?")])
    }
}
