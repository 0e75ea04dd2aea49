package import Speech

/// What comes from the client of a dialogue.
package enum DialogueInput: Sendable {
    /// What the microphone hears: mono at the recognizer's rate. Positions are ignored.
    case audio(AudioChunk)
    /// A hint that the speaker may be done.
    case pause
    /// The speaker is done: the text now.
    case endOfUtterance
    /// No more sound; what was heard is answered, and questions may still be typed.
    case audioEnded
    /// A typed question. One that does not wait ends the turn that is answered.
    case question(String, interrupts: Bool = false)
    /// Words to be spoken as they are, in place of an answer; cut anywhere, more may follow.
    case words(String)
    /// The words are all there.
    case wordsEnded
    /// No more of the current turn, nor of those that wait.
    case abort
    /// How much of a turn's sound the client has played, from its beginning.
    case played(turn: Int, Duration)
}
