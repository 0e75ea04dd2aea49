import CRuntimes
import Inference

/// Tensor memory that ONNX Runtime owns; lent to the next run as it is, so a KV cache is never copied.
final class ONNXValue: TensorBuffer {
    private let library: ONNXLibrary
    // A value is not written after the run that made it, and ONNX Runtime only reads its inputs.
    private let handle: ForeignHandle<OpaquePointer>

    var value: OpaquePointer { handle.value }

    init(_ value: OpaquePointer, library: ONNXLibrary) {
        handle = ForeignHandle(value)
        self.library = library
    }

    deinit { library.calls.ReleaseValue(handle.value) }

    var byteCount: Int { (try? tensorInfo()).map { $0.shape.reduce(1, *) * $0.dtype.size } ?? 0 }

    func withBytes<R, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
        var data: UnsafeMutableRawPointer?
        let status = library.calls.GetTensorMutableData(handle.value, &data)
        if let status { library.calls.ReleaseStatus(status) }
        return try body(UnsafeRawBufferPointer(start: data, count: data == nil ? 0 : byteCount))
    }

    /// The value as a tensor that shares its memory.
    func tensor() throws(InferenceError) -> Tensor {
        let info = try tensorInfo()
        return Tensor(shape: info.shape, dtype: info.dtype, buffer: self)
    }

    private func tensorInfo() throws(InferenceError) -> (shape: [Int], dtype: DType) {
        let calls = library.calls
        let info = try calls.created { calls.GetTensorTypeAndShape(handle.value, &$0) }
        defer { calls.ReleaseTensorInfo(info) }
        let (shape, dtype) = try calls.shapeAndType(info)
        return (shape.map { $0 ?? 0 }, dtype)
    }
}

/// Options of one run: how its task's cancellation reaches ONNX Runtime.
final class RunOptions: Sendable {
    // Setting the terminate flag from another thread is what the function is for.
    let handle: ForeignHandle<OpaquePointer>
    private let library: ONNXLibrary

    init(_ library: ONNXLibrary) throws(InferenceError) {
        let calls = library.calls
        handle = ForeignHandle(try calls.created { calls.CreateRunOptions(&$0) })
        self.library = library
    }

    deinit { library.calls.ReleaseRunOptions(handle.value) }

    /// Makes the run end soon with an error.
    func terminate() {
        if let status = library.calls.RunOptionsSetTerminate(handle.value) { library.calls.ReleaseStatus(status) }
    }
}

/// C strings that live as long as the array.
final class CStrings: Sendable {
    private let storage: ForeignHandle<[UnsafePointer<CChar>]>

    init(_ strings: [String]) {
        storage = ForeignHandle(
            strings.map { string in
                let bytes = string.utf8CString
                let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
                copy.initialize(from: Array(bytes), count: bytes.count)
                return UnsafePointer(copy)
            }
        )
    }

    deinit { for pointer in storage.value { pointer.deallocate() } }

    var pointers: [UnsafePointer<CChar>] { storage.value }
}
