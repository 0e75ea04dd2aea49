/// Phonemes that stand in a text as such: `Say [[kˈɑːn]].`, IPA as piper-tts takes it.
package enum PhonemeBlocks {
    /// A stretch of a text.
    package enum Segment: Sendable, Equatable {
        /// What is to be phonemized.
        case text(String)
        /// What stands between the brackets, without white space at its ends.
        case phonemes(String)
    }

    /// Cuts a text at its blocks, in linear time.
    ///
    /// - Parameter text: any text; brackets without a partner, and empty blocks, are text.
    /// - Returns: the stretches in order, none of them empty.
    package static func segments(of text: String) -> [Segment] {
        let scalars = Array(text.unicodeScalars)
        var segments: [Segment] = []
        var start = 0
        var place = 0
        func add(_ end: Int) {
            if start < end { segments.append(.text(string(scalars[start..<end]))) }
        }
        while let open = pair("[", in: scalars, from: place), let close = pair("]", in: scalars, from: open + 2) {
            // Of several openings the last one counts: "[[ see [[kɑːn]]".
            let inner = lastOpening(in: scalars[open..<close])
            let phonemes = string(scalars[(inner + 2)..<close]).trimmed
            place = close + 2
            if phonemes.isEmpty { continue }
            add(inner)
            segments.append(.phonemes(phonemes))
            start = place
        }
        add(scalars.count)
        return segments
    }

    /// Phonemes as a text holds them; brackets at their ends are kept apart from its own.
    static func block(_ phonemes: String) -> String {
        let scalars = phonemes.unicodeScalars
        return scalars.first == "[" || scalars.last == "]" ? "[[ \(phonemes) ]]" : "[[\(phonemes)]]"
    }

    private static func pair(_ mark: Unicode.Scalar, in scalars: [Unicode.Scalar], from start: Int) -> Int? {
        var place = start
        while place + 1 < scalars.count {
            if scalars[place] == mark, scalars[place + 1] == mark { return place }
            place += 1
        }
        return nil
    }

    private static func lastOpening(in scalars: ArraySlice<Unicode.Scalar>) -> Int {
        var place = scalars.endIndex - 2
        while place > scalars.startIndex {
            if scalars[place] == "[", scalars[place + 1] == "[" { return place }
            place -= 1
        }
        return scalars.startIndex
    }

    private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        String(String.UnicodeScalarView(scalars))
    }
}

extension String {
    /// Without white space at its ends.
    var trimmed: String {
        let scalars = unicodeScalars.drop { $0.properties.isWhitespace }
        let end = scalars.lastIndex { !$0.properties.isWhitespace }
        return end.map { String(scalars[...$0]) } ?? ""
    }
}
