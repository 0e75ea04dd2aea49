/// Turns text into phonemes, clause by clause.
package protocol Phonemizer: Sendable {
    /// The clauses of a text in order. A text without words gives no clause, or clauses without phonemes.
    ///
    /// - Parameters:
    ///   - text: Plain text, at most 64 KiB of UTF-8.
    ///   - voice: A voice or language name as the phonemizer knows it, for example `en-us`.
    /// - Returns: The clauses with their marks.
    /// - Throws: `unknownVoice`, `textTooLong`, `notInstalled`, `phonemizerFailed` or `cancelled`.
    func clauses(of text: String, voice: String) async throws(PhonemeError) -> [PhonemeClause]
}

/// One clause: what is spoken in one breath, and the mark that ends it.
package struct PhonemeClause: Sendable, Equatable {
    /// IPA, with stress marks, words separated by spaces; it may hold language flags such as `(en)`.
    package var phonemes: String
    /// One of `. , ? ! : ;`, or nothing where the text has no such mark (a paragraph's end, an ellipsis, 。).
    package var terminator: Character?
    /// Whether a sentence ends here; a voice is given one sentence at a time.
    package var endsSentence: Bool

    /// A clause.
    package init(phonemes: String, terminator: Character?, endsSentence: Bool) {
        self.phonemes = phonemes
        self.terminator = terminator
        self.endsSentence = endsSentence
    }
}
