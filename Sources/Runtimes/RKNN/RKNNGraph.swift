package import Inference

/// An `.rknn` file as a graph: runs side by side on as many cores as it has contexts.
package struct RKNNGraph: Graph {
    let slots: ContextSlots
    let request: CoreRequest
    let pool: BlockingPool
    let watch: RunWatch

    private var model: RKNNModel { slots.model }

    package var name: String { model.path }
    package var inputs: [TensorSpec] { model.ports.inputs.map(\.spec) }
    package var outputs: [TensorSpec] { model.ports.outputs.map(\.spec) }

    package func run(_ inputs: [String: Tensor]) async throws(InferenceError) -> [String: Tensor] {
        let tensors = try model.ports.ordered(inputs, path: name)
        let (lease, slot) = try await reserve()
        let run = RKNNRun(slots, slot, lease, tensors, watch: watch)
        let results = try await run.outcome(on: pool).get()
        var outputs: [String: Tensor] = [:]
        outputs.reserveCapacity(results.count)
        for (port, tensor) in zip(model.ports.outputs, results) { outputs[port.spec.name] = tensor }
        return outputs
    }

    /// A core and a context.
    ///
    /// With a context for every core that it may get, the core comes first, so that whoever waits holds nothing; with
    /// fewer, the context does, so that no core stands idle for want of one.
    private func reserve() async throws(InferenceError) -> (Lease, ContextSlot) {
        let isCoreFirst = request != .any || slots.count >= model.npu.board.cores
        if isCoreFirst {
            let lease = try await model.npu.acquire(request, label: model.label)
            do throws(InferenceError) {
                return (lease, try await slots.take(lease.cores))
            } catch {
                model.npu.release(lease)
                throw error
            }
        }
        let slot = try await slots.take(nil)
        do throws(InferenceError) {
            return (try await model.npu.acquire(request, label: model.label), slot)
        } catch {
            slots.put(slot)
            throw error
        }
    }
}
