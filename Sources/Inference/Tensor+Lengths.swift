// Tensors made longer or shorter along one axis. Elements are moved in whole rows, never one by one.

extension Tensor {
    /// Elements before and behind an axis.
    private func extents(of axis: Int) -> (outer: Int, inner: Int) {
        (shape[..<axis].reduce(1, *), shape[(axis + 1)...].reduce(1, *))
    }

    /// The tensor with `length` elements along an axis: itself when it has them.
    /// - Throws: `invalidTensor` when it is longer, or empty where its edge is to be repeated.
    func padded(to length: Int, along axis: Int, by padding: Placement.Padding) throws(InferenceError) -> Tensor {
        if shape[axis] == length { return self }
        guard shape[axis] < length else {
            throw InferenceError(.invalidTensor, "\(shape[axis]) elements along axis \(axis), where \(length) fit")
        }
        guard padding == .zero || shape[axis] > 0 else {
            throw InferenceError(.invalidTensor, "axis \(axis) is empty: there is no edge to repeat")
        }
        return try padded(dtype.scalarType, length, axis, padding)
    }

    private func padded<Scalar: TensorScalar>(
        _ type: Scalar.Type,
        _ length: Int,
        _ axis: Int,
        _ padding: Placement.Padding
    ) throws(InferenceError) -> Tensor {
        let (outer, inner) = extents(of: axis)
        let row = shape[axis] * inner
        let missing = length - shape[axis]
        var scalars: [Scalar] = []
        scalars.reserveCapacity(outer * length * inner)
        try withScalars(as: type) { elements in
            for block in 0..<outer {
                let real = elements[block * row..<(block + 1) * row]
                scalars.append(contentsOf: real)
                if padding == .zero {
                    scalars.append(contentsOf: repeatElement(Scalar.zero, count: missing * inner))
                } else {
                    for _ in 0..<missing { scalars.append(contentsOf: real.suffix(inner)) }
                }
            }
        }
        var padded = shape
        padded[axis] = length
        return Tensor(shape: padded, scalars)
    }

    /// The first `length` elements along an axis. Shares the memory where they lie side by side.
    /// - Throws: never for a tensor whose buffer is right.
    func prefix(_ length: Int, along axis: Int) throws(InferenceError) -> Tensor {
        guard length < shape[axis] else { return self }
        let (outer, inner) = extents(of: axis)
        guard outer == 1 else { return try prefix(dtype.scalarType, length, axis) }
        var shorter = shape
        shorter[axis] = length
        let bytes = length * inner * dtype.size
        return Tensor(shape: shorter, dtype: dtype, buffer: PrefixBuffer(base: buffer, byteCount: bytes))
    }

    private func prefix<Scalar: TensorScalar>(
        _ type: Scalar.Type,
        _ length: Int,
        _ axis: Int
    ) throws(InferenceError) -> Tensor {
        let (outer, inner) = extents(of: axis)
        var scalars: [Scalar] = []
        scalars.reserveCapacity(outer * length * inner)
        let stride = shape[axis] * inner
        try withScalars(as: type) { elements in
            for block in 0..<outer {
                scalars.append(contentsOf: elements[block * stride..<block * stride + length * inner])
            }
        }
        var shorter = shape
        shorter[axis] = length
        return Tensor(shape: shorter, scalars)
    }

    /// A tensor whose elements are all 1.
    static func ones(shape: [Int], dtype: DType) -> Tensor { ones(dtype.scalarType, shape) }

    private static func ones<Scalar: TensorScalar>(_ type: Scalar.Type, _ shape: [Int]) -> Tensor {
        Tensor(shape: shape, [Scalar](repeating: .one, count: shape.reduce(1, *)))
    }
}

/// The beginning of a buffer.
private struct PrefixBuffer: TensorBuffer {
    let base: any TensorBuffer
    let byteCount: Int

    func withBytes<R, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
        try base.withBytes { bytes throws(E) in try body(UnsafeRawBufferPointer(rebasing: bytes[..<byteCount])) }
    }
}
