import Foundation

/// Something that can load graphs: ONNX Runtime, RKNN, a worker process.
package protocol GraphRuntime: Sendable {
    /// - Parameters:
    ///   - part: what the bundle says of it.
    ///   - path: the graph's file, absolute, with the board's name put in.
    /// - Returns: the graph, ready to run.
    /// - Throws: `missingFile` or `badModel` naming the file, `outOfMemory`, `deviceUnavailable`.
    func load(_ part: Placement.Part, at path: String) async throws(InferenceError) -> any Graph
}

/// How files of a bundle are found and trusted; the loader, which knows of downloads and hashes, says how.
package struct BundleFiles: Sendable {
    /// Compares a file with its SHA-256 in hexadecimal digits; throws `badModel` when it is another.
    package typealias Verify = @Sendable (_ path: String, _ sha256: String) async throws(InferenceError) -> Void
    /// Says which file to load for a part; nil when there is none.
    package typealias Locate =
        @Sendable (_ part: Placement.Part, _ path: String) async throws(InferenceError) -> String?

    /// Nil: hashes are not compared.
    package var verify: Verify?
    /// Nil: the file itself.
    package var locate: Locate?

    package init(verify: Verify? = nil, locate: Locate? = nil) {
        self.verify = verify
        self.locate = locate
    }
}

/// Every runtime that this process found, and the one place that turns a placement into graphs.
package struct RuntimeSet: Sendable {
    private let graphRuntimes: [Placement.Runtime: any GraphRuntime]
    let languageModels: [Placement.Runtime: any LanguageModelRuntime]
    private let files: BundleFiles
    /// The board whose name is put into file names.
    package let board: Board?

    /// - Parameters:
    ///   - graphRuntimes: those there are.
    ///   - languageModels: those that load decoders.
    ///   - board: whose name is put into file names; nil where placements name none.
    ///   - files: how files are found and trusted.
    package init(
        _ graphRuntimes: [Placement.Runtime: any GraphRuntime],
        languageModels: [Placement.Runtime: any LanguageModelRuntime] = [:],
        board: Board? = nil,
        files: BundleFiles = BundleFiles()
    ) {
        self.graphRuntimes = graphRuntimes
        self.languageModels = languageModels
        self.board = board
        self.files = files
    }

    /// Runtimes that are there.
    package var available: Set<Placement.Runtime> { Set(graphRuntimes.keys).union(languageModels.keys) }

    /// Assembles a stage: the links of its chain, each on its runtime, with its buckets loaded side by side.
    /// - Throws: `badModel` for a stage that the placement lacks, or buckets that differ; `runtimeUnavailable`,
    ///   `missingFile`, and what runtimes throw.
    package func graph(
        for stage: String,
        of placement: Placement,
        in directory: String
    ) async throws(InferenceError) -> any Graph {
        var chain: [any Graph] = []
        for link in try links(of: stage, placement, directory) {
            chain.append(try await graph(of: link, in: directory))
        }
        return chain.count == 1 ? chain[0] : ChainedGraph(chain)
    }

    /// The links of a stage.
    func links(
        of stage: String,
        _ placement: Placement,
        _ directory: String
    ) throws(InferenceError) -> [[Placement.Part]] {
        guard let links = placement.stages[stage], !links.isEmpty else {
            let near = Spelling.nearest(to: stage, in: placement.stages.keys).map { "; it has \"\($0)\"" } ?? ""
            throw InferenceError(.badModel, "the placement has no stage \"\(stage)\"\(near)", graph: directory)
        }
        return links
    }

    private func graph(of link: [Placement.Part], in directory: String) async throws(InferenceError) -> any Graph {
        guard let first = link.first else { throw InferenceError(.badModel, "a link has no bucket", graph: directory) }
        if link.count == 1, first.frames == nil { return try await load(first, from: directory) }
        let graphs = await withTaskGroup(of: (Int, Result<any Graph, InferenceError>).self) { group in
            for (index, part) in link.enumerated() {
                group.addTask {
                    do throws(InferenceError) { return (index, .success(try await load(part, from: directory))) } catch
                    {
                        return (index, .failure(error))
                    }
                }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        var buckets: [BucketedGraph.Bucket] = []
        for (index, part) in link.enumerated() {
            guard let graph = try graphs[index]?.get(), let frames = part.frames else {
                throw InferenceError(.badModel, "one of several buckets has no \"frames\"", graph: part.file)
            }
            buckets.append(BucketedGraph.Bucket(frames: frames, graph))
        }
        let filling = BucketedGraph.Filling(axes: first.axes, padding: first.pad ?? .zero, mask: first.mask)
        return try BucketedGraph(buckets, filling: filling)
    }

    private func load(_ part: Placement.Part, from directory: String) async throws(InferenceError) -> any Graph {
        guard let runtime = graphRuntimes[part.runtime] else { throw unavailable(part, directory) }
        return try await runtime.load(part, at: file(of: part, in: directory))
    }

    func unavailable(_ part: Placement.Part, _ directory: String) -> InferenceError {
        let isThere = available.contains(part.runtime)
        return InferenceError(
            .runtimeUnavailable,
            "its runtime \"\(part.runtime.rawValue)\" "
                + (isThere ? "loads no such stage" : "is not available here"),
            graph: directory + "/" + part.file
        )
    }

    /// The file of a part: there, and the one that was declared.
    func file(of part: Placement.Part, in directory: String) async throws(InferenceError) -> String {
        guard let name = part.fileName(for: board) else {
            throw InferenceError(.badModel, "the file depends on the board, and none is known", graph: part.file)
        }
        if let problem = BundlePath.problem(name) { throw InferenceError(.badModel, problem, graph: directory) }
        let declared = try BundlePath.resolve(name, in: directory)
        let path = if let locate = files.locate { try await locate(part, declared) } else { Optional(declared) }
        guard let path, FileManager.default.fileExists(atPath: path) else {
            throw InferenceError(.missingFile, "the file is missing; run `rkvoice models verify`", graph: declared)
        }
        // A file that was made on this machine in place of the declared one has no hash to compare with.
        if path == declared, let verify = files.verify, let sha256 = part.sha256?.text(for: board?.id) {
            try await verify(path, sha256)
        }
        return path
    }
}
