/// The text of an utterance as a listener sees it: what consecutive hypotheses agree on is settled and stays.
///
/// Local agreement (Macháček, Dabre, Bojar, "Turning Whisper into a Real-Time Transcription System", 2023): the longest
/// beginning that the last `depth` hypotheses share is settled, except the last words, which touch the end of the
/// sound and may be halves. A hypothesis that contradicts settled text goes on where it is nearest to it.
package struct StableText: Sendable {
    /// Hypotheses that have to agree; at least 2.
    package let depth: Int
    /// Last words of a hypothesis that are never settled.
    package let holdBack: Int
    /// Settled for good, all that `stableCharacters` counts.
    private var settled = ""
    /// Marks after the last settled word; the next hypothesis may still change them.
    private var openMarks = ""
    /// Keys of the settled words of the open segment.
    private var keys: [String] = []
    private var rest: [TextUnit] = []
    private var earlier: [[TextUnit]] = []
    /// Words settled so far, and those that a final text has revised.
    package private(set) var settledWords = 0
    package private(set) var revisedWords = 0

    /// - Parameters:
    ///   - depth: hypotheses that have to agree, at least 2.
    ///   - holdBack: last words of a hypothesis that are never settled.
    package init(depth: Int, holdBack: Int) {
        self.depth = depth
        self.holdBack = holdBack
    }

    /// The whole text so far.
    package var text: String { rest.reduce(settled + openMarks) { $0 + $1.text } }

    /// Characters at the start of ``text`` that no later hypothesis changes.
    package var stableCharacters: Int { settled.count }

    /// Takes a hypothesis for the open segment.
    package mutating func accept(_ hypothesis: String) {
        let units = segmentUnits(hypothesis)
        guard !units.isEmpty else { return }
        let mine = PrefixAlignment(of: keys, in: units.map(\.key))
        let rest = units[mine.count...]
        updateMarks(units, mine.count)
        var agreed = earlier.count < depth - 1 ? 0 : max(0, rest.count - holdBack)
        for other in earlier {
            let start = PrefixAlignment(of: keys, in: other.map(\.key)).count
            agreed = min(agreed, zip(rest, other[start...]).prefix { $0.key == $1.key }.count)
        }
        settle(rest.prefix(agreed))
        self.rest = Array(rest.dropFirst(agreed))
        earlier = (earlier + [units]).suffix(depth - 1)
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
        units[0].lead = TextUnit.separator(after: settled, before: first.core) + first.lead
        return units
    }
}
