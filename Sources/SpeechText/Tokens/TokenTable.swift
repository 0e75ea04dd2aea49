/// The pieces of text that a recognizer's tokens stand for, by number.
///
/// FunASR's models, sherpa-onnx's bundles and the layouts of deployed boards all use one of the two forms read here: a
/// `tokens.txt`, or a SentencePiece model (``init(sentencePiece:)``).
package struct TokenTable: Sendable, Equatable {
    /// Token → its piece, marks and all.
    package let pieces: [String]

    /// Largest token number that is believed: ten times the largest vocabulary of these families.
    private static let limit = 1 << 18

    /// The number of tokens.
    package var count: Int { pieces.count }

    /// The piece of a token; empty for a number that the table lacks.
    package subscript(token: Int) -> String { pieces.indices.contains(token) ? pieces[token] : "" }

    /// The number of a piece; nil where it has none.
    package func token(_ piece: String) -> Int? { pieces.firstIndex(of: piece) }

    init(pieces: [String]) { self.pieces = pieces }

    /// Reads `tokens.txt`: a piece on each line, and its number behind the last space. Where a line has no number, it
    /// is that of the line, from 0.
    /// - Parameter text: the whole file, UTF-8.
    /// - Throws: `invalidTokenTable` for an empty file, a number twice, one that is missing or too large.
    package init(text: String) throws(SpeechTextError) {
        var numbered: [Int: String] = [:]
        var line = 0
        for row in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            defer { line += 1 }
            guard !row.isEmpty else { continue }
            let (piece, number) = Self.entry(row, line: line)
            guard number < Self.limit else {
                throw Self.refusal("The token number \(number) in line \(line + 1) is too large.")
            }
            guard numbered.updateValue(piece, forKey: number) == nil else {
                throw Self.refusal("The token \(number) is there twice, the second time in line \(line + 1).")
            }
        }
        guard !numbered.isEmpty else { throw Self.refusal("The token table is empty.") }
        var pieces: [String] = []
        pieces.reserveCapacity(numbered.count)
        for number in 0..<numbered.count {
            guard let piece = numbered[number] else {
                throw Self.refusal("The token table has \(numbered.count) tokens, but none with the number \(number).")
            }
            pieces.append(piece)
        }
        self.pieces = pieces
    }

    /// A piece may be a space itself, and a piece without a number may end in digits: only digits behind a space count.
    private static func entry(_ row: Substring, line: Int) -> (String, Int) {
        guard let space = row.lastIndex(where: { $0 == " " || $0 == "\t" }) else { return (String(row), line) }
        let digits = row[row.index(after: space)...]
        guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isNumber }) else { return (String(row), line) }
        let piece = row[..<space]
        return (piece.isEmpty ? " " : String(piece), Int(digits) ?? .max)
    }

    static func refusal(_ message: String) -> SpeechTextError {
        SpeechTextError(.invalidTokenTable, message + " Install the model again.")
    }
}

extension TokenTable {
    /// How text is put together from pieces.
    package enum Style: Sendable, Equatable {
        /// A mark (`▁` or `Ġ`) or `<space>` starts a word, everything else goes on.
        case marked
        /// Everything starts a word unless the piece before it ends in `@@`.
        case words
    }

    /// The style of the pieces: `marked` where any of them begins with the mark of a word.
    package var style: Style {
        pieces.contains { $0.hasPrefix("\u{2581}") || $0.hasPrefix("\u{120}") } ? .marked : .words
    }
}
