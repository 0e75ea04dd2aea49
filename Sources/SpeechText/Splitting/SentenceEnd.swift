/// A place where a sentence may end: the marks, and the token before them.
struct SentenceEnd: Sendable {
    enum Decision: Equatable {
        case ends
        case goesOn
        /// An abbreviation that often ends a sentence: the word after it tells.
        case askTheNextWord
    }

    /// Where the token before the marks stands in the piece; a token is what stands between white space.
    let token: Range<Int>
    /// Where to cut: after the marks and the closing quotes and brackets.
    private(set) var cut: Int
    private var dots = 0
    private var asks = false
    private var isWide = false
    private var isClosed = false

    init(token: Range<Int>) {
        self.token = token
        cut = token.upperBound
    }

    /// Takes one more mark or closer.
    mutating func extend(with scalar: Unicode.Scalar, cut: Int) {
        self.cut = cut
        if scalar == "." {
            dots += 1
        } else if scalar == "…" {
            dots += 3
        } else if TextMarks.wideStops.contains(scalar) {
            isWide = true
        } else if TextMarks.stops.contains(scalar) {
            asks = true
        } else {
            isClosed = true
        }
    }

    /// Whether a scalar right after the marks closes a quote or a bracket. A left quote does so in German („So.“), but
    /// opens the next sentence where there is no space between sentences (他来了。“你好”).
    func takesCloser(_ scalar: Unicode.Scalar) -> Bool {
        TextMarks.closers.contains(scalar) || (!isWide && TextMarks.leftQuotes.contains(scalar))
    }

    /// Whether the sentence ends although no white space follows, as it does in Chinese and Japanese.
    func endsBefore(_ scalar: Unicode.Scalar) -> Bool {
        guard isWide || (asks && TextMarks.isChineseOrJapanese(scalar)) else { return false }
        // 「はい。」と言った: the quote is a part of the sentence.
        return !(isClosed && TextMarks.isHiragana(scalar))
    }

    /// Whether the sentence ends, now that white space and the first scalar of the next word are known.
    func decision(in piece: [Unicode.Scalar], before next: Unicode.Scalar) -> Decision {
        let isLower = next.properties.isLowercase
        if isWide { return .ends }
        // "Stop!" he said.
        if asks { return isClosed && isLower ? .goesOn : .ends }
        if dots > 1 { return isLower ? .goesOn : .ends }
        return decisionAfterDot(in: piece, before: next, isLower: isLower)
    }

    private func decisionAfterDot(
        in piece: [Unicode.Scalar],
        before next: Unicode.Scalar,
        isLower: Bool
    ) -> Decision {
        let word = piece[token].drop { !$0.properties.isAlphabetic && $0.properties.numericType == nil }
        if word.count == 1, let letter = word.first, letter.properties.isAlphabetic {
            return decisionAfterLetter(letter, in: piece)
        }
        // "1. First": the number of a list.
        if token.lowerBound == 0, !word.isEmpty, word.allSatisfy({ $0.properties.numericType != nil }) {
            return .goesOn
        }
        switch Abbreviations.kind(of: word) {
        case .title: return .goesOn
        case .beforeNumber where next.properties.numericType != nil: return .goesOn
        case .maybeLast where !isLower: return next.properties.isAlphabetic ? .askTheNextWord : .goesOn
        case .beforeNumber where !isLower: return .ends
        case .maybeLast, .beforeNumber: return .goesOn
        case nil: break
        }
        guard isLower else { return .ends }
        // "hello there. how are you" ends; an unknown short word is rather an abbreviation.
        return word.count >= 4 && word.allSatisfy(\.properties.isAlphabetic) ? .ends : .goesOn
    }

    /// One letter is an initial ("J. R. R. Tolkien", "a. first"), but for the pronoun ("So did I.").
    private func decisionAfterLetter(_ letter: Unicode.Scalar, in piece: [Unicode.Scalar]) -> Decision {
        guard TextMarks.isLatinGreekOrCyrillic(letter) else { return .ends }
        let before = token.lowerBound >= 2 ? piece[token.lowerBound - 2] : nil
        return letter == "I" && before?.properties.isLowercase == true ? .ends : .goesOn
    }
}
