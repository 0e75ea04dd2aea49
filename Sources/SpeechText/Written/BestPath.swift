/// The cheapest way of a text through a transducer.
///
/// Does what OpenFst 1.7.2 does with the text as a chain of states: composition, connection, and `ShortestPath` with its
/// automatic queue, in the same order and with the same 32-bit sums, so that of two ways of one cost the same is taken.
struct BestPath {
    private let transducer: Transducer
    private let text: [UInt8]
    private let graph: TextGraph
    /// Node → least cost so far.
    private var costs: [Float]
    /// Node → the step by which it is reached at that cost, and where it comes from; `UInt32.max` for the start.
    private var parents: [(node: UInt32, step: UInt32)]
    private var end: Int?
    private var endCost = Float.infinity

    /// What the cheapest way of a text without zero bytes writes; nil where there is none within `limit`.
    fileprivate static func output(of text: [UInt8], through transducer: Transducer, limit: Int) -> [UInt8]? {
        guard let graph = TextGraph(text, through: transducer, limit: limit), graph.order.first == 0 else { return nil }
        var search = BestPath(text, through: transducer, in: graph)
        search.run()
        return search.output()
    }

    private init(_ text: [UInt8], through transducer: Transducer, in graph: TextGraph) {
        self.text = text
        self.transducer = transducer
        self.graph = graph
        costs = .init(repeating: .infinity, count: graph.nodes.count)
        costs[0] = 0
        parents = .init(repeating: (.max, .max), count: graph.nodes.count)
    }

    /// States in the order of a topological sort; where nothing has a cost, the latest found first.
    private mutating func run() {
        let isWeighted = graph.order.contains { node in
            graph.nodes[Int(node)].steps.contains { isLive($0) && ![0, .infinity].contains(weight($0)) }
        }
        guard !isWeighted else {
            for node in graph.order { relax(Int(node)) { _ in } }
            return
        }
        var stack = [0]
        while let node = stack.popLast() { relax(node) { stack.append($0) } }
    }

    /// Costs of what is behind a node; `improved` is called with each that is reached at less cost through it.
    private mutating func relax(_ node: Int, improved: (Int) -> Void) {
        let cost = costs[node]
        guard cost < .infinity else { return }
        let whole = cost + graph.endWeight(node, text, transducer)
        if whole < endCost {
            endCost = whole
            end = node
        }
        for step in graph.nodes[node].steps where isLive(step) {
            let next = Int(graph.steps[step].node)
            let sum = cost + weight(step)
            guard sum < costs[next] else { continue }
            costs[next] = sum
            parents[next] = (UInt32(node), UInt32(step))
            improved(next)
        }
    }

    private func output() -> [UInt8]? {
        guard var node = end else { return nil }
        var output: [UInt8] = []
        while parents[node].node != .max {
            let byte = transducer[Int(graph.steps[Int(parents[node].step)].arc)].output
            if byte != 0 { output.append(byte) }
            node = Int(parents[node].node)
        }
        return output.reversed()
    }

    private func isLive(_ step: Int) -> Bool { graph.nodes[Int(graph.steps[step].node)].isLive }

    private func weight(_ step: Int) -> Float { transducer[Int(graph.steps[step].arc)].weight }
}

extension Transducer {
    /// What is written on the cheapest way through which a text is read.
    ///
    /// - Parameters:
    ///   - text: bytes; zeros are passed over.
    ///   - limit: most pairs of state and position, and steps between them, that are looked at; each takes some 20 bytes.
    /// - Returns: nil where no way reads the whole text, or where it takes more than `limit` to find it.
    package func output(of text: [UInt8], limit: Int) -> [UInt8]? {
        BestPath.output(of: text.contains(0) ? text.filter { $0 != 0 } : text, through: self, limit: limit)
    }
}
