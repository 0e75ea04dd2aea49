/// Cuts text into pieces that can be spoken one after the other, while the text is still coming.
///
/// A piece is a sentence, or a part of one that is longer than the limit: cut after a clause mark (`; : , —` and their
/// wide forms), else at a space, else between two characters. No character but white space is lost; white space becomes
/// single spaces. A line break ends a piece always.
///
/// The pieces do not depend on how the text was portioned. A sentence is given as soon as the next one shows its first
/// letter (after `U.S.`, `p.m.`, `etc.`: its first word). It holds at most one piece, and takes linear time.
package struct SentenceSplitter: Sendable {
    private enum State {
        case text
        /// In the marks that may end a sentence.
        case marks(SentenceEnd)
        /// In the white space after them.
        case gap(SentenceEnd)
        /// In the word after that, which begins at the index.
        case word(SentenceEnd, from: Int)
    }

    private let limit: Int
    private var state = State.text
    private var piece: [Unicode.Scalar] = []
    private var counter = CharacterCounter()
    private var tokenStart = 0
    private var lastClause = 0
    private var lastSpace = 0
    private var finished: [String] = []

    /// - Parameter limit: The most characters of a piece; at least 1.
    package init(limit: Int) {
        self.limit = max(1, limit)
    }

    /// Takes more text.
    ///
    /// - Returns: The pieces that are complete now, in order, without white space at their ends.
    package mutating func append(_ text: String) -> [String] {
        for scalar in text.unicodeScalars { take(scalar) }
        defer { finished = [] }
        return finished
    }

    /// The text has ended; the splitter is ready for another.
    ///
    /// - Returns: What was still held back.
    package mutating func finish() -> [String] {
        append("\n")
    }

    private mutating func take(_ scalar: Unicode.Scalar) {
        if TextMarks.isLineBreak(scalar) {
            breakLine()
            return
        }
        switch state {
        case .text: takeText(scalar)
        case .marks(let end): takeMark(scalar, end)
        case .gap(let end): takeGap(scalar, end)
        case .word(let end, let start): takeWord(scalar, end, from: start)
        }
    }

    private mutating func breakLine() {
        if case .word(let end, let start) = state, Abbreviations.startsSentence(piece[start...]) {
            state = .text
            cut(at: end.cut)
        }
        cut(at: piece.count)
    }

    private mutating func takeText(_ scalar: Unicode.Scalar) {
        if scalar.properties.isWhitespace {
            addSpace()
        } else if TextMarks.stops.contains(scalar) {
            startMarks(with: scalar)
        } else {
            add(scalar)
        }
    }

    private mutating func startMarks(with scalar: Unicode.Scalar) {
        var end = SentenceEnd(token: tokenStart..<piece.count)
        end.extend(with: scalar, cut: piece.count + 1)
        state = .marks(end)
        add(scalar)
    }

    private mutating func takeMark(_ scalar: Unicode.Scalar, _ end: SentenceEnd) {
        var end = end
        if TextMarks.stops.contains(scalar) || end.takesCloser(scalar) {
            end.extend(with: scalar, cut: piece.count + 1)
            state = .marks(end)
            add(scalar)
        } else if scalar.properties.isWhitespace {
            state = .gap(end)
            addSpace()
        } else if end.endsBefore(scalar) {
            cut(at: piece.count)
            take(scalar)
        } else {
            state = .text
            takeText(scalar)
        }
    }

    private mutating func takeGap(_ scalar: Unicode.Scalar, _ end: SentenceEnd) {
        if scalar.properties.isWhitespace { return }
        if TextMarks.stops.contains(scalar) {
            var end = end
            end.extend(with: scalar, cut: piece.count + 1)
            state = .marks(end)
            add(scalar)
            return
        }
        switch end.decision(in: piece, before: scalar) {
        case .ends:
            cut(at: end.cut)
            take(scalar)
        case .goesOn:
            state = .text
            takeText(scalar)
        case .askTheNextWord:
            state = .word(end, from: piece.count)
            add(scalar)
        }
    }

    private mutating func takeWord(_ scalar: Unicode.Scalar, _ end: SentenceEnd, from start: Int) {
        let isPart = scalar.properties.isAlphabetic && piece.count - start <= Abbreviations.longestStarter
        if isPart {
            add(scalar)
            return
        }
        let endsBefore = Abbreviations.startsSentence(piece[start...])
        state = .text
        if endsBefore { cut(at: end.cut) }
        take(scalar)
    }

    private mutating func addSpace() {
        guard let last = piece.last, last != " " else { return }
        if TextMarks.endsClause(piece) { lastClause = piece.count }
        if counter.count == limit {
            cut(at: piece.count)
            return
        }
        lastSpace = piece.count
        counter.add(" ")
        piece.append(" ")
        tokenStart = piece.count
    }

    /// The state must be set before: what does not fit starts over in the next piece.
    private mutating func add(_ scalar: Unicode.Scalar) {
        if counter.count == limit, counter.startsCharacter(scalar) {
            cut(at: bestCut())
            take(scalar)
            return
        }
        counter.add(scalar)
        piece.append(scalar)
        if TextMarks.wideClauseMarks.contains(scalar) { lastClause = piece.count }
    }

    /// A clause, unless it would leave a snippet; the third that is asked of it also keeps the work linear.
    private func bestCut() -> Int {
        if lastClause * 3 >= piece.count { return lastClause }
        return lastSpace > 0 ? lastSpace : piece.count
    }

    /// Gives what stands before the index, and reads the rest again as the start of the next piece.
    private mutating func cut(at index: Int) {
        let rest = piece[index...]
        var text = String.UnicodeScalarView(piece[..<index])
        if text.last == " " { text.removeLast() }
        if !text.isEmpty { finished.append(String(text)) }
        state = .text
        piece = []
        counter = CharacterCounter()
        (tokenStart, lastClause, lastSpace) = (0, 0, 0)
        for scalar in rest { take(scalar) }
    }
}
