/// A rate over a whole set, with the range that chance leaves to it.
package struct ErrorRate: Sendable, Equatable {
    /// The errors of one utterance.
    struct Count: Sendable, Equatable {
        let errors: Int
        let total: Int
    }

    /// Resamples of the bootstrap.
    private static let resamples = 1_000
    /// Any constant: the same set gives the same interval every time.
    private static let seed: UInt64 = 20_261_122

    /// Errors in all utterances.
    package let errors: Int
    /// Words or characters in all references.
    package let total: Int
    /// The middle 95 % of the rates of 1,000 sets drawn from the utterances with replacement (Bisani and Ney,
    /// "Bootstrap estimates for confidence intervals in ASR performance evaluation", 2004); nothing without utterances.
    package let interval: ClosedRange<Double>?

    /// Errors by total, 0 for perfect; it may exceed 1, and is 1 if there are errors but nothing was said.
    package var rate: Double { Self.rate(errors: errors, total: total) }

    init(_ counts: [Count]) {
        errors = counts.reduce(0) { $0 + $1.errors }
        total = counts.reduce(0) { $0 + $1.total }
        interval = Self.bootstrap(counts)
    }

    private static func rate(errors: Int, total: Int) -> Double {
        total > 0 ? Double(errors) / Double(total) : (errors > 0 ? 1 : 0)
    }

    private static func bootstrap(_ counts: [Count]) -> ClosedRange<Double>? {
        guard !counts.isEmpty else { return nil }
        var generator = SplitMix64(state: seed)
        let rates = (0..<resamples).map { _ in
            var (errors, total) = (0, 0)
            for _ in counts.indices {
                let drawn = counts[Int.random(in: counts.indices, using: &generator)]
                errors += drawn.errors
                total += drawn.total
            }
            return rate(errors: errors, total: total)
        }.sorted()
        return rates[resamples * 25 / 1_000]...rates[resamples * 975 / 1_000 - 1]
    }
}

/// Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014.
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// The fewest substitutions, deletions and insertions between two sequences (Levenshtein).
enum EditDistance {
    static func between<Element: Hashable>(_ first: [Element], _ second: [Element]) -> Int {
        // Numbers compare faster than strings, and the table is quadratic.
        var numbers: [Element: Int] = [:]
        let (first, second) = (number(first, in: &numbers), number(second, in: &numbers))
        if first.isEmpty || second.isEmpty { return max(first.count, second.count) }
        var row = Array(0...second.count)
        for (line, element) in first.enumerated() {
            var diagonal = row[0]
            row[0] = line + 1
            for (column, other) in second.enumerated() {
                let substituted = diagonal + (element == other ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(substituted, diagonal + 1, row[column] + 1)
            }
        }
        return row[second.count]
    }

    private static func number<Element: Hashable>(_ elements: [Element], in numbers: inout [Element: Int]) -> [Int] {
        elements.map { element in
            if let number = numbers[element] { return number }
            numbers[element] = numbers.count
            return numbers.count - 1
        }
    }
}
