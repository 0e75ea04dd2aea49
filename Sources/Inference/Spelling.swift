/// Finds what a slip of the finger meant.
enum Spelling {
    /// The known word nearest to a word, when it is near enough to be meant.
    static func nearest(to word: String, in known: some Sequence<String>) -> String? {
        let word = Array(word.lowercased().unicodeScalars.prefix(100))
        let bound = max(2, word.count / 3)
        let near = known.map { ($0, distance(word, Array($0.lowercased().unicodeScalars))) }
        return near.filter { $0.1 <= bound }.min { ($0.1, $0.0) < ($1.1, $1.0) }?.0
    }

    /// Insertions, deletions and replacements that turn one word into the other (Levenshtein 1966).
    private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        var last = Array(0...right.count)
        for (row, scalar) in left.enumerated() {
            var line = [row + 1]
            for (column, other) in right.enumerated() {
                line.append(min(last[column + 1] + 1, line[column] + 1, last[column] + (scalar == other ? 0 : 1)))
            }
            last = line
        }
        return last[right.count]
    }
}
