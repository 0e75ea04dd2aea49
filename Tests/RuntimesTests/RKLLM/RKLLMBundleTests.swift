import Foundation
import Inference
import RKVoice
import Runtimes
import SpeechTesting
import Testing

/// A bundle that places a decoder: the same answers wherever it says, and no silent fallback.
@Suite(.enabled(if: SimulatedDecoder.isBuilt, SimulatedDecoder.skipReason)) struct RKLLMBundleTests {
    /// A bundle with a decoder that takes embeddings, and a home of its own.
    private final class Bundle: Sendable {
        let directory: String
        let home: String

        init(_ change: (inout [String: Any]) -> Void = { _ in }) async throws {
            let area = FileManager.default.temporaryDirectory.appendingPathComponent("llm-\(UUID().uuidString)")
            (directory, home) = (area.appendingPathComponent("tiny").path, area.appendingPathComponent("home").path)
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            for name in ["lm_rows.onnx", "lm_embed.onnx"] {
                try FileManager.default.copyItem(atPath: TinyDecoder.path(name), toPath: "\(directory)/\(name)")
            }
            try await Self.table().write(to: URL(fileURLWithPath: directory + "/embed_tokens.npy"))
            var json = Self.json
            change(&json)
            try JSONSerialization.data(withJSONObject: json).write(to: URL(fileURLWithPath: directory + "/bundle.json"))
        }

        deinit { try? FileManager.default.removeItem(atPath: (directory as NSString).deletingLastPathComponent) }

        /// As numpy writes it.
        private static func table() async throws -> Data {
            let head = "{'descr': '<f4', 'fortran_order': False, 'shape': (40, 16), }"
            let line = head.padding(toLength: 117, withPad: " ", startingAt: 0) + "\n"
            var file = Data([0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0]) + Data(line.utf8)
            let rows = try await TinyDecoder.embeddings(of: Array(0..<40))
            try rows.scalars(as: Float.self).withUnsafeBytes { file.append(contentsOf: $0) }
            return file
        }

        private static var json: [String: Any] {
            let layout = ["embeddings": "rows", "positions": "positions", "mask": "mask", "hidden": "hidden"]
            let decoder: [String: Any] = [
                "contextLength": 64, "vocabularySize": 40, "hiddenSize": 16, "layers": 2, "endTokens": [],
                "embeddings": "embed_tokens.npy", "layout": layout,
            ]
            let onnx = { (file: String) in [[["file": file, "runtime": "onnx"]]] }
            let npu = [[["file": "decoder.{board}.rkllm", "runtime": "rkllm", "source": "lm_rows.onnx"]]]
            return [
                "schema": 1, "family": "toy", "name": "tiny", "sampleRate": 16000, "config": ["decoder": decoder],
                "placements": [
                    "cpu": ["decoder": onnx("lm_rows.onnx"), "embed": onnx("lm_embed.onnx")],
                    "rkllm": ["decoder": npu],
                ],
            ]
        }

        /// Settings of this test: the models of the others, a home that may be written to, a simulated board.
        func loader(_ more: [String: String] = [:], simulates: Bool = true) async throws -> ModelLoader {
            let usual = Settings.fromEnvironment()
            let onnx = try await ModelLoader(usual).installed("onnxruntime") + "/libonnxruntime.so"
            var environment = ["RKVOICE_HOME": home, "RKVOICE_ONNXRUNTIME": usual.onnxRuntimePath ?? onnx]
            if simulates {
                // Copies, which no other test has loaded as another release.
                for path in [SimulatedBoard.libraryPath, SimulatedDecoder.libraryPath] {
                    let name = URL(fileURLWithPath: path).lastPathComponent
                    try? FileManager.default.copyItem(atPath: path, toPath: "\(directory)/\(name)")
                }
                environment["RKVOICE_SIMULATE"] = "rk3588"
                environment["RKVOICE_SIMULATOR"] = directory + "/librknnrt-sim.so"
            }
            environment.merge(more) { _, new in new }
            return ModelLoader(Settings.from(environment))
        }

        func load(_ placement: String?, _ loader: ModelLoader) async throws -> any LanguageModel {
            try await loader.languageModel(
                of: ModelBundle(directory: directory),
                placement: placement,
                tokenizer: TinyWords()
            )
        }
    }

    @Test(arguments: ["cpu", "rkllm"], ["1.1.4", "1.2.3", "1.3.0"])
    func thePlacementChangesNothingOfTheAnswers(placement: String, release: String) async throws {
        let bundle = try await Bundle()
        let loader = try await bundle.loader(["RKVOICE_RUNTIME_RKLLM_VERSION": release])
        let model = try await bundle.load(placement, loader)
        #expect(model.name.contains(placement == "cpu" ? "lm_rows.onnx" : "/rk3588/tiny/decoder.rk3588.rkllm"))
        for (prompt, golden) in TinyDecoder.golden {
            #expect(try await answer(model, .tokens(prompt)).map(\.id) == golden)
            let rows = try await TinyDecoder.embeddings(of: prompt)
            #expect(try await answer(model, .embeddings(rows)).map(\.id) == golden)
        }
        #expect(try await told(model, .tokens([1, 2, 3]), 3).text == "\u{FFFD}你")
    }

    @Test func theFirstThatCanRunIsTakenAndTheReasonIsTold() async throws {
        let bundle = try await Bundle()
        let loader = try await bundle.loader(simulates: false)
        let model = try await bundle.load(nil, loader)
        #expect(model.name.contains("lm_rows.onnx"))
        let error = await #expect(throws: InferenceError.self) { _ = try await bundle.load("rkllm", loader) }
        #expect(error?.code == .runtimeUnavailable || error?.code == .badModel)
        #expect(error?.message.contains("rkllm") == true, "\(String(describing: error))")
    }

    @Test func aLibraryThatIsAskedForByNameHasToBeThere() async throws {
        let bundle = try await Bundle()
        let nowhere = ["RKVOICE_RUNTIME_RKLLM": "/nowhere/librkllmrt.so"]
        let other = try await bundle.loader(nowhere.merging(["RKVOICE_BOARD": "rk3588"]) { $1 }, simulates: false)
        let missing = await #expect(throws: InferenceError.self) { _ = try await bundle.load("cpu", other) }
        #expect(missing?.description.contains("/nowhere/librkllmrt.so") == true)
        // Whoever simulates means the simulator, whatever a board's profile names.
        _ = try await bundle.load("rkllm", bundle.loader(nowhere))
        let beta = try await bundle.loader(["RKVOICE_RUNTIME_RKLLM_VERSION": "1.2.1b1"])
        let refused = await #expect(throws: InferenceError.self) { _ = try await bundle.load("rkllm", beta) }
        #expect(refused?.message.contains("\"1.2.1b1\" is a beta") == true)
        let board = try await bundle.loader(
            ["RKVOICE_RUNTIME_RKLLM": SimulatedDecoder.libraryPath, "RKVOICE_BOARD": "rk3588"],
            simulates: false
        )
        let simulator = await #expect(throws: InferenceError.self) { _ = try await bundle.load("rkllm", board) }
        #expect(simulator?.message.contains("only --simulate loads") == true, "\(String(describing: simulator))")
    }

    @Test func whatABundleSaysWrongIsRefusedInWords() async throws {
        func error(_ words: String, _ change: (inout [String: Any]) -> Void) async throws {
            let bundle = try await Bundle(change)
            let loader = try await bundle.loader()
            let error = await #expect(throws: InferenceError.self) { _ = try await bundle.load("rkllm", loader) }
            #expect(error?.description.contains(words) == true, "\(String(describing: error))")
        }
        func decoder(_ key: String, _ value: Any?) -> (inout [String: Any]) -> Void {
            { json in
                var decoder = (json["config"] as? [String: Any])?["decoder"] as? [String: Any] ?? [:]
                decoder[key] = value
                json["config"] = ["decoder": decoder]
            }
        }
        func placed(_ part: [String: Any]) -> (inout [String: Any]) -> Void {
            { $0["placements"] = ["rkllm": ["decoder": [[part]]]] }
        }
        try await error("\"layers\" is missing", decoder("layers", nil))
        try await error("\"hiddenSize\" is 0; it is from 1", decoder("hiddenSize", 0))
        try await error("no token 99", decoder("endTokens", [99]))
        try await error("f32[40, 32] has 5120", decoder("hiddenSize", 32))
        try await error("not.npy", decoder("embeddings", "not.npy"))
        try await error("..", decoder("embeddings", "../embed_tokens.npy"))
        let part = ["file": "decoder.rkllm", "runtime": "rkllm"]
        try await error("decoder.rkllm is missing", placed(part))
        try await error("decoder.rkllm is missing", placed(part.merging(["source": "nowhere.onnx"]) { $1 }))
        // There, as on a board; what it is made of is not.
        try await error("names no \"source\"", placed(part.merging(["file": "lm_rows.onnx"]) { $1 }))
    }
}
