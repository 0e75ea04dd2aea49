import Foundation
import Inference
import RKVoice
import Speech
import Testing
import VoiceConfiguration

/// Directories of Piper voices as rkvoice-stream has them.
@Suite final class SeedPiperTests {
    private let directory = FileManager.default.temporaryDirectory
        .appendingPathComponent("piper-\(UUID().uuidString)").path

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    private static let json = """
        {"audio": {"sample_rate": 22050, "quality": "medium"}, "espeak": {"voice": "de"}, "phoneme_type": "espeak",
         "inference": {"noise_scale": 0.5, "length_scale": 1.1, "noise_w": 0.7}, "num_speakers": 1,
         "phoneme_id_map": {"_": [0], "^": [1], "$": [2], "a": [10]}}
        """

    private func write(_ locale: String, _ files: [String: String]) throws {
        let place = directory + "/" + locale
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        for (name, text) in files { try text.write(toFile: place + "/" + name, atomically: true, encoding: .utf8) }
    }

    private func model(_ locale: String, sequence: Int? = nil) throws -> SeedModel {
        try #require(SeedPiper.bundles(in: directory, locales: [locale], sequence: sequence).first)
    }

    @Test func aVoiceIsABundleWithItsDecoderOnTheNPU() throws {
        try write("de_DE", ["encoder.onnx": "", "flow_decoder.rknn": "", "config.json": Self.json])
        let model = try model("de_DE", sequence: 128)
        #expect(model.id == "piper_rknn de_DE" && model.problems.isEmpty)
        #expect(model.bundle.name == model.id && model.bundle.family == "piper" && model.bundle.sampleRate == 22050)
        #expect(model.bundle.directory == directory + "/de_DE" && model.bundle.languages == ["de_DE"])
        let placement = try model.bundle.placement("rknn")
        #expect(placement.boards == ["rk3576", "rk3588"] && model.bundle.placements.count == 1)
        let decoder = try #require(placement.parts.first { $0.stage == "decoder" }?.part)
        #expect(decoder.file == "flow_decoder.rknn" && decoder.runtime == .rknn)
        #expect(decoder.frames == 256 && decoder.mask == "mask" && decoder.source == nil)
        struct Config: Decodable {
            var espeakVoice: String
            var overlap: Int
            var sequence: Int?
            var lengthScale: Float
            var phonemeIDs: [String: [Int]]
        }
        let config = try model.bundle.config(Config.self)
        #expect(config.espeakVoice == "de" && config.overlap == 42 && config.sequence == 128)
        #expect(config.lengthScale == 1.1 && config.phonemeIDs["a"] == [10])
    }

    @Test func theONNXFileBesideItIsWhatASimulatorRuns() throws {
        try write("de_DE", ["encoder.onnx": "", "flow_decoder.onnx": "", "anything.onnx.json": Self.json])
        let model = try model("de_DE")
        #expect(model.problems.isEmpty)
        let decoder = try #require(model.bundle.placement("rknn").parts.first { $0.stage == "decoder" }?.part)
        #expect(decoder.source == "flow_decoder.onnx")
        #expect(decoder.shapes == ["z": [1, 192, 256], "mask": [1, 1, 256]])
        let portable = try #require(model.bundle.placement("cpu").parts.first { $0.stage == "decoder" }?.part)
        #expect(portable.file == "flow_decoder.onnx" && portable.runtime == .onnx && portable.frames == 256)
    }

    @Test func whatIsNotThereIsDescribedAllTheSame() throws {
        let models = SeedPiper.bundles(in: "/nowhere", locales: ["en_US", "ja_JP", "../etc"], sequence: nil)
        #expect(models.map(\.id) == ["piper_rknn en_US", "piper_rknn ja_JP", "piper_rknn ../etc"])
        #expect(
            models[0].problems == [
                "/nowhere/en_US is not there; it holds encoder.onnx, flow_decoder.rknn and config.json"
            ]
        )
        #expect(models[1].problems.first?.contains("Kokoro, which is not in this version") == true)
        #expect(models[2].problems == ["\"../etc\" is no locale such as en_US"])
        #expect(try models[0].bundle.placement("rknn").parts.map(\.part.file) == ["flow_decoder.rknn", "encoder.onnx"])
    }

    @Test func eachThingThatIsWrongIsSaid() throws {
        let graphs = ["encoder.onnx": "", "flow_decoder.rknn": ""]
        let cases: [([String: String], String)] = [
            (["model.rknn": "", "config.json": Self.json], "is a whole voice in one graph"),
            (["flow_decoder.rknn": "", "config.json": Self.json], "encoder.onnx is missing"),
            (["encoder.onnx": "", "config.json": Self.json], "flow_decoder.rknn is missing"),
            (graphs, "has no config.json"),
            (graphs.merging(["config.json": "{"]) { $1 }, "it is no JSON"),
            (graphs.merging(["config.json": "{}"]) { $1 }, "audio is missing"),
            (
                graphs.merging(["config.json": Self.json.replacing("\"sample_rate\": 22050, ", with: "")]) { $1 },
                "audio.sample_rate is missing"
            ),
            (
                graphs.merging(["config.json": Self.json.replacing("22050", with: "-1")]) { $1 },
                "is outside 8000 … 192000"
            ),
            (
                graphs.merging(["config.json": Self.json.replacing("\"espeak\",", with: "\"text\",")]) { $1 },
                "of the type text; only espeak"
            ),
            (
                graphs.merging(["config.json": Self.json.replacing("\"^\": [1], ", with: "")]) { $1 },
                "phoneme_id_map has no ^"
            ),
        ]
        for (index, (files, message)) in cases.enumerated() {
            try write("v\(index)", files)
            let problems = try model("v\(index)").problems
            #expect(problems.count == 1 && problems[0].contains(message), "\(message): \(problems)")
        }
    }

    @Test func aMissingDirectoryIsToldWithTheSettingThatNamesIt() async throws {
        var tts = Configuration.TTS()
        tts.backend = .piperRKNN
        tts.modelDirectory = directory
        let loader = ModelLoader(Settings.from([:]))
        let missing = await #expect(throws: SpeechError.self) { _ = try await loader.synthesis(tts) }
        #expect(missing?.code == .unavailable)
        for word in [directory, "en_US", "encoder.onnx", "flow_decoder.rknn", "tts.model_dir"] {
            #expect(missing?.message.contains(word) == true, "\(missing?.message ?? "")")
        }
        try write("de_DE", ["model.rknn": ""])
        tts.board.speech.languages = ["en_US", "de_DE"]
        tts.board.speech.defaultLanguage = "de"
        let usual = await #expect(throws: SpeechError.self) { _ = try await loader.synthesis(tts) }
        #expect(usual?.message.contains("the usual voice, de_DE, is missing") == true, "\(usual?.message ?? "")")
    }
}
