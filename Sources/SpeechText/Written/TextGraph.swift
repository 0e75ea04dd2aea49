/// A text composed with a transducer: pairs of state and position in the text, with the steps between them.
///
/// Of the composition only that is built from which the next byte can be read (``Lookahead``), in the order in which
/// OpenFst's depth-first search goes through it.
struct TextGraph {
    /// A state at a position of the text.
    struct Node {
        let state: UInt32
        /// Bytes read so far.
        let position: UInt32
        /// Whether it is in the table.
        fileprivate let isListed: Bool
        /// Its steps; none yet where it has not been entered.
        fileprivate(set) var firstStep = UInt32.max
        fileprivate(set) var endStep = UInt32.max
        /// True when the text can be read to its end from here.
        fileprivate(set) var isLive = false

        var steps: Range<Int> { Int(firstStep)..<Int(endStep) }
    }

    /// A step to another node along an arc of the transducer.
    struct Step {
        let node: UInt32
        let arc: UInt32
    }

    /// Node 0 is the start.
    private(set) var nodes: [Node] = []
    private(set) var steps: [Step] = []
    /// Nodes from which the text can be read to its end, each behind those that lead to it.
    private(set) var order: [UInt32] = []
    /// Where nodes are found by state and position, `UInt32.max` where there is none: open addressing with linear
    /// probing, at most half full. A `Dictionary` takes three times as long.
    private var slots = [UInt32](repeating: .max, count: 1 << 12)
    private var listed = 0

    /// Nil when there are more nodes and steps than `limit`.
    ///
    /// - Parameters:
    ///   - text: without zero bytes.
    ///   - transducer: what reads it.
    ///   - limit: most nodes and steps.
    init?(_ text: [UInt8], through transducer: Transducer, limit: Int) {
        /// From the start to the node in work, with the steps of each that are still to be taken.
        var path: [(node: Int, steps: Range<Int>)] = []
        _ = listedNode(state: transducer.start, position: 0)
        path.append((0, enter(0, text, transducer)))
        while let (current, rest) = path.last {
            guard nodes.count + steps.count <= limit else { return nil }
            guard let step = rest.first else {
                leave(current, ends: endWeight(current, text, transducer) < .infinity)
                path.removeLast()
                continue
            }
            let next = Int(steps[step].node)
            if nodes[next].firstStep == .max {
                path.append((next, enter(next, text, transducer)))
            } else {
                nodes[current].isLive = nodes[current].isLive || nodes[next].isLive
                path[path.count - 1].steps = rest.dropFirst()
            }
        }
        order.reverse()
    }

    /// Cost of ending in a node; infinite where the text is not at its end, or may not end.
    func endWeight(_ node: Int, _ text: [UInt8], _ transducer: Transducer) -> Float {
        nodes[node].position == text.count ? transducer.finalWeight(Int(nodes[node].state)) : .infinity
    }

    /// Adds the steps out of a node in the order of the transducer's arcs, those that read nothing first.
    private mutating func enter(_ index: Int, _ text: [UInt8], _ transducer: Transducer) -> Range<Int> {
        let state = Int(nodes[index].state)
        let position = Int(nodes[index].position)
        let first = steps.count
        let byte = position < text.count ? text[position] : nil
        for arc in transducer.silentArcs(state) where transducer.canGoOn(Int(transducer[arc].next), with: byte) {
            addStep(arc, of: transducer, position: position)
        }
        if let byte {
            let following = position + 1 < text.count ? text[position + 1] : nil
            for arc in transducer.arcs(state, reading: byte)
            where transducer.canGoOn(Int(transducer[arc].next), with: following) {
                addStep(arc, of: transducer, position: position + 1)
            }
        }
        nodes[index].firstStep = UInt32(first)
        nodes[index].endStep = UInt32(steps.count)
        return first..<steps.count
    }

    private mutating func leave(_ node: Int, ends: Bool) {
        if ends { nodes[node].isLive = true }
        if nodes[node].isLive { order.append(UInt32(node)) }
    }

    /// A state that only one arc leads to is new whenever it is met, and need not be looked for: most are such.
    private mutating func addStep(_ arc: Int, of transducer: Transducer, position: Int) {
        let state = transducer[arc].next
        if transducer.isJunction(Int(state)) {
            steps.append(Step(node: listedNode(state: state, position: UInt32(position)), arc: UInt32(arc)))
        } else {
            steps.append(Step(node: UInt32(nodes.count), arc: UInt32(arc)))
            nodes.append(Node(state: state, position: UInt32(position), isListed: false))
        }
    }

    /// The number of a node, a new one where there is none yet.
    private mutating func listedNode(state: UInt32, position: UInt32) -> UInt32 {
        if listed * 2 >= slots.count { makeRoom() }
        let slot = slot(state, position)
        if slots[slot] == .max {
            slots[slot] = UInt32(nodes.count)
            nodes.append(Node(state: state, position: position, isListed: true))
            listed += 1
        }
        return slots[slot]
    }

    /// Where a node is, or has its place. The same states come at every position, which one multiplication would lay
    /// side by side; the finalizer of MurmurHash3 spreads them.
    private func slot(_ state: UInt32, _ position: UInt32) -> Int {
        var key = UInt64(position) << 32 | UInt64(state)
        key = (key ^ key >> 33) &* 0xff51_afd7_ed55_8ccd
        key = (key ^ key >> 33) &* 0xc4ce_b9fe_1a85_ec53
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: key >> 33) & mask
        while slots[slot] != .max {
            let other = nodes[Int(slots[slot])]
            if other.state == state, other.position == position { break }
            slot = (slot + 1) & mask
        }
        return slot
    }

    private mutating func makeRoom() {
        slots = .init(repeating: .max, count: slots.count * 2)
        for index in nodes.indices where nodes[index].isListed {
            slots[slot(nodes[index].state, nodes[index].position)] = UInt32(index)
        }
    }
}
