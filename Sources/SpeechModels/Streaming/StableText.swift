import SpeechText

/// The text of an utterance as a listener sees it: what consecutive hypotheses agree on is settled and stays.
///
/// Local agreement (Macháček, Dabre, Bojar, "Turning Whisper into a Real-Time Transcription System", 2023), by time:
/// the longest beginning is settled that all hypotheses share since some seconds of sound, two at least. A count alone
/// would settle more mistakes the more often a fast machine decodes. Nothing that new sound may still change is
/// settled, so no last words have to be held back. A hypothesis that contradicts settled text goes on where it is
/// nearest to it.
package struct StableText: Sendable {
    /// Samples of sound that have to come without a change of mind.
    package let span: Int
    /// Settled for good, all that `stableCharacters` counts.
    private var settled = ""
    /// Marks after the last settled word; the next hypothesis may still change them.
    private var openMarks = ""
    /// Keys of the settled words of the open segment.
    private var keys: [String] = []
    private var rest: [TextUnit] = []
    /// Hypotheses of the last `span` samples and one before them, and where their sound ended.
    private var earlier: [(end: Int, units: [TextUnit])] = []
    /// Words settled so far, and those that a final text has revised.
    package private(set) var settledWords = 0
    package private(set) var revisedWords = 0

    /// - Parameter span: samples of sound that have to come without a change of mind.
    package init(span: Int) { self.span = span }

    /// The whole text so far.
    package var text: String { rest.reduce(settled + openMarks) { $0 + $1.text } }

    /// Characters at the start of ``text`` that no later hypothesis changes.
    package var stableCharacters: Int { settled.count }

    /// Takes a hypothesis for the open segment.
    /// - Parameters:
    ///   - hypothesis: its whole text.
    ///   - sure: characters at its start that the model does not doubt; nil means all. No word behind them is settled.
    ///   - end: the sample where its sound ends; no smaller than that of the hypothesis before.
    package mutating func accept(_ hypothesis: String, sure: Int? = nil, end: Int) {
        let units = segmentUnits(hypothesis)
        guard !units.isEmpty else { return }
        let mine = PrefixAlignment(of: keys, in: units.map(\.key))
        updateMarks(units, mine.count)
        let rest = units[mine.count...]
        // The newest hypothesis that is old enough, and those after it, are the ones that count.
        if let old = earlier.lastIndex(where: { $0.end <= end - span }) { earlier.removeFirst(old) }
        let agreed = min(agreement(rest, end), sure.map { Self.units(units, within: $0) - mine.count } ?? .max)
        settle(rest.prefix(max(0, agreed)))
        self.rest = Array(rest.dropFirst(max(0, agreed)))
        earlier.append((end, units))
    }

    /// How many units end within so many characters.
    private static func units(_ units: [TextUnit], within characters: Int) -> Int {
        var end = 0
        return units.prefix { unit in
            end += unit.text.count
            return end - unit.trail.count <= characters
        }.count
    }

    /// How many units of `rest` all hypotheses have shared for long enough.
    private func agreement(_ rest: ArraySlice<TextUnit>, _ end: Int) -> Int {
        guard let oldest = earlier.first, oldest.end <= end - span else { return 0 }
        return earlier.reduce(rest.count) { agreed, other in
            let start = PrefixAlignment(of: keys, in: other.units.map(\.key)).count
            return min(agreed, zip(rest, other.units[start...]).prefix { $0.key == $1.key }.count)
        }
    }

    /// The open segment is decoded: its text is settled as far as it goes on after what was settled before, and the
    /// words that it revised are counted.
    /// - Parameters:
    ///   - final: the text of the segment.
    ///   - isCut: whether speech goes on without a pause: then words may be settled already that are said behind the
    ///     cut. They stay, as the beginning of the next segment.
    package mutating func close(with final: String, isCut: Bool = false) {
        let units = segmentUnits(final)
        let words = units.map(\.key)
        let all = PrefixAlignment(of: keys, in: words)
        earlier = []
        let some = PrefixAlignment(of: words, in: keys)
        if isCut, some.count < keys.count, some.errors < all.errors {
            settledWords += some.count
            revisedWords += some.errors
            keys.removeFirst(some.count)
            return
        }
        settledWords += keys.count
        revisedWords += all.errors
        updateMarks(units, all.count)
        let tail = units[all.count...]
        rest = isCut ? Array(rest[PrefixAlignment(of: tail.map(\.key), in: rest.map(\.key)).count...]) : []
        settle(tail)
        settled += openMarks
        (openMarks, keys) = ("", [])
    }

    /// The marks after the last settled word, as a hypothesis has them.
    private mutating func updateMarks(_ units: [TextUnit], _ count: Int) {
        guard let last = keys.last, count > 0, units[count - 1].key == last else { return }
        openMarks = units[count - 1].trail
    }

    private mutating func settle(_ units: ArraySlice<TextUnit>) {
        for unit in units {
            settled += openMarks + unit.lead + unit.core
            openMarks = unit.trail
            keys.append(unit.key)
        }
    }

    /// Units of the open segment; the first is set off from the segment before.
    private func segmentUnits(_ text: String) -> [TextUnit] {
        var units = TextUnit.units(of: text)
        guard let first = units.first, keys.isEmpty, !settled.isEmpty else { return units }
        units[0].lead = Spacing.separator(after: settled, before: first.core) + first.lead
        return units
    }
}
