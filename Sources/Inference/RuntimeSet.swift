import Foundation

/// Something that can load graphs: ONNX Runtime, RKNN, a worker process.
package protocol GraphRuntime: Sendable {
    /// - Parameter path: the graph's file.
    /// - Returns: the graph, ready to run.
    /// - Throws: `missingFile` or `badModel` naming the file.
    func load(_ path: String) async throws(InferenceError) -> any Graph
}

/// Every runtime that this process found, and the one place that turns a placement into graphs.
package struct RuntimeSet: Sendable {
    private let graphRuntimes: [Placement.Runtime: any GraphRuntime]

    package init(_ graphRuntimes: [Placement.Runtime: any GraphRuntime]) { self.graphRuntimes = graphRuntimes }

    /// Assembles a stage: the links of its chain, each on its runtime.
    /// - Throws: `badModel` for a stage that the placement lacks, `runtimeUnavailable`, `missingFile`.
    package func graph(
        for stage: String,
        of placement: Placement,
        in directory: String
    ) async throws(InferenceError) -> any Graph {
        guard let links = placement.stages[stage], !links.isEmpty else {
            throw InferenceError(.badModel, "the placement has no stage \"\(stage)\"", graph: directory)
        }
        var chain: [any Graph] = []
        for link in links {
            guard link.count == 1, let part = link.first, part.frames == nil else {
                throw InferenceError(
                    .badModel,
                    "stage \"\(stage)\" has buckets, which need a runtime with fixed shapes"
                )
            }
            chain.append(try await load(part, from: directory))
        }
        return chain.count == 1 ? chain[0] : ChainedGraph(chain)
    }

    private func load(_ part: Placement.Part, from directory: String) async throws(InferenceError) -> any Graph {
        let path = directory + "/" + part.file
        guard let runtime = graphRuntimes[part.runtime] else {
            throw InferenceError(
                .runtimeUnavailable,
                "its runtime \"\(part.runtime.rawValue)\" is not available here",
                graph: path
            )
        }
        guard FileManager.default.fileExists(atPath: path) else {
            throw InferenceError(.missingFile, "the file is missing; run `rkvoice models verify`", graph: path)
        }
        return try await runtime.load(path)
    }
}
