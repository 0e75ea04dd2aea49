/// What was said so far, as far as it was heard. Bounded: the oldest is forgotten first.
package struct ChatHistory: Sendable, Equatable {
    private struct Exchange: Sendable, Equatable {
        var turn: Int
        var question: String
        var answer: String

        var characters: Int { question.count + answer.count }
    }

    private let turns: Int
    private let characters: Int
    private var exchanges: [Exchange] = []

    /// - Parameters:
    ///   - turns: exchanges kept.
    ///   - characters: characters kept, of questions and answers together.
    package init(turns: Int, characters: Int) {
        self.turns = max(0, turns)
        self.characters = max(0, characters)
    }

    /// Exchanges kept now.
    package var count: Int { exchanges.count }

    /// Keeps a turn.
    /// - Parameters:
    ///   - turn: its number.
    ///   - question: what the user said; empty where nobody asked.
    ///   - heard: what the user has heard of the answer; may be empty.
    package mutating func add(_ turn: Int, question: String, heard: String) {
        guard !(question.isEmpty && heard.isEmpty) else { return }
        exchanges.append(Exchange(turn: turn, question: question, answer: heard))
        shorten()
    }

    /// Corrects what was heard of a turn; nothing happens if it is forgotten by now.
    package mutating func amend(_ turn: Int, heard: String) {
        guard let index = exchanges.firstIndex(where: { $0.turn == turn }) else { return }
        exchanges[index].answer = heard
        shorten()
    }

    /// What a language model is told: system prompt, exchanges, the question. Of an answer that nobody heard there is no
    /// message: several of the user's may follow one another.
    package func messages(system: String?, question: String) -> [ChatMessage] {
        var messages = system.map { [ChatMessage(.system, $0)] } ?? []
        func add(_ role: ChatMessage.Role, _ text: String) {
            if !text.isEmpty { messages.append(ChatMessage(role, text)) }
        }
        for exchange in exchanges {
            add(.user, exchange.question)
            add(.assistant, exchange.answer)
        }
        add(.user, question)
        return messages
    }

    private mutating func shorten() {
        while exchanges.count > turns { exchanges.removeFirst() }
        var total = exchanges.reduce(0) { $0 + $1.characters }
        while total > characters, exchanges.count > 1 { total -= exchanges.removeFirst().characters }
        guard total > characters, !exchanges.isEmpty else { return }
        // Of a single exchange that is too long the end of the answer is what a next question refers to.
        exchanges[0].question = String(exchanges[0].question.prefix(characters / 2))
        exchanges[0].answer = String(exchanges[0].answer.suffix(characters - exchanges[0].question.count))
    }
}
