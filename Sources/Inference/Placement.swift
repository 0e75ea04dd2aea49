/// Where each stage of a model runs. Data, read from the model bundle; never an `if` in a model.
package struct Placement: Sendable, Hashable, Codable {
    /// What runs a file.
    package enum Runtime: String, Sendable, Hashable, Codable { case onnx, rknn, rkllm, worker }

    /// One file on one runtime.
    package struct Part: Sendable, Hashable, Codable {
        /// Path inside the bundle's directory.
        package var file: String
        package var runtime: Runtime
        /// Bucket size along the time axis (frames); nil when the graph is dynamic.
        package var frames: Int?

        package init(_ file: String, on runtime: Runtime, frames: Int? = nil) {
            self.file = file
            self.runtime = runtime
            self.frames = frames
        }
    }

    /// Stage name → links of a chain → buckets of a link.
    package var stages: [String: [[Part]]]

    package init(_ stages: [String: [[Part]]]) { self.stages = stages }

    package init(from decoder: any Decoder) throws {
        stages = try decoder.singleValueContainer().decode([String: [[Part]]].self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(stages)
    }
}
