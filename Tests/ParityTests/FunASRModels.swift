import Foundation
import Inference
import RKVoice
import Runtimes
import Speech
import SpeechModels
import SpeechTesting
import Synchronization

/// The small models of SenseVoice and Paraformer beside these tests, on ONNX Runtime as it is installed.
enum FunASRModels {
    /// Bundles and golden data: those of the repository, or others that were made just now
    /// (`scripts/tests.d/long/funasr-models.sh`).
    static let directory = ProcessInfo.processInfo.environment["RKVOICE_FUNASR_FIXTURES"] ?? Fixture.path("FunASR")

    /// What the reference heard with a model.
    static func golden<Golden: Decodable>(_ type: Golden.Type, _ name: String) throws -> Golden {
        try JSONDecoder().decode(type, from: Data(contentsOf: URL(fileURLWithPath: directory + "/\(name).json")))
    }

    /// A bundle of `Fixtures/FunASR` with its graphs.
    struct Loaded: Sendable {
        var bundle: ModelBundle
        /// In the order that the family takes them.
        var graphs: [CountedGraph]
    }

    /// - Parameters:
    ///   - name: `sensevoice`, `paraformer` or `streaming`.
    ///   - stages: in the order that the family takes them.
    /// - Returns: the bundle and its graphs.
    /// - Throws: when a file is missing, or ONNX Runtime refuses it.
    static func load(_ name: String, _ stages: [String]) async throws -> Loaded {
        let bundle = try ModelBundle(directory: directory + "/\(name)")
        let runtime = try await Models.loader.runtime(threads: 1)
        var graphs: [CountedGraph] = []
        let placement = try bundle.placement("cpu")
        for stage in stages {
            guard let part = placement.stages[stage]?.first?.first else {
                throw InferenceError(.badModel, "no stage \(stage)", graph: bundle.directory)
            }
            graphs.append(CountedGraph(try await runtime.load(part, at: bundle.directory + "/" + part.file)))
        }
        return Loaded(bundle: bundle, graphs: graphs)
    }

    static func senseVoice() async throws -> (model: SenseVoiceModel, loaded: Loaded) {
        let loaded = try await load("sensevoice", ["model"])
        return (try SenseVoiceModel(loaded.bundle, encoder: loaded.graphs[0], metadata: ONNXMetadata.read), loaded)
    }

    static func paraformer() async throws -> (model: ParaformerModel, loaded: Loaded) {
        let loaded = try await load("paraformer", ["model"])
        let model = try Paraformer(loaded.bundle, graphs: loaded.graphs, metadata: ONNXMetadata.read)
        guard case .whole(let whole) = model else { throw InferenceError(.badModel, "no model for whole utterances") }
        return (whole, loaded)
    }

    static func streaming() async throws -> (model: ParaformerChunks, loaded: Loaded) {
        let loaded = try await load("streaming", ["encoder", "decoder"])
        let model = try Paraformer(loaded.bundle, graphs: loaded.graphs, metadata: ONNXMetadata.read)
        guard case .chunks(let chunks) = model else { throw InferenceError(.badModel, "no model for streams") }
        return (chunks, loaded)
    }

    /// A clip named as in the golden data, `en/counting`, as 16-bit samples: what the reference was given.
    static func clip(_ name: String) async throws -> [Float] {
        try await Models.clip(wheel: "pytest_audioeval", path: name + ".wav").samples.map {
            (min(max($0, -1), 1 - 1 / 32_768) * 32_768).rounded(.toNearestOrEven) / 32_768
        }
    }

    /// Samples of silence.
    static func silence(_ seconds: Double) -> [Float] { [Float](repeating: 0, count: Int(seconds * 16_000)) }
}

/// Passes runs on and counts them.
final class CountedGraph: Graph {
    private let graph: any Graph
    private let counter = Mutex(0)

    init(_ graph: any Graph) { self.graph = graph }

    var name: String { graph.name }
    var inputs: [TensorSpec] { graph.inputs }
    var outputs: [TensorSpec] { graph.outputs }
    var frameSizes: [Int]? { graph.frameSizes }
    var runs: Int { counter.withLock { $0 } }

    func run(_ inputs: [String: Tensor]) async throws(InferenceError) -> [String: Tensor] {
        counter.withLock { $0 += 1 }
        return try await graph.run(inputs)
    }
}
