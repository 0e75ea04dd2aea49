/// Finds what a slip of the finger meant.
package enum Spelling {
    /// The known word nearest to a word, when it is near enough to be meant.
    static func nearest(to word: String, in known: some Sequence<String>) -> String? {
        let word = Array(word.lowercased().unicodeScalars.prefix(100))
        let bound = max(2, word.count / 3)
        let near = known.map { ($0, distance(word, Array($0.lowercased().unicodeScalars))) }
        return near.filter { $0.1 <= bound }.min { ($0.1, $0.0) < ($1.1, $1.0) }?.0
    }

    /// Known words that may have been meant, the nearest first.
    /// - Parameters:
    ///   - word: what was written.
    ///   - known: what there is.
    ///   - count: how many are told at most.
    /// - Returns: nothing where none is near.
    package static func near(_ word: String, in known: some Sequence<String>, atMost count: Int = 3) -> [String] {
        let word = Array(word.lowercased().unicodeScalars.prefix(100))
        let bound = max(2, word.count / 3)
        let near = known.map { (name: $0, distance: distance(word, Array($0.lowercased().unicodeScalars.prefix(100)))) }
        let sorted = near.filter { $0.distance <= bound }.sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }
        return sorted.prefix(count).map(\.name)
    }

    /// Insertions, deletions, replacements and swaps of neighbors that turn one word into the other: optimal string
    /// alignment (Boytsov, "Indexing methods for approximate dictionary searching", 2011).
    private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        var lines = [Array(0...right.count)]
        for (row, scalar) in left.enumerated() {
            let last = lines[row]
            var line = [row + 1]
            for (column, other) in right.enumerated() {
                let change = last[column] + (scalar == other ? 0 : 1)
                var least = min(last[column + 1] + 1, line[column] + 1, change)
                let isSwap = row > 0 && column > 0 && scalar == right[column - 1] && left[row - 1] == other
                if isSwap { least = min(least, lines[row - 1][column - 1] + 1) }
                line.append(least)
            }
            lines.append(line)
        }
        return lines[left.count][right.count]
    }
}
