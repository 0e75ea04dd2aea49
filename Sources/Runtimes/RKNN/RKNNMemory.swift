import CRuntimes
import Inference
import Synchronization

/// Memory that a context and the device share; given back when nobody uses it any more.
final class RKNNMemory: Sendable {
    let context: OwnedContext
    // Contents are written by one run at a time, and read once it is over; the description is never changed.
    private let memory: ForeignHandle<UnsafeMutablePointer<RKNNTensorMemory>>
    private let start: ForeignHandle<UnsafeMutableRawPointer>
    let byteCount: Int

    var description: UnsafeMutablePointer<RKNNTensorMemory> { memory.value }
    var address: UnsafeMutableRawPointer { start.value }

    /// - Throws: `outOfMemory` when the device has none left.
    init(_ byteCount: Int, for context: OwnedContext) throws(InferenceError) {
        guard let size = UInt32(exactly: byteCount),
            let memory = context.library.calls.memory.create(context.handle, size)
        else { throw Self.exhausted(byteCount, context) }
        guard let address = memory.pointee.address else {
            _ = context.library.calls.memory.destroy(context.handle, memory)
            throw Self.exhausted(byteCount, context)
        }
        self.context = context
        self.memory = ForeignHandle(memory)
        start = ForeignHandle(address)
        self.byteCount = byteCount
    }

    /// The same memory for another context; nil where the library cannot share it.
    init?(_ other: RKNNMemory, for context: OwnedContext) {
        let source = other.description.pointee
        guard source.descriptor >= 0,
            let memory = context.library.calls.memory.importDescriptor(
                context.handle,
                source.descriptor,
                source.address,
                source.size,
                source.offset
            )
        else { return nil }
        self.context = context
        self.memory = ForeignHandle(memory)
        start = ForeignHandle(memory.pointee.address ?? other.address)
        byteCount = other.byteCount
    }

    deinit { _ = context.library.calls.memory.destroy(context.handle, memory.value) }

    private static func exhausted(_ byteCount: Int, _ context: OwnedContext) -> InferenceError {
        RKNNStatus(code: Int32(RKNN_STATUS_OUT_OF_MEMORY)).error("rknn_create_mem", context.path, "\(byteCount) bytes")
    }
}

/// Memory of one output: lent out with each result, used again when the tensor is gone.
final class OutputMemories: Sendable {
    private struct State {
        var free: [RKNNMemory] = []
        var lent = 0
        var isClosed = false
    }

    /// Results that may be held at a time without a copy; more are copied, so that device memory has a bound.
    private let limit: Int
    private let state = Mutex(State())

    init(limit: Int) { self.limit = limit }

    /// Memory to write to: `bound` where it is free, so that nothing has to be bound anew.
    /// - Returns: nil when all of it is lent.
    func take(preferring bound: RKNNMemory?) -> RKNNMemory? {
        state.withLock { state in
            let index = state.free.lastIndex { $0 === bound } ?? state.free.indices.last
            return index.map { state.free.remove(at: $0) }
        }
    }

    /// Memory that was taken and not lent.
    func put(_ memory: RKNNMemory) {
        state.withLock { state in if !state.isClosed { state.free.append(memory) } }
    }

    /// A result without a copy; nil when so many are held that this one is to be copied.
    func lend(_ memory: RKNNMemory) -> LentOutput? {
        let isPossible = state.withLock { state in
            guard state.lent < limit else { return false }
            state.lent += 1
            return true
        }
        return isPossible ? LentOutput(memory, of: self) : nil
    }

    fileprivate func takeBack(_ memory: RKNNMemory) {
        state.withLock { state in
            state.lent -= 1
            if !state.isClosed { state.free.append(memory) }
        }
    }

    /// The context is given up: free memory goes back to the device now, lent memory with its tensor.
    func close() {
        let freed = state.withLock { state in
            state.isClosed = true
            defer { state.free = [] }
            return state.free
        }
        _ = freed
    }
}

/// An output in the memory that the device wrote; what it needs stays alive as long as it does.
final class LentOutput: TensorBuffer {
    let memory: RKNNMemory
    private let home: OutputMemories

    fileprivate init(_ memory: RKNNMemory, of home: OutputMemories) {
        self.memory = memory
        self.home = home
    }

    deinit { home.takeBack(memory) }

    var byteCount: Int { memory.byteCount }

    func withBytes<R, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
        try body(UnsafeRawBufferPointer(start: memory.address, count: memory.byteCount))
    }
}

/// A result that was copied out of the library.
final class CopiedOutput: TensorBuffer {
    // Written before anybody else sees it.
    private let storage: ForeignHandle<UnsafeMutableRawBufferPointer>

    init(byteCount: Int) {
        storage = ForeignHandle(.allocate(byteCount: byteCount, alignment: 64))
    }

    deinit { storage.value.deallocate() }

    var bytes: UnsafeMutableRawBufferPointer { storage.value }
    var byteCount: Int { storage.value.count }

    func withBytes<R, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
        try body(UnsafeRawBufferPointer(storage.value))
    }
}
