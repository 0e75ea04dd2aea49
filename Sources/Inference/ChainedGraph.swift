/// Graphs run one after another; each sees the original inputs plus everything produced before it.
package struct ChainedGraph: Graph {
    private let links: [any Graph]

    /// - Parameter links: at least one graph.
    package init(_ links: [any Graph]) {
        precondition(!links.isEmpty, "a chain has at least one link")
        self.links = links
    }

    package var name: String { links.map(\.name).joined(separator: " → ") }

    package var inputs: [TensorSpec] {
        var produced: Set<String> = []
        var wanted: [TensorSpec] = []
        for link in links {
            for spec in link.inputs
            where !produced.contains(spec.name) && !wanted.contains(where: { $0.name == spec.name }) {
                wanted.append(spec)
            }
            produced.formUnion(link.outputs.map(\.name))
        }
        return wanted
    }

    package var outputs: [TensorSpec] { links[links.count - 1].outputs }

    package var frameSizes: [Int]? { links[0].frameSizes }

    package func run(_ inputs: [String: Tensor]) async throws(InferenceError) -> [String: Tensor] {
        var known = inputs
        var last: [String: Tensor] = [:]
        for link in links {
            // A runtime refuses tensors it has no input for, so each link gets just its own.
            let names = Set(link.inputs.map(\.name))
            last = try await link.run(known.filter { names.contains($0.key) })
            known.merge(last) { _, new in new }
        }
        return last
    }
}
