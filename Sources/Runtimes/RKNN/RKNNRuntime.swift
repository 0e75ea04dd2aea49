package import Inference

/// Loads `.rknn` files as graphs on one NPU.
package struct RKNNRuntime: GraphRuntime {
    /// The library that it calls.
    package let library: RKNNLibrary
    private let npu: NPU
    private let watch: RunWatch
    private let pool = BlockingPool(label: "rkvoice.rknn")

    /// - Parameters:
    ///   - library: the vendor's library, or the simulator.
    ///   - npu: who runs where and how much memory there is.
    ///   - runTimeout: after which a run is given up and its cores are set aside until it is back.
    package init(_ library: RKNNLibrary, npu: NPU, runTimeout: Duration = .seconds(10)) {
        self.library = library
        self.npu = npu
        watch = RunWatch(timeout: runTimeout)
    }

    /// - Parameters:
    ///   - part: cores, number of contexts, memory.
    ///   - path: the `.rknn` file.
    /// - Returns: the graph, with its contexts made.
    /// - Throws: `missingFile`, `badModel`, `outOfMemory`, `deviceUnavailable`, `runtimeUnavailable`, each naming the file
    ///   and what to do.
    package func load(_ part: Placement.Part, at path: String) async throws(InferenceError) -> any Graph {
        let result: Result<RKNNGraph, InferenceError> = await withTaskExecutorPreference(pool) {
            do throws(InferenceError) { return .success(try loadBlocking(part, path)) } catch { return .failure(error) }
        }
        return try result.get()
    }

    private func loadBlocking(_ part: Placement.Part, _ path: String) throws(InferenceError) -> RKNNGraph {
        let file = try RKNNFile(path: path)
        try check(file)
        let request = CoreRequest(cores: part.cores)
        let count = try contexts(part, request)
        // Files of different models go by the same name.
        let label = path.split(separator: "/").suffix(2).joined(separator: "/")
        let grant = try npu.admit(bytes: part.bytes ?? file.byteCount, label: label)
        let model: RKNNModel
        let first: OwnedContext
        do throws(InferenceError) {
            first = try open(file)
            let ports = try RKNNPorts(of: first)
            model = RKNNModel(first, ports: ports, label: label, npu: npu, grant: grant)
        } catch {
            npu.free(grant)
            throw error
        }
        try model.settleMemory(first, contexts: count)
        var ready = [try model.prepare(first)]
        if case .exactly(let mask) = request { try ready[0].use(mask, of: npu.board) }
        while ready.count < count { ready.append(try model.makeContext(like: ready[0])) }
        return RKNNGraph(slots: ContextSlots(model, ready), request: request, pool: pool, watch: watch)
    }

    private func check(_ file: RKNNFile) throws(InferenceError) {
        let version = library.versions?.library
        try file.check(board: npu.board, runtimeVersion: version, isSimulator: library.isSimulated)
    }

    /// The first context of a file; what it says of the library's release is looked at once it can be.
    private func open(_ file: RKNNFile) throws(InferenceError) -> OwnedContext {
        let context = try OwnedContext(path: file.path, library: library)
        library.learn(try context.versions())
        try check(file)
        return context
    }

    private func contexts(_ part: Placement.Part, _ request: CoreRequest) throws(InferenceError) -> Int {
        if case .exactly(let mask) = request { try npu.board.check(mask) }
        guard npu.board.hasNPU else {
            throw InferenceError(.deviceUnavailable, "\(npu.name) has no NPU for it", graph: part.file)
        }
        let count = part.contexts ?? (request == .any ? npu.board.cores : 1)
        guard (1...64).contains(count) else {
            throw InferenceError(.badModel, "\(count) contexts are asked for; 1 to 64 can be", graph: part.file)
        }
        return count
    }
}
