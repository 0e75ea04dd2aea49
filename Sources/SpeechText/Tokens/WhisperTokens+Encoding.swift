extension WhisperTokens {
    /// The tokens of a text, as byte-level BPE of GPT-2 makes them.
    ///
    /// A token's number is its rank among the merges, so the table alone says how bytes are joined (as tiktoken does it).
    /// - Parameter text: only its last 1,200 scalars are looked at, which is more than a prompt can hold.
    /// - Returns: token numbers; bytes that no token stands for are left out.
    package func ids(of text: String) -> [Int] {
        let pieces = TextPieces.split(Array(text.unicodeScalars.suffix(1_200)))
        let known = numbers(in: pieces)
        return pieces.flatMap { Self.merged($0, known) }
    }

    /// The tokens that occur in the pieces: cheaper than an index of the whole table, which is asked once in a while.
    private func numbers(in pieces: [[UInt8]]) -> [ArraySlice<UInt8>: Int] {
        let longest = min(pieces.map(\.count).max() ?? 0, 64)
        var wanted = Set<ArraySlice<UInt8>>()
        for piece in pieces {
            for start in piece.indices {
                for end in start + 1...min(start + longest, piece.count) { wanted.insert(piece[start..<end]) }
            }
        }
        guard !wanted.isEmpty else { return [:] }
        var numbers: [ArraySlice<UInt8>: Int] = [:]
        for id in 0..<count {
            let bytes = self[id]
            guard !bytes.isEmpty, bytes.count <= longest, wanted.contains(bytes) else { continue }
            numbers[bytes] = numbers[bytes] ?? id
        }
        return numbers
    }

    /// Joins the pair of neighbors with the lowest rank until no pair is a token.
    private static func merged(_ piece: [UInt8], _ known: [ArraySlice<UInt8>: Int]) -> [Int] {
        var cuts = Array(0...piece.count)
        while cuts.count > 2 {
            var best: (rank: Int, index: Int)?
            for index in 1..<cuts.count - 1 {
                guard let rank = known[piece[cuts[index - 1]..<cuts[index + 1]]] else { continue }
                if rank < best?.rank ?? .max { best = (rank, index) }
            }
            guard let best else { break }
            cuts.remove(at: best.index)
        }
        return zip(cuts, cuts.dropFirst()).compactMap { known[piece[$0..<$1]] }
    }
}

/// What GPT-2 takes apart before it joins bytes: contractions, and runs of letters, digits, marks and spaces, each with
/// the space before it.
///
/// Its pattern: `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`
private enum TextPieces {
    private enum Kind { case letter, digit, space, mark }

    static func split(_ scalars: [Unicode.Scalar]) -> [[UInt8]] {
        var pieces: [[UInt8]] = []
        var start = 0
        while start < scalars.count {
            let end = self.end(of: start, in: scalars)
            pieces.append(scalars[start..<end].flatMap { Array(String($0).utf8) })
            start = end
        }
        return pieces
    }

    /// Where the piece that starts at `start` ends.
    private static func end(of start: Int, in scalars: [Unicode.Scalar]) -> Int {
        if let length = contraction(at: start, in: scalars) { return start + length }
        let hasSpace = scalars[start] == " " && start + 1 < scalars.count
        let first = hasSpace ? start + 1 : start
        let kind = Self.kind(scalars[first])
        if kind != .space { return run(of: kind, from: first, in: scalars) }
        let end = run(of: .space, from: start, in: scalars)
        // The last space before something else belongs to it, if there are more.
        return end < scalars.count && end - start > 1 ? end - 1 : end
    }

    private static func run(of kind: Kind, from start: Int, in scalars: [Unicode.Scalar]) -> Int {
        scalars[start...].firstIndex { self.kind($0) != kind } ?? scalars.count
    }

    private static func contraction(at start: Int, in scalars: [Unicode.Scalar]) -> Int? {
        guard scalars[start] == "'" else { return nil }
        let rest = scalars[(start + 1)...]
        return ["s", "t", "re", "ve", "m", "ll", "d"].first { rest.starts(with: $0.unicodeScalars) }.map {
            $0.count + 1
        }
    }

    private static func kind(_ scalar: Unicode.Scalar) -> Kind {
        if scalar.properties.isWhitespace { return .space }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: return .letter
        case .decimalNumber, .letterNumber, .otherNumber: return .digit
        default: return .mark
        }
    }
}
