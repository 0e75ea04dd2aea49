import Inference

/// An ONNX file as a graph. Runs block a thread of the pool, never one of Swift's own.
struct ONNXGraph: Graph {
    let name: String
    let session: ONNXSession
    let pool: BlockingPool

    var inputs: [TensorSpec] { session.inputs }
    var optionalInputs: [TensorSpec] { session.optionalInputs }
    var outputs: [TensorSpec] { session.outputs }

    func run(_ inputs: [String: Tensor]) async throws(InferenceError) -> [String: Tensor] {
        let options = try RunOptions(session.library)
        let result: Result<[String: Tensor], InferenceError> = await withTaskCancellationHandler {
            await withTaskExecutorPreference(pool) {
                do throws(InferenceError) {
                    return .success(try session.run(inputs, options: options))
                } catch {
                    return .failure(error)
                }
            }
        } onCancel: {
            options.terminate()
        }
        do { return try result.get() } catch {
            if Task.isCancelled { throw InferenceError(.cancelled, "cancelled", graph: name) }
            throw InferenceError(error.code, error.message, graph: name, status: error.status)
        }
    }
}
