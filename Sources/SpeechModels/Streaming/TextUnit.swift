import SpeechText

/// A word of a hypothesis, or a character of a script without spaces, with what stands around it.
struct TextUnit: Sendable, Equatable {
    /// Space and opening marks before it.
    var lead: String
    /// Its letters as they are shown.
    var core: String
    /// Marks after it.
    var trail: String
    /// What is compared: two spellings that differ in case alone are one word.
    var key: String { core.lowercased() }
    /// Everything as it is shown.
    var text: String { lead + core + trail }

    /// The units of a text; joined again they give the text.
    static func units(of text: String) -> [TextUnit] {
        var reader = Reader()
        for scalar in text.unicodeScalars { reader.accept(scalar) }
        return reader.finish()
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        let properties = scalar.properties
        if properties.isAlphabetic || properties.numericType != nil || isMark(scalar) { return true }
        switch properties.generalCategory {
        case .mathSymbol, .currencySymbol, .otherSymbol: return true
        default: return false
        }
    }

    /// What forms one character with the scalar before it.
    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isGraphemeExtend || scalar.properties.generalCategory == .spacingMark
            || scalar.properties.generalCategory == .format
    }

    /// Cuts a text into units, scalar by scalar.
    private struct Reader {
        private var units: [TextUnit] = []
        private var unit = TextUnit(lead: "", core: "", trail: "")

        mutating func accept(_ scalar: Unicode.Scalar) {
            let piece = Character(scalar)
            // A mark without a letter would melt into the text that stands before this one.
            if isMark(scalar), unit.core.isEmpty { return }
            if scalar.properties.isWhitespace {
                if unit.core.isEmpty { unit.lead.append(piece) } else { start(lead: String(piece)) }
            } else if isLetter(scalar) {
                // Marks inside a word, as in "don't" or "3.5", belong to it.
                let isInside = !unit.trail.isEmpty && (!Spacing.isDense(scalar) || isMark(scalar)) && !unit.core.isEmpty
                if Spacing.isDense(scalar), !isMark(scalar), !unit.core.isEmpty {
                    start(lead: "")
                } else if isInside {
                    unit.core += unit.trail
                    unit.trail = ""
                } else if let last = unit.core.unicodeScalars.last, Spacing.isDense(last), !Spacing.isDense(scalar),
                    !isMark(scalar)
                {
                    start(lead: "")
                }
                unit.core.unicodeScalars.append(scalar)
            } else if unit.core.isEmpty {
                unit.lead.append(piece)
            } else {
                unit.trail.append(piece)
            }
        }

        private mutating func start(lead: String) {
            units.append(unit)
            unit = TextUnit(lead: lead, core: "", trail: "")
        }

        mutating func finish() -> [TextUnit] {
            guard !unit.core.isEmpty else {
                // Marks alone at the end belong to the word before them.
                if !units.isEmpty { units[units.count - 1].trail += unit.lead }
                return units
            }
            return units + [unit]
        }
    }
}

/// Where a hypothesis goes on after words that are settled.
struct PrefixAlignment: Sendable, Equatable {
    /// Words of the hypothesis that stand for the settled ones.
    var count: Int
    /// Settled words that the hypothesis substitutes, leaves out, or puts others between.
    var errors: Int

    /// The beginning of `words` that is nearest to `settled` (Levenshtein), the longer one of two.
    init(of settled: [String], in words: [String]) {
        // Mostly nothing has changed.
        if words.starts(with: settled) {
            (count, errors) = (settled.count, 0)
            return
        }
        var row = Array(0...words.count)
        for (line, word) in settled.enumerated() {
            var diagonal = row[0]
            row[0] = line + 1
            for (column, other) in words.enumerated() {
                let substituted = diagonal + (word == other ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(substituted, diagonal + 1, row[column] + 1)
            }
        }
        let fewest = row.min() ?? 0
        errors = fewest
        count = row.lastIndex(of: fewest) ?? 0
    }
}
