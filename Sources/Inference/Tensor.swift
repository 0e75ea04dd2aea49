/// Element type of a tensor.
package enum DType: String, Sendable, Hashable, Codable {
    case f32, f16, i64, i32, i8, u8, bool

    /// Bytes per element.
    package var size: Int {
        switch self {
        case .i64: 8
        case .f32, .i32: 4
        case .f16: 2
        case .i8, .u8, .bool: 1
        }
    }

    /// The Swift type of its elements.
    var scalarType: any TensorScalar.Type {
        switch self {
        case .f32: Float.self
        case .f16: Half.self
        case .i64: Int64.self
        case .i32: Int32.self
        case .i8: Int8.self
        case .u8: UInt8.self
        case .bool: Bool.self
        }
    }
}

/// A Swift type that can be the element of a tensor. Half floats travel as their bits (`Half`).
package protocol TensorScalar: BitwiseCopyable, Sendable {
    static var dtype: DType { get }
    static var zero: Self { get }
    static var one: Self { get }
}
extension Float: TensorScalar {
    package static var dtype: DType { .f32 }
    package static var one: Float { 1 }
}
extension Int64: TensorScalar {
    package static var dtype: DType { .i64 }
    package static var one: Int64 { 1 }
}
extension Int32: TensorScalar {
    package static var dtype: DType { .i32 }
    package static var one: Int32 { 1 }
}
extension Int8: TensorScalar {
    package static var dtype: DType { .i8 }
    package static var one: Int8 { 1 }
}
extension UInt8: TensorScalar {
    package static var dtype: DType { .u8 }
    package static var one: UInt8 { 1 }
}
extension Bool: TensorScalar {
    package static var dtype: DType { .bool }
    package static var zero: Bool { false }
    package static var one: Bool { true }
}

/// The bits of an IEEE 754 half float (`binary16`); a type of its own, because `Float16` is not on every platform.
package struct Half: TensorScalar, Hashable {
    package static var dtype: DType { .f16 }
    package static var zero: Half { Half(bits: 0) }
    package static var one: Half { Half(bits: 0x3C00) }
    package var bits: UInt16
    package init(bits: UInt16) { self.bits = bits }
}

/// Memory that holds the elements of a tensor: a Swift array, or memory that a runtime owns.
package protocol TensorBuffer: Sendable {
    /// Bytes held.
    var byteCount: Int { get }
    /// Lends the bytes for the length of the call.
    func withBytes<R, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R
}

/// Elements in a Swift array.
private struct ArrayBuffer<Scalar: TensorScalar>: TensorBuffer {
    let scalars: [Scalar]
    var byteCount: Int { scalars.count * MemoryLayout<Scalar>.stride }

    func withBytes<R, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
        try scalars.withUnsafeBufferPointer { elements throws(E) in try body(UnsafeRawBufferPointer(elements)) }
    }
}

/// A dense row-major tensor. Immutable; copies share the memory.
package struct Tensor: Sendable {
    /// Length of each axis; empty for a scalar.
    package let shape: [Int]
    /// Element type.
    package let dtype: DType
    /// Where the elements are.
    package let buffer: any TensorBuffer

    /// Takes the array as it is; nothing is copied.
    package init<Scalar: TensorScalar>(shape: [Int], _ scalars: [Scalar]) {
        precondition(shape.reduce(1, *) == scalars.count, "shape \(shape) does not hold \(scalars.count) elements")
        self.shape = shape
        dtype = Scalar.dtype
        buffer = ArrayBuffer(scalars: scalars)
    }

    /// Memory of a runtime: `buffer` holds at least the elements of `shape`.
    package init(shape: [Int], dtype: DType, buffer: any TensorBuffer) {
        precondition(
            shape.reduce(1, *) * dtype.size <= buffer.byteCount,
            "shape \(shape) needs more than \(buffer.byteCount) bytes"
        )
        self.shape = shape
        self.dtype = dtype
        self.buffer = buffer
    }

    /// A scalar (rank 0).
    package init<Scalar: TensorScalar>(_ scalar: Scalar) { self.init(shape: [], [scalar]) }

    /// Elements held.
    package var count: Int { shape.reduce(1, *) }

    /// The elements in row-major order; a copy only where a runtime owns them.
    /// - Throws: `invalidTensor` when the tensor holds another type.
    package func scalars<Scalar: TensorScalar>(as type: Scalar.Type) throws(InferenceError) -> [Scalar] {
        if let array = buffer as? ArrayBuffer<Scalar> { return array.scalars }
        return try withScalars(as: type) { Array($0) }
    }

    /// Lends the elements for the length of the call, without a copy.
    /// - Throws: `invalidTensor` when the tensor holds another type.
    package func withScalars<Scalar: TensorScalar, R>(
        as type: Scalar.Type,
        _ body: (UnsafeBufferPointer<Scalar>) -> R
    ) throws(InferenceError) -> R {
        guard dtype == Scalar.dtype else {
            throw InferenceError(.invalidTensor, "the tensor holds \(dtype), not \(Scalar.dtype)")
        }
        let count = count
        return buffer.withBytes { bytes in
            body(UnsafeBufferPointer(rebasing: bytes.bindMemory(to: Scalar.self)[..<count]))
        }
    }
}
