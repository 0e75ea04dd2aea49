/// How many bytes zlib makes of some: the measure by which Whisper's reference tells text that repeats itself.
///
/// Port of the size arithmetic of zlib 1.2.13 at its default level 6 (deflate.c `deflate_slow`, trees.c): the same
/// matches are found, and only code lengths among equally good trees may differ, which is worth a byte or two. Nothing
/// is compressed.
package struct CompressedSize: Sendable {
    /// Header and checksum of zlib's format.
    private static let frame = 6
    /// Level 6: chains are followed so far, matches so long are not improved, and so long they are good enough.
    private static let (chain, patience, good, nice) = (128, 16, 8, 128)
    private static let (shortest, longest, tooFar) = (3, 258, 4096)

    private let bytes: [UInt8]
    /// The last place of each three bytes, and before each place the one before it; 0 is none, as in zlib.
    private var head: [Int: Int] = [:]
    private var previous: [Int]
    private var literals = [Int](repeating: 0, count: 286)
    private var distances = [Int](repeating: 0, count: 30)
    private var extraBits = 0

    /// Bytes that zlib would write for these.
    /// - Parameter bytes: at most some ten thousand: one block of zlib.
    /// - Returns: their number.
    package static func zlib(_ bytes: [UInt8]) -> Int {
        var size = CompressedSize(bytes)
        size.match()
        return frame + size.blockBytes
    }

    /// Bytes of a text for each byte of it compressed.
    package static func ratio(of text: String) -> Double {
        let bytes = Array(text.utf8)
        return Double(bytes.count) / Double(zlib(bytes))
    }

    private init(_ bytes: [UInt8]) {
        self.bytes = bytes
        previous = [Int](repeating: 0, count: bytes.count)
        literals[256] = 1
    }

    /// Enters a place into the chain of its three bytes and gives the place before it.
    private mutating func insert(_ place: Int) -> Int {
        guard place + Self.shortest <= bytes.count else { return 0 }
        let key = Int(bytes[place]) | Int(bytes[place + 1]) << 8 | Int(bytes[place + 2]) << 16
        let before = head[key] ?? 0
        previous[place] = before
        head[key] = place
        return before
    }

    /// Takes a match only when the next place has no longer one.
    private mutating func match() {
        var place = 0
        var length = Self.shortest - 1
        var start = 0
        var holdsByte = false
        while place < bytes.count {
            let before = insert(place)
            let (oldLength, oldStart) = (length, start)
            length = Self.shortest - 1
            if before != 0, oldLength < Self.patience {
                (length, start) = longestMatch(at: place, from: before, atLeast: oldLength, start)
                if length == Self.shortest, place - start > Self.tooFar { length = Self.shortest - 1 }
            }
            if oldLength >= Self.shortest, length <= oldLength {
                countMatch(length: oldLength, distance: place - 1 - oldStart)
                for skipped in (place + 1)..<(place - 1 + oldLength) { _ = insert(skipped) }
                place += oldLength - 1
                (holdsByte, length) = (false, Self.shortest - 1)
            } else {
                if holdsByte { literals[Int(bytes[place - 1])] += 1 }
                holdsByte = true
                place += 1
            }
        }
        if holdsByte { literals[Int(bytes[place - 1])] += 1 }
    }

    private func longestMatch(at place: Int, from first: Int, atLeast: Int, _ start: Int) -> (Int, Int) {
        var best = atLeast
        var found = start
        var left = atLeast >= Self.good ? Self.chain / 4 : Self.chain
        let limit = min(Self.longest, bytes.count - place)
        var candidate = first
        while candidate != 0, left > 0 {
            var length = 0
            while length < limit, bytes[candidate + length] == bytes[place + length] { length += 1 }
            if length > best {
                (best, found) = (length, candidate)
                if length >= min(Self.nice, limit) { break }
            }
            candidate = previous[candidate]
            left -= 1
        }
        return (min(best, limit), found)
    }

    /// Counts the codes of a match (RFC 1951, 3.2.5).
    private mutating func countMatch(length: Int, distance: Int) {
        if length == Self.longest {
            literals[285] += 1
        } else {
            let (code, extra) = Self.code(length - 3, shift: 2)
            literals[257 + code] += 1
            extraBits += extra
        }
        let (code, extra) = Self.code(distance - 1, shift: 1)
        distances[code] += 1
        extraBits += extra
    }

    /// Codes of lengths go in groups of four, those of distances in groups of two; each group has one extra bit more.
    private static func code(_ value: Int, shift: Int) -> (Int, Int) {
        guard value >= 1 << (shift + 1) else { return (value, 0) }
        let extra = Int.bitWidth - 1 - value.leadingZeroBitCount - shift
        return (extra << shift + value >> extra, extra)
    }

    /// The smallest of the three forms of a block.
    private var blockBytes: Int {
        var fixed = 5 * distances.reduce(0, +) + extraBits
        for (code, count) in literals.enumerated() {
            fixed += count * (code < 144 ? 8 : code < 256 ? 9 : code < 280 ? 7 : 8)
        }
        let best = min(dynamicBits, fixed)
        let stored = bytes.count + 4
        return stored <= (best + 10) / 8 ? stored + 1 : (best + 3 + 7) / 8
    }

    private var dynamicBits: Int {
        let literalCodes = Huffman.lengths(literals, limit: 15)
        let distanceCodes = Huffman.lengths(distances, limit: 15)
        let data = zip(literals + distances, literalCodes + distanceCodes).reduce(0) { $0 + $1.0 * $1.1 }
        return data + extraBits + Huffman.headerBits([literalCodes, distanceCodes])
    }
}

/// Code lengths of RFC 1951.
private enum Huffman {
    /// The order in which lengths of the code of code lengths are written.
    private static let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

    /// - Parameters:
    ///   - counts: how often each symbol is.
    ///   - limit: longest code; shorter trees than optimal ones are approximated.
    /// - Returns: bits of each symbol, 0 where it does not occur.
    static func lengths(_ counts: [Int], limit: Int) -> [Int] {
        var counts = counts
        // zlib writes two codes at least.
        for symbol in counts.indices.prefix(2) where counts.count(where: { $0 > 0 }) < 2 && counts[symbol] == 0 {
            counts[symbol] = 1
        }
        var lengths = [Int](repeating: 0, count: counts.count)
        var nodes = counts.indices.filter { counts[$0] > 0 }.map { (weight: counts[$0], depth: 0, symbols: [$0]) }
        while nodes.count > 1 {
            nodes.sort { ($0.weight, $0.depth) > ($1.weight, $1.depth) }
            let (a, b) = (nodes.removeLast(), nodes.removeLast())
            let symbols = a.symbols + b.symbols
            for symbol in symbols { lengths[symbol] = min(limit, lengths[symbol] + 1) }
            nodes.append((a.weight + b.weight, max(a.depth, b.depth) + 1, symbols))
        }
        return lengths
    }

    /// Bits that say the code lengths of the two trees.
    static func headerBits(_ trees: [[Int]]) -> Int {
        var counts = [Int](repeating: 0, count: 19)
        var extra = 0
        for tree in trees {
            let used = (tree.lastIndex { $0 > 0 } ?? 0) + 1
            count(runsOf: tree[..<used], &counts, &extra)
        }
        let codes = lengths(counts, limit: 7)
        let last = order.lastIndex { codes[$0] > 0 } ?? 0
        return 14 + 3 * (max(last, 3) + 1) + zip(counts, codes).reduce(extra) { $0 + $1.0 * $1.1 }
    }

    /// Runs as trees.c `scan_tree` cuts them.
    private static func count(runsOf lengths: ArraySlice<Int>, _ counts: inout [Int], _ extra: inout Int) {
        var index = lengths.startIndex
        var before = -1
        while index < lengths.endIndex {
            let value = lengths[index]
            let most = value == 0 ? 138 : value == before ? 6 : 7
            var end = index
            while end < lengths.endIndex, lengths[end] == value, end - index < most { end += 1 }
            let run = end - index
            index = end
            if value == 0, run >= 3 {
                counts[run <= 10 ? 17 : 18] += 1
                extra += run <= 10 ? 3 : 7
            } else if value != 0, run >= (value == before ? 3 : 4) {
                if value != before { counts[value] += 1 }
                counts[16] += 1
                extra += 2
            } else {
                counts[value] += run
            }
            before = value
        }
    }
}
