import Foundation
import Inference
import Testing

@Suite struct ModelBundleTests {
    private func bundle(_ json: String) throws -> ModelBundle {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("bundle-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        try Data(json.utf8).write(to: directory.appendingPathComponent("bundle.json"))
        return try ModelBundle(directory: directory.path)
    }

    private struct Settings: Decodable {
        var width: Int
    }
    private struct OtherSettings: Decodable {
        var height: Int
    }

    private let good = """
        {"schema": 1, "family": "toy", "name": "toy-1", "sampleRate": 16000, "languages": ["en"],
         "placements": {"cpu": {"encoder": [[{"file": "encoder.onnx", "runtime": "onnx"}]]}}, "config": {"width": 3}}
        """

    @Test func readsPlacementsAndTheFamilysSettings() throws {
        let bundle = try bundle(good)
        #expect(bundle.name == "toy-1")
        #expect(try bundle.placement("cpu").stages["encoder"] == [[.init("encoder.onnx", on: .onnx)]])
        #expect(try bundle.config(Settings.self).width == 3)
    }

    @Test(arguments: [
        ("not json", "not a valid bundle"),
        (#"{"schema": 2, "family": "a", "name": "b", "sampleRate": 1, "placements": {}}"#, "schema 2"),
        (#"{"schema": 1, "name": "b", "sampleRate": 1, "placements": {}}"#, "\"family\" is missing"),
        (#"{"schema": 1, "familly": "a"}"#, "unknown key \"familly\""),
    ]) func saysWhatIsWrong(json: String, words: String) throws {
        let error = #expect(throws: InferenceError.self) { try bundle(json) }
        #expect(error?.code == .badModel)
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }

    @Test func aMissingBundleIsNamed() {
        let error = #expect(throws: InferenceError.self) { try ModelBundle(directory: "/nowhere/model") }
        #expect(error?.code == .missingFile)
        #expect(error?.description.contains("/nowhere/model") == true)
    }

    @Test func anUnknownPlacementOrSettingIsNamed() throws {
        let bundle = try bundle(good)
        #expect(throws: InferenceError.self) { try bundle.placement("npu") }
        let error = #expect(throws: InferenceError.self) { try bundle.config(OtherSettings.self) }
        #expect(error?.description.contains("height") == true)
    }

    @Test func aStageIsRefusedWhenItsRuntimeIsMissing() async throws {
        let placement = try bundle(good).placement("cpu")
        let none = await #expect(throws: InferenceError.self) {
            _ = try await RuntimeSet([:]).graph(for: "encoder", of: placement, in: "/nowhere")
        }
        #expect(none?.code == .runtimeUnavailable)
        let unknown = await #expect(throws: InferenceError.self) {
            _ = try await RuntimeSet([:]).graph(for: "decoder", of: placement, in: "/nowhere")
        }
        #expect(unknown?.code == .badModel)
    }
}
