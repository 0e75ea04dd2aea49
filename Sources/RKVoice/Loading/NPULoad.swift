import Inference

/// Requests that share an NPU: live ones, which somebody waits for, and background ones, which nobody does.
struct NPULoad: Sendable {
    /// How often alone and beside others are measured, in turns.
    static let rounds = 5
    /// Runs of one request, one after the other: a reply of some windows, a recording of some stretches.
    private static let runs = 8

    private let graph: any Graph
    private let inputs: [String: Tensor]
    private let live: Int
    private let background: Int

    init(_ graph: any Graph, live: Int, background: Int) {
        self.graph = graph
        self.live = live
        self.background = background
        inputs = Dictionary(
            uniqueKeysWithValues: graph.inputs.map { spec in
                let shape = spec.shape.map { $0 ?? 1 }
                return (spec.name, Tensor(shape: shape, [Float](repeating: 0, count: shape.reduce(1, *))))
            }
        )
    }

    /// Background requests run all the while; live ones come all at once, in the middle of it.
    /// - Returns: milliseconds to the first result of each live request.
    func firstResults() async throws(InferenceError) -> [Double] {
        let others = Task { await RunPriority.$current.withValue(.background) { await keepBusy() } }
        defer { others.cancel() }
        // Until each has had a turn, the load is still building up.
        if background > 0 { for _ in 0..<2 { _ = try await first() } }
        let results = await withTaskGroup(of: Result<Double, InferenceError>.self) { group in
            for _ in 0..<live {
                group.addTask {
                    do throws(InferenceError) { return .success(try await reply()) } catch { return .failure(error) }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        others.cancel()
        await others.value
        var times: [Double] = []
        for result in results { times.append(try result.get()) }
        return times
    }

    private func first() async throws(InferenceError) -> Double {
        let start = ContinuousClock.now
        _ = try await graph.run(inputs)
        return (.now - start) / .milliseconds(1)
    }

    private func reply() async throws(InferenceError) -> Double {
        let time = try await first()
        for _ in 1..<Self.runs { _ = try await graph.run(inputs) }
        return time
    }

    private func keepBusy() async {
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<background {
                group.addTask { while !Task.isCancelled { _ = try? await graph.run(inputs) } }
            }
        }
    }
}
