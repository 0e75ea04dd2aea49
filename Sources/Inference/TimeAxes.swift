/// Finds out which axis of each tensor is time, and checks that buckets are the same graph at different lengths.
enum TimeAxes {
    /// The time axis of every tensor that has one.
    /// - Throws: `badModel` when it is not told and cannot be seen, or is not what was told.
    static func find(
        in buckets: [BucketedGraph.Bucket],
        filling: BucketedGraph.Filling
    ) throws(InferenceError) -> [String: Int] {
        var axes: [String: Int] = [:]
        for bucket in buckets {
            let specs = ports(of: bucket)
            if let mask = filling.mask, !bucket.graph.inputs.contains(where: { $0.name == mask }) {
                throw refusal("it has no input \"\(mask)\" for the mask", bucket)
            }
            for (name, axis) in filling.axes ?? [:] {
                guard let spec = specs.first(where: { $0.name == name }) else {
                    throw refusal("\"axes\" names \"\(name)\", which it does not have", bucket)
                }
                try check(spec, axis, bucket)
                axes[name] = axis
            }
            guard filling.axes == nil else {
                if let mask = filling.mask, axes[mask] == nil { axes[mask] = try axis(of: mask, buckets) }
                continue
            }
        }
        if filling.axes == nil {
            for spec in ports(of: buckets[0]) { axes[spec.name] = try axis(of: spec.name, buckets) }
        }
        guard buckets[0].graph.inputs.contains(where: { axes[$0.name] != nil }) else {
            throw refusal("no input has a length of \(buckets[0].frames) frames; say \"axes\"", buckets[0])
        }
        return axes
    }

    /// Elements for each frame on an axis; as many as frames where the graph takes any length.
    static func rate(of name: String, in bucket: BucketedGraph.Bucket, axis: Int) -> FrameRate {
        let spec = bucket.graph.inputs.first { $0.name == name }
        let length = spec.flatMap { axis < $0.shape.count ? $0.shape[axis] : nil }
        return FrameRate(length: length ?? bucket.frames, frames: bucket.frames)
    }

    /// Inputs or outputs as the model sees them: any length along time, and on axes where buckets differ.
    static func specs(
        of buckets: [BucketedGraph.Bucket],
        _ ports: (any Graph) -> [TensorSpec],
        _ axes: [String: Int]
    ) throws(InferenceError) -> [TensorSpec] {
        var merged = ports(buckets[0].graph)
        for (index, spec) in merged.enumerated() {
            if let axis = axes[spec.name], axis < spec.shape.count { merged[index].shape[axis] = nil }
        }
        for bucket in buckets.dropFirst() {
            let others = ports(bucket.graph)
            guard others.count == merged.count else {
                throw refusal("it has other ports than the first bucket", bucket)
            }
            for (index, spec) in merged.enumerated() {
                guard let other = others.first(where: { $0.name == spec.name }), other.dtype == spec.dtype,
                    other.shape.count == spec.shape.count
                else { throw refusal("it has no \(spec), which the first bucket has", bucket) }
                merged[index].shape = zip(spec.shape, other.shape).map { $0 == $1 ? $0 : nil }
            }
        }
        return merged
    }

    private static func check(
        _ spec: TensorSpec,
        _ axis: Int,
        _ bucket: BucketedGraph.Bucket
    ) throws(InferenceError) {
        guard axis < spec.shape.count else { throw refusal("\(spec) has no axis \(axis)", bucket) }
        guard let length = spec.shape[axis], !FrameRate(length: length, frames: bucket.frames).isWhole else { return }
        throw refusal(
            "axis \(axis) of \(spec) is no whole multiple or part of \(bucket.frames) frames",
            bucket
        )
    }

    /// The one axis that could be time: any length, or the same multiple of the frames in every bucket. Of several, the
    /// one that is as long as the frames; nil when there is none.
    private static func axis(of name: String, _ buckets: [BucketedGraph.Bucket]) throws(InferenceError) -> Int? {
        let found = buckets.compactMap { bucket in
            ports(of: bucket).first { $0.name == name }.map { (spec: $0, frames: bucket.frames) }
        }
        guard let first = found.first, found.allSatisfy({ $0.spec.shape.count == first.spec.shape.count }) else {
            return nil
        }
        let candidates = first.spec.shape.indices.filter { axis in
            let multiples = Set(found.map { multiple($0.spec.shape[axis], of: $0.frames) })
            return multiples.count == 1 && multiples != [0]
        }
        guard candidates.count > 1 else { return candidates.first }
        let exact = candidates.filter { first.spec.shape[$0] == first.frames }
        guard exact.count == 1 else {
            throw refusal("more than one axis of \(first.spec) could be time; say \"axes\"", buckets[0])
        }
        return exact[0]
    }

    /// How many times the frames go into a length; 0 when they do not, as parts of it are too often something else and
    /// have to be told; nil for any length.
    private static func multiple(_ length: Int?, of frames: Int) -> Int? {
        length.map { $0.isMultiple(of: frames) ? $0 / frames : 0 }
    }

    private static func ports(of bucket: BucketedGraph.Bucket) -> [TensorSpec] {
        bucket.graph.inputs + bucket.graph.outputs
    }

    private static func refusal(_ message: String, _ bucket: BucketedGraph.Bucket) -> InferenceError {
        InferenceError(.badModel, message, graph: bucket.graph.name)
    }
}
