package import Inference
import Runtimes

/// What a compiled model file says of itself, for people and programs.
package struct ModelFileReport: Sendable, Encodable {
    /// An input or output.
    package struct Port: Sendable, Encodable {
        package var name: String
        /// `input` or `output`.
        package var direction: String
        package var shape: [Int]
        /// Where the file tells it.
        package var type: String?
    }

    package var file: String
    /// Chips it was made for.
    package var targets: [String]
    /// Release of the toolkit that made it.
    package var toolkit: String
    package var compiler: String?
    /// Whether it is for the simulator, and no board can run it.
    package var simulated: Bool
    /// Bytes of the file, and of these what the driver reads.
    package var bytes: Int
    package var modelBytes: Int
    package var ports: [Port]

    /// Reads an `.rknn` file's header and description; no NPU and no library is needed.
    /// - Throws: `missingFile` or `badModel` saying what is wrong with the file.
    package init(path: String) throws(InferenceError) {
        let file = try RKNNFile(path: path)
        self.file = path
        targets = file.targets
        toolkit = file.toolkitVersion
        compiler = file.compilerVersion
        simulated = file.isSimulated
        bytes = file.byteCount
        modelBytes = file.modelBytes
        ports = file.ports.map {
            Port(name: $0.name, direction: $0.direction.rawValue, shape: $0.shape, type: $0.type)
        }
    }
}
