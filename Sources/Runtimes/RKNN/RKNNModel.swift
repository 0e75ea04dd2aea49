import Inference
import Synchronization

/// A loaded file: what its contexts have in common. Its memory on the device is set aside as long as anybody uses it.
final class RKNNModel: Sendable {
    let path: String
    /// Who runs, in leases, traces and memory sums.
    let label: String
    let library: RKNNLibrary
    let npu: NPU
    let ports: RKNNPorts
    private let grant: MemoryGrant
    /// Whether this library takes memory of ours for the ports of this file.
    private let sharesMemory: Mutex<Bool>

    /// Takes over the grant.
    init(_ first: OwnedContext, ports: RKNNPorts, label: String, npu: NPU, grant: MemoryGrant) {
        path = first.path
        library = first.library
        self.label = label
        self.npu = npu
        self.ports = ports
        self.grant = grant
        sharesMemory = Mutex(true)
    }

    deinit { npu.free(grant) }

    /// A context with its memory.
    /// - Parameter owned: a context that nobody else has.
    /// - Returns: the context, ready to run.
    /// - Throws: `outOfMemory`, or the library's status in words.
    func prepare(_ owned: OwnedContext) throws(InferenceError) -> RKNNContext {
        guard sharesMemory.withLock({ $0 }) else { return copying(owned) }
        if let transfer = try SharedMemoryTransfer(owned, ports) { return RKNNContext(owned, transfer) }
        sharesMemory.withLock { $0 = false }
        // Memory may be bound to some of its ports already.
        return copying(try OwnedContext(path: path, library: library))
    }

    private func copying(_ owned: OwnedContext) -> RKNNContext {
        RKNNContext(owned, CopyTransfer(context: owned, ports: ports))
    }

    /// A new context: a duplicate where there is a sound one to take it from, else loaded from the file.
    func makeContext(like donor: RKNNContext?) throws(InferenceError) -> RKNNContext {
        if let donor, let duplicate = try? OwnedContext(duplicating: donor.owned) { return try prepare(duplicate) }
        return try prepare(try OwnedContext(path: path, library: library))
    }

    /// Memory on the device for that many contexts, in bytes, as the library tells it; the grant is corrected.
    func settleMemory(_ first: OwnedContext, contexts: Int) throws(InferenceError) {
        let (weights, perContext) = try first.memory()
        let buffers = ports.bytes.inputs + (ports.lentLimit + 1) * ports.bytes.outputs
        try npu.adjust(grant, toBytes: weights + contexts * (perContext + buffers))
    }
}
