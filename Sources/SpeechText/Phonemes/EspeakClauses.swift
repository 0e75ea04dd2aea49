/// A clause as espeak-ng reports it: its phonemes, and how far it had read when it gave them.
package struct EspeakSpan: Sendable, Equatable {
    /// IPA.
    package let phonemes: String
    /// Bytes of the text read so far: the clause, the white space after it and one scalar of look-ahead.
    package let end: Int

    /// A span.
    package init(phonemes: String, end: Int) {
        self.phonemes = phonemes
        self.end = end
    }
}

extension PhonemeClause {
    /// The clauses with their terminators, which espeak-ng 1.51 swallows: they are read from the text it consumed.
    ///
    /// Reference: the clauses of piper-tts 1.8.0, exact in 20,000 random texts of words and marks
    /// (`Tests/SpeechTextTests/Fixtures/make_piper_clauses.py`).
    ///
    /// - Parameters:
    ///   - text: The text that was sent.
    ///   - spans: The answer, with growing ends; the last one ends where the text does.
    /// - Returns: As many clauses as spans; nothing if an end lies outside the text or inside a scalar.
    package static func clauses(of text: String, spans: [EspeakSpan]) -> [PhonemeClause]? {
        let utf8 = text.utf8
        var start = utf8.startIndex
        var clauses: [PhonemeClause] = []
        clauses.reserveCapacity(spans.count)
        var read = utf8.startIndex
        var readCount = 0
        for (index, span) in spans.enumerated() {
            guard span.end >= readCount,
                let next = utf8.index(read, offsetBy: span.end - readCount, limitedBy: utf8.endIndex),
                let end = next.samePosition(in: text.unicodeScalars)
            else { return nil }
            (read, readCount) = (end, span.end)
            let isLast = index == spans.count - 1
            var clauseEnd = end
            if !isLast, clauseEnd > start { clauseEnd = text.unicodeScalars.index(before: clauseEnd) }
            let ending = ClauseEnding(of: text.unicodeScalars[start..<clauseEnd], isLast: isLast)
            clauses.append(
                PhonemeClause(
                    phonemes: span.phonemes,
                    terminator: ending.terminator,
                    endsSentence: ending.endsSentence
                )
            )
            start = clauseEnd
        }
        return clauses
    }
}

/// How a clause ends, read from its text.
struct ClauseEnding: Equatable {
    var terminator: Character?
    var endsSentence: Bool

    init(_ terminator: Character?, endsSentence: Bool) {
        self.terminator = terminator
        self.endsSentence = endsSentence
    }

    /// - Parameters:
    ///   - clause: The text of the clause with the white space after it.
    ///   - isLast: Whether the text ends here.
    init(of clause: Substring.UnicodeScalarView, isLast: Bool) {
        var rest = clause
        var newlines = 0
        while let last = rest.last, last.properties.isWhitespace {
            if last == "\n" { newlines += 1 }
            // The paragraph separator is a blank line in one character.
            if last == "\u{2029}" { newlines += 2 }
            rest.removeLast()
        }
        // A blank line ends the paragraph, whatever mark stands before it.
        if newlines >= 2 {
            self.init(nil, endsSentence: true)
            return
        }
        while let last = rest.last, last.properties.isWhitespace || Self.closers.contains(last) { rest.removeLast() }
        // Of several marks the first one counts: "?!" asks, "etc.," is a full stop.
        var marks: [Unicode.Scalar] = []
        while let last = rest.last, Self.marks[last] != nil {
            marks.append(last)
            rest.removeLast()
        }
        guard let first = marks.last, let ending = Self.marks[first] else {
            self.init(nil, endsSentence: isLast)
            return
        }
        let dots = marks.reversed().prefix { $0 == "." }.count
        self = dots >= 3 ? ClauseEnding(nil, endsSentence: false) : ending
    }
}
