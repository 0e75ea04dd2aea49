package import Conversation
package import VoiceConfiguration

extension TurnRules {
    /// What a configuration says.
    /// - Parameters:
    ///   - dialogue: how dialogues are held.
    ///   - llm: what answers.
    package init(_ dialogue: Configuration.Dialogue, _ llm: Configuration.LLM) {
        self.init()
        systemPrompt = llm.systemPrompt
        bargeIn = BargeIn(dialogue.bargeIn)
        limits = Limits(dialogue)
        timeouts = Timeouts(dialogue.timeouts)
    }
}

extension TurnRules.BargeIn {
    fileprivate init(_ choice: BargeInChoice) {
        switch choice {
        case .speech: self = .speech
        case .words: self = .words
        case .never: self = .never
        }
    }
}

extension TurnRules.Limits {
    fileprivate init(_ dialogue: Configuration.Dialogue) {
        self.init()
        let limits = dialogue.limits
        lead = dialogue.leadSeconds > 0 ? .seconds(dialogue.leadSeconds) : nil
        sentenceCharacters = limits.sentenceCharacters
        questionCharacters = limits.questionCharacters
        answerCharacters = limits.answerCharacters
        historyTurns = limits.historyTurns
        historyCharacters = limits.historyCharacters
        waitingTurns = limits.waitingTurns
    }
}

extension TurnRules.Timeouts {
    fileprivate init(_ seconds: Configuration.DialogueTimeouts) {
        self.init()
        hearing = .seconds(seconds.hearing)
        recognition = .seconds(seconds.recognition)
        firstToken = .seconds(seconds.firstToken)
        betweenTokens = .seconds(seconds.token)
        firstSound = .seconds(seconds.firstSound)
        betweenSounds = .seconds(seconds.sound)
        clientText = .seconds(seconds.clientText)
        idle = seconds.idle > 0 ? .seconds(seconds.idle) : nil
    }
}
