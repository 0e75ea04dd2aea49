/// What goes wrong between text and numbers: a code to decide on, and a message that says what to do.
package struct SpeechTextError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kinds of failure.
    package enum Code: String, Sendable {
        /// A program or its data is not there: the message names what to install.
        case notInstalled
        /// The phonemizer does not know the voice.
        case unknownVoice
        /// The text is larger than one request may be: split it first.
        case textTooLong
        /// The phonemizer died, or hung, twice on the same text.
        case phonemizerFailed
        /// The caller's task was cancelled.
        case cancelled
        /// A voice's map from phonemes to numbers lacks what every sentence needs.
        case invalidPhonemeMap
        /// A token table is cut short or has bytes left over.
        case invalidTokenTable
        /// A grammar is damaged, or in a format that is not read.
        case invalidGrammar
        /// A lexicon has lines that are no entries; the message names them.
        case invalidLexicon
        /// Phonemes in the text that the voice does not have.
        case unknownPhonemes
    }

    /// The kind of failure.
    package let code: Code
    /// One sentence or two for the user, with the remedy.
    package let message: String

    /// - Parameters:
    ///   - code: The kind of failure.
    ///   - message: What happened and what to do about it.
    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}

/// The name under which phonemizers throw the room's error.
package typealias PhonemeError = SpeechTextError
