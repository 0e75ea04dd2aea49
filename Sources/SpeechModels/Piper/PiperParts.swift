/// Cuts the ids of a sentence into parts that a graph of fixed length takes: behind a comma or a word, in parts of about
/// the same length, and nothing is lost.
struct PiperParts: Sendable {
    private let start: [Int64]
    private let end: [Int64]
    private let pad: Int64
    private let space: Int64?
    /// Phonemes that stand for a short pause.
    private let pauses: Set<Int64>

    /// - Parameter map: phoneme → ids, with `^`, `_` and `$`.
    init(map: [String: [Int]]) {
        func ids(_ phoneme: String) -> [Int64] { (map[phoneme] ?? []).map(Int64.init) }
        pad = ids("_").first ?? 0
        start = ids("^") + ids("_")
        end = ids("$")
        space = ids(" ").first
        pauses = Set([",", ";", ":", ".", "!", "?", "—", "…"].compactMap { ids($0).first })
    }

    /// What is between start and end.
    func inside(of ids: [Int64]) -> ArraySlice<Int64> { ids.dropFirst(start.count).dropLast(end.count) }

    /// Cuts a sentence.
    /// - Parameters:
    ///   - ids: the sentence, with start and end.
    ///   - limit: ids of a part at most, start and end included.
    /// - Returns: the parts, each with start and end of its own; the sentence itself when it is short enough.
    func parts(of ids: [Int64], atMost limit: Int) -> [[Int64]] {
        var rest = inside(of: ids)
        let room = max(1, limit - start.count - end.count)
        guard ids.count > limit, rest.count > room else { return [ids] }
        var parts: [[Int64]] = []
        while rest.count > room {
            let count = (rest.count + room - 1) / room
            let head = rest.prefix(cut(rest.prefix(room), near: (rest.count + count - 1) / count))
            parts.append(start + head + end)
            rest = rest[head.endIndex...]
        }
        return parts + [start + rest + end]
    }

    /// Phonemes of a first clause at least, and of what follows it: shorter ones sound cut off.
    private static let leastClause = 6

    /// Cuts a sentence behind its first clause, when that ends in the first half.
    /// - Returns: two parts, each with start and end of its own.
    func opening(of ids: [Int64]) -> (head: [Int64], rest: [Int64])? {
        let inside = Array(inside(of: ids))
        let least = 2 * Self.leastClause
        guard inside.count >= 3 * least else { return nil }
        for place in least...max(least, inside.count / 2) where inside[place - 1] == pad && inside[place - 2] == space {
            guard pauses.contains(inside[place - 4]) else { continue }
            return (start + inside[..<place] + end, start + inside[place...] + end)
        }
        return nil
    }

    /// Where to cut: the pause or the word's end that is nearest to the wanted place, pauses from farther away; without
    /// either, between two phonemes.
    private func cut(_ head: ArraySlice<Int64>, near wanted: Int) -> Int {
        let ids = Array(head)
        var best: (place: Int, distance: Int)?
        for place in stride(from: 2, through: ids.count, by: 1) where ids[place - 1] == pad {
            guard ids[place - 2] == space else { continue }
            let isPause = place >= 4 && pauses.contains(ids[place - 4])
            let distance = abs(place - wanted) - (isPause ? ids.count / 4 : 0)
            if distance < best?.distance ?? .max { best = (place, distance) }
        }
        if let best { return best.place }
        return ids.lastIndex(of: pad).map { $0 + 1 } ?? ids.count
    }
}
