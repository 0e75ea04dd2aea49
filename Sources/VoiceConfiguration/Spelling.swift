/// Finds what a slip of the finger meant.
enum Spelling {
    /// The known word nearest to a word, when it is near enough to be meant.
    static func nearest(to word: String, in known: some Sequence<String>) -> String? {
        let word = Array(word.lowercased().unicodeScalars.prefix(100))
        let bound = max(2, word.count / 3)
        let near = known.map { ($0, distance(word, Array($0.lowercased().unicodeScalars))) }
        return near.filter { $0.1 <= bound }.min { ($0.1, $0.0) < ($1.1, $1.0) }?.0
    }

    /// Insertions, deletions, replacements and swaps of neighbors that turn one word into the other: optimal string
    /// alignment (Damerau 1964; Boytsov, "Indexing methods for approximate dictionary searching", 2011).
    private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        if left.isEmpty || right.isEmpty { return max(left.count, right.count) }
        var beforeLast = [Int](repeating: 0, count: right.count + 1)
        var last = Array(0...right.count)
        for row in 1...left.count {
            var line = [row] + [Int](repeating: 0, count: right.count)
            for column in 1...right.count {
                let change = left[row - 1] == right[column - 1] ? 0 : 1
                line[column] = min(last[column] + 1, line[column - 1] + 1, last[column - 1] + change)
                let isSwap =
                    row > 1 && column > 1 && left[row - 1] == right[column - 2] && left[row - 2] == right[column - 1]
                if isSwap { line[column] = min(line[column], beforeLast[column - 2] + 1) }
            }
            (beforeLast, last) = (last, line)
        }
        return last[right.count]
    }
}
