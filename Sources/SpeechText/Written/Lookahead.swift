/// Which bytes can follow in a state, also behind arcs that read nothing.
///
/// Such arcs write the marks of every kind of token that could begin here, a hundred steps for each byte of a text;
/// nearly all of them lead nowhere and are not taken when it is known what they could read.
struct Lookahead: Sendable {
    /// State → its row in `follows`; -1 for a state that no silent arc leaves or enters.
    private let rows: [Int32]
    private let follows: [Follow]

    /// - Parameter layout: arcs by state; a silent arc is one that reads nothing.
    /// - Throws: `invalidGrammar` where silent arcs go round in a circle: a text would have no end of paths.
    init(_ layout: Transducer.Layout) throws(SpeechTextError) {
        var rows = [Int32](repeating: -1, count: layout.finalWeights.count)
        for state in rows.indices {
            for arc in layout.arcs(of: state) {
                guard layout.arcs[arc].input == 0 else { break }
                rows[state] = 0
                rows[Int(layout.arcs[arc].next)] = 0
            }
        }
        var count: Int32 = 0
        for state in rows.indices where rows[state] == 0 {
            rows[state] = count
            count += 1
        }
        var walk = SilentWalk(layout: layout, rows: rows, count: Int(count))
        for state in rows.indices where rows[state] >= 0 { try walk.visit(state) }
        self.rows = rows
        follows = walk.follows
    }

    /// Whether a path from the state reads the byte next (nil: ends there); nil where that is not known.
    func canGoOn(_ state: Int, with byte: UInt8?) -> Bool? {
        let row = rows[state]
        guard row >= 0 else { return nil }
        guard let byte else { return follows[Int(row)].canEnd }
        return follows[Int(row)].contains(byte)
    }
}

/// What can come next in one state.
private struct Follow {
    /// Bit b of word w: byte 64 w + b can be read.
    private var bytes = SIMD4<UInt64>()
    var canEnd = false

    func contains(_ byte: UInt8) -> Bool { bytes[Int(byte >> 6)] >> UInt64(byte & 63) & 1 == 1 }

    mutating func insert(_ byte: UInt8) { bytes[Int(byte >> 6)] |= 1 << UInt64(byte & 63) }

    mutating func formUnion(_ other: Follow) {
        bytes |= other.bytes
        canEnd = canEnd || other.canEnd
    }
}

/// Depth first along silent arcs: a state is known when all that it leads to is.
private struct SilentWalk {
    let layout: Transducer.Layout
    let rows: [Int32]
    var follows: [Follow]
    /// Row → how many arcs of its state are done; -1: not yet seen, `Int.max`: known.
    private var progress: [Int]
    /// From the first state to the one in work.
    private var path: [Int] = []

    init(layout: Transducer.Layout, rows: [Int32], count: Int) {
        self.layout = layout
        self.rows = rows
        follows = .init(repeating: Follow(), count: count)
        progress = .init(repeating: -1, count: count)
    }

    mutating func visit(_ root: Int) throws(SpeechTextError) {
        guard progress[Int(rows[root])] < 0 else { return }
        enter(root)
        while let state = path.last { try step(state) }
    }

    private mutating func enter(_ state: Int) {
        let row = Int(rows[state])
        progress[row] = 0
        follows[row].canEnd = layout.finalWeights[state] < .infinity
        path.append(state)
    }

    private mutating func step(_ state: Int) throws(SpeechTextError) {
        let row = Int(rows[state])
        let range = layout.arcs(of: state)
        let arc = range.lowerBound + progress[row]
        guard arc < range.upperBound else {
            progress[row] = .max
            path.removeLast()
            return
        }
        guard layout.arcs[arc].input == 0 else {
            follows[row].insert(layout.arcs[arc].input)
            progress[row] += 1
            return
        }
        let next = Int(layout.arcs[arc].next)
        switch progress[Int(rows[next])] {
        case ..<0:
            enter(next)
        case .max:
            follows[row].formUnion(follows[Int(rows[next])])
            progress[row] += 1
        default:
            throw Transducer.refusal("Arcs of its state \(next) read nothing and come back to it.")
        }
    }
}
