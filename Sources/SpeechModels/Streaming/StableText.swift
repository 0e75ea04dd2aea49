/// The text of an utterance as a listener sees it: what consecutive hypotheses agree on is settled and stays.
///
/// Local agreement (Macháček, Dabre, Bojar, "Turning Whisper into a Real-Time Transcription System", 2023): the longest
/// beginning that the last `depth` hypotheses share is settled, except the last words, which touch the end of the
/// sound and may be halves. A hypothesis that contradicts settled text goes on where it is nearest to it.
struct StableText: Sendable {
    /// Hypotheses that have to agree; at least 2.
    let depth: Int
    /// Last words of a hypothesis that are never settled.
    let holdBack: Int
    /// Settled for good, all that `stableCharacters` counts.
    private var settled = ""
    /// Marks after the last settled word; the next hypothesis may still change them.
    private var openMarks = ""
    /// Keys of the settled words of the open segment.
    private var keys: [String] = []
    private var rest: [TextUnit] = []
    private var earlier: [[TextUnit]] = []
    /// Words settled so far, and those that a final text has revised.
    private(set) var settledWords = 0
    private(set) var revisedWords = 0

    /// - Parameters:
    ///   - depth: hypotheses that have to agree, at least 2.
    ///   - holdBack: last words of a hypothesis that are never settled.
    init(depth: Int, holdBack: Int) {
        self.depth = depth
        self.holdBack = holdBack
    }

    /// The whole text so far.
    var text: String { rest.reduce(settled + openMarks) { $0 + $1.text } }

    /// Characters at the start of ``text`` that no later hypothesis changes.
    var stableCharacters: Int { settled.count }

    /// Takes a hypothesis for the open segment.
    mutating func accept(_ hypothesis: String) {
        let units = segmentUnits(hypothesis)
        guard !units.isEmpty else { return }
        let mine = PrefixAlignment(of: keys, in: units.map(\.key))
        let rest = units[mine.count...]
        if let last = keys.last, mine.count > 0, units[mine.count - 1].key == last {
            openMarks = units[mine.count - 1].trail
        }
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
    mutating func close(with final: String) {
        let units = segmentUnits(final)
        let mine = PrefixAlignment(of: keys, in: units.map(\.key))
        settledWords += keys.count
        revisedWords += mine.errors
        if let last = keys.last, mine.count > 0, units[mine.count - 1].key == last {
            openMarks = units[mine.count - 1].trail
        }
        settle(units[mine.count...])
        settled += openMarks
        (openMarks, keys, rest, earlier) = ("", [], [], [])
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
