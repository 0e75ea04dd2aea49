/// Graphs of fixed lengths as one graph of any length up to the longest: the smallest that is long enough runs, what is
/// missing is filled in, and what came of the filling is cut off.
package struct BucketedGraph: Graph {
    /// One graph of a fixed length.
    package struct Bucket: Sendable {
        /// Its length along the time axis.
        package var frames: Int
        package var graph: any Graph

        package init(frames: Int, _ graph: any Graph) {
            self.frames = frames
            self.graph = graph
        }
    }

    /// How a length is filled up.
    package struct Filling: Sendable {
        /// Tensor → its time axis; nil: the one axis whose length is the bucket's times a whole number, or divided by one.
        package var axes: [String: Int]?
        package var padding: Placement.Padding
        /// Input that is 1 where there is sound and 0 where there is padding.
        package var mask: String?

        package init(axes: [String: Int]? = nil, padding: Placement.Padding = .zero, mask: String? = nil) {
            self.axes = axes
            self.padding = padding
            self.mask = mask
        }
    }

    package let name: String
    package let inputs: [TensorSpec]
    package let outputs: [TensorSpec]
    private let buckets: [Bucket]
    private let axes: [String: Int]
    private let filling: Filling

    /// - Parameters:
    ///   - buckets: at least one, of increasing lengths, with the same inputs and outputs.
    ///   - filling: how a length is filled up.
    /// - Throws: `badModel` saying which tensor has no time axis, or where the buckets differ.
    package init(_ buckets: [Bucket], filling: Filling = Filling()) throws(InferenceError) {
        guard let first = buckets.first else { throw InferenceError(.badModel, "a link has at least one bucket") }
        name = buckets.count == 1 ? first.graph.name : "\(first.graph.name) (\(buckets.count) buckets)"
        guard zip(buckets, buckets.dropFirst()).allSatisfy({ $0.frames < $1.frames }), first.frames > 0 else {
            throw InferenceError(.badModel, "the buckets \(buckets.map(\.frames)) do not increase", graph: name)
        }
        let axes = try TimeAxes.find(in: buckets, filling: filling)
        self.buckets = buckets
        self.filling = filling
        self.axes = axes
        inputs = try TimeAxes.specs(of: buckets, \.inputs, axes).filter { $0.name != filling.mask }
        outputs = try TimeAxes.specs(of: buckets, \.outputs, axes)
    }

    package var frameSizes: [Int]? { buckets.map(\.frames) }

    package func run(_ inputs: [String: Tensor]) async throws(InferenceError) -> [String: Tensor] {
        let largest = buckets[buckets.count - 1]
        var needed = 0
        for (name, tensor) in inputs {
            guard let axis = axes[name] else { continue }
            guard axis < tensor.shape.count else {
                throw InferenceError(
                    .invalidTensor,
                    "\"\(name)\" has the shape \(tensor.shape) and no axis \(axis)",
                    graph: self.name
                )
            }
            let rate = TimeAxes.rate(of: name, in: largest, axis: axis)
            needed = max(needed, rate.frames(ofLength: tensor.shape[axis]))
        }
        guard let bucket = buckets.first(where: { $0.frames >= needed }) else {
            throw InferenceError(
                .invalidTensor,
                "\(needed) frames are more than the \(largest.frames) of the longest graph; split the input",
                graph: name
            )
        }
        return try trimmed(await bucket.graph.run(filled(inputs, needed, bucket)), needed, bucket)
    }

    private func filled(
        _ inputs: [String: Tensor],
        _ needed: Int,
        _ bucket: Bucket
    ) throws(InferenceError) -> [String: Tensor] {
        var filled = inputs
        for (name, tensor) in inputs {
            guard let axis = axes[name] else { continue }
            let length = TimeAxes.rate(of: name, in: bucket, axis: axis).length(ofFrames: bucket.frames)
            filled[name] = try tensor.padded(to: length, along: axis, by: filling.padding)
        }
        if let mask = filling.mask, let spec = bucket.graph.inputs.first(where: { $0.name == mask }) {
            filled[mask] = try Self.mask(spec, axes[mask], needed, bucket)
        }
        return filled
    }

    /// The inputs' mask: 1 up to the last real frame, 0 behind.
    private static func mask(
        _ spec: TensorSpec,
        _ axis: Int?,
        _ needed: Int,
        _ bucket: Bucket
    ) throws(InferenceError) -> Tensor {
        guard let axis else { throw InferenceError(.badModel, "the mask \(spec) has no time axis") }
        let rate = TimeAxes.rate(of: spec.name, in: bucket, axis: axis)
        var shape = spec.shape.map { $0 ?? 1 }
        shape[axis] = rate.length(ofFrames: needed)
        let ones = Tensor.ones(shape: shape, dtype: spec.dtype)
        return try ones.padded(to: rate.length(ofFrames: bucket.frames), along: axis, by: .zero)
    }

    private func trimmed(
        _ outputs: [String: Tensor],
        _ needed: Int,
        _ bucket: Bucket
    ) throws(InferenceError) -> [String: Tensor] {
        guard needed < bucket.frames else { return outputs }
        var trimmed = outputs
        for (name, tensor) in outputs {
            guard let axis = axes[name], axis < tensor.shape.count else { continue }
            let rate = FrameRate(length: tensor.shape[axis], frames: bucket.frames)
            guard rate.isWhole else {
                throw InferenceError(
                    .invalidTensor,
                    "\"\(name)\" came with \(rate.length) elements for \(rate.frames) frames",
                    graph: bucket.graph.name
                )
            }
            trimmed[name] = try tensor.prefix(rate.length(ofFrames: needed), along: axis)
        }
        return trimmed
    }
}

/// Elements along a time axis for each frame: `length` for `frames`, one of which divides the other.
struct FrameRate: Sendable, Hashable {
    var length: Int
    var frames: Int

    /// Frames that hold so many elements.
    func frames(ofLength elements: Int) -> Int { (elements * frames + length - 1) / max(1, length) }

    /// Elements in so many frames, the last one counted whole.
    func length(ofFrames count: Int) -> Int { (count * length + frames - 1) / frames }

    var isWhole: Bool { length > 0 && (length % frames == 0 || frames % length == 0) }
}
