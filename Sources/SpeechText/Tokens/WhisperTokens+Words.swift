extension WhisperTokens {
    /// A word as its tokens spell it, the space before it included.
    package struct Word: Sendable, Equatable {
        /// Such as ` fox`; punctuation stands alone.
        package var text: String
        /// Its tokens, counted from the first of the run.
        package var tokens: Range<Int>
    }

    /// The words of a run of text tokens. Port of `split_to_word_tokens` of openai/whisper, exact on UTF-8.
    /// - Parameters:
    ///   - ids: text tokens; special ones give nothing.
    ///   - isSpaced: whether the language has spaces between words; without, every whole character is a word.
    /// - Returns: the words in order; all tokens belong to one.
    package func words(of ids: [Int], isSpaced: Bool) -> [Word] {
        let characters = wholeCharacters(of: ids)
        guard isSpaced else { return characters }
        return characters.reduce(into: []) { words, part in
            if words.isEmpty || part.text.hasPrefix(" ") || Self.isPunctuation(part.text) {
                words.append(part)
            } else {
                words[words.count - 1].text += part.text
                words[words.count - 1].tokens = words[words.count - 1].tokens.lowerBound..<part.tokens.upperBound
            }
        }
    }

    /// Tokens joined until they end with a character.
    private func wholeCharacters(of ids: [Int]) -> [Word] {
        var parts: [Word] = []
        var held: [UInt8] = []
        var start = 0
        for (index, id) in ids.enumerated() {
            held += self[id]
            guard UnfinishedCharacter.length(atEndOf: held) == 0 || index == ids.count - 1 else { continue }
            parts.append(Word(text: String(decoding: held, as: UTF8.self), tokens: start..<index + 1))
            held = []
            start = index + 1
        }
        return parts
    }

    /// As Python's `text.strip() in string.punctuation`, which is true of nothing at all too.
    private static func isPunctuation(_ text: String) -> Bool {
        let marks = ##"!"#$%&'()*+,-./:;<=>?@[\]^_`{|}~"##
        let bare = text.filter { !$0.isWhitespace }
        return bare.isEmpty || marks.contains(bare)
    }
}
