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

    /// A language model.
    package struct Decoder: Sendable, Encodable {
        /// Tokens there are.
        package var vocabulary: Int
        /// Elements of an embedding.
        package var hidden: Int
        /// Tokens of prompt, history and answer together.
        package var context: Int?
    }

    package var file: String
    /// Chips it was made for.
    package var targets: [String]
    /// Release of the toolkit that made it; nil where the file does not tell.
    package var toolkit: String?
    package var compiler: String?
    /// Whether it is for the simulator, and no board can run it.
    package var simulated: Bool
    /// Bytes of the file, and of these what the driver reads.
    package var bytes: Int
    package var modelBytes: Int
    package var ports: [Port]
    /// Of a language model, where its name says it, such as `w4a16_g128`.
    package var quantization: String?
    /// Of a language model in a container of the simulator.
    package var decoder: Decoder?

    /// Reads an `.rknn` file's header and description, or what an `.rkllm` file tells; no NPU and no library is needed.
    /// - Throws: `missingFile` or `badModel` saying what is wrong with the file.
    package init(path: String) throws(InferenceError) {
        if path.hasSuffix(".rkllm") { self.init(try RKLLMFile(path: path)) } else { try self.init(graphAt: path) }
    }

    private init(_ file: RKLLMFile) {
        self.file = file.path
        targets = file.targets
        simulated = file.isSimulated
        (bytes, modelBytes) = (file.byteCount, file.byteCount)
        ports = []
        quantization = file.quantization
        decoder = file.decoder.map { Decoder(vocabulary: $0.vocabulary, hidden: $0.hidden, context: $0.context) }
    }

    private init(graphAt path: String) throws(InferenceError) {
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
