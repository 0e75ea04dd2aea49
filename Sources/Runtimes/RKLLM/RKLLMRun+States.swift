import CRuntimes
import Inference
import Synchronization

// Runs that give rows instead of tokens.

extension RKLLMRun {
    /// Keeps a copy of the rows, whose memory is the library's.
    /// - Returns: whether the run is wanted still.
    func keep(_ news: RKLLMNews) -> Bool {
        let rows = Self.rows(request.mode, news)
        return state.withLock { state in
            state.computing = .now
            if let rows, state.unwanted == nil { state.rows = rows }
            return state.unwanted == nil
        }
    }

    /// The rows, once the run is over.
    /// - Throws: what the run ended with; `runtimeFailed` when it gave none.
    func rows() async throws(InferenceError) -> Tensor {
        while try await next() != nil {}
        guard let rows = state.withLock({ $0.rows }) else {
            throw InferenceError(.runtimeFailed, "\(model.library) gave no rows for the prompt", graph: model.path)
        }
        return rows
    }

    private static func rows(_ mode: Int32, _ news: RKLLMNews) -> Tensor? {
        if mode == Int32(RKLLM_MODE_HIDDEN_STATES) {
            return tensor(news.hidden.values, rows: news.hidden.count, columns: news.hidden.size)
        }
        return news.logits.flatMap { tensor($0.values, rows: $0.count, columns: $0.vocabulary) }
    }

    private static func tensor(_ values: UnsafePointer<Float>?, rows: Int32, columns: Int32) -> Tensor? {
        guard let values, rows > 0, columns > 0 else { return nil }
        let (rows, columns) = (Int(rows), Int(columns))
        return Tensor(shape: [rows, columns], Array(UnsafeBufferPointer(start: values, count: rows * columns)))
    }
}

extension Duration {
    /// In seconds.
    var seconds: Double { self / .seconds(1) }
}
