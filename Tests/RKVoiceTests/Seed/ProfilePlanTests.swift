import Foundation
import Inference
import RKVoice
import Testing
import VoiceConfiguration

@Suite("Plans of the seed's profiles")
struct ProfilePlanTests {
    /// Files as the seed has them, in MB as published (upstream.md D, E), below what stands for `/opt`.
    private static func fill(_ tree: ModelTree, _ board: String) throws {
        try recognizers(tree, board)
        try voices(tree)
        try tree.add("rk1828", ["rknn_qwen3_tts_demo": 1, "rknn_gemma4_demo": 1])
        try tree.add("rk1828/models", ["qwen3_tts/talker.bin": 1892, "gemma4/llm.bin": 4200])
    }

    private static func recognizers(_ tree: ModelTree, _ board: String) throws {
        let sizes = ["2", "4"].map { ("encoder/\(board)/qwen3_asr_encoder_merged.fp16.\($0)s.\(board).rknn", 380) }
        let quant = board == "rk3588" ? "w8a8" : "w4a16_g128"
        try tree.add(
            "asr/models",
            Dictionary(uniqueKeysWithValues: sizes).merging([
                "decoder/decoder_qwen3.\(quant).\(board).rkllm": 795, "embed_tokens.npy": 622, "mel_filters.npy": 1,
                "tokenizer.json": 7,
            ]) { $1 }
        )
        let buckets = [40, 80, 160, 240, 400].map { ("rknn/\(board)/encoder_prefix_to_block30.\($0).fp16.rknn", 250) }
        try tree.add(
            "asr/paraformer",
            Dictionary(uniqueKeysWithValues: buckets).merging([
                "encoder_suffix_from_block30.onnx": 100, "decoder-rknn.onnx": 230, "tokens.txt": 1,
            ]) { $1 }
        )
    }

    private static func voices(_ tree: ModelTree) throws {
        try tree.add(
            "tts/models",
            [
                "matcha-split/matcha-encoder-fp16.rknn": 18, "matcha-split/matcha-estimator-fp16.rknn": 24,
                "vocos-16khz-600.rknn": 27, "matcha-icefall-zh-en/lexicon.txt": 1,
                "matcha-icefall-zh-en/tokens.txt": 1, "talker_fullvocab_fixed_w4a16_rk3576.rkllm": 600,
                "tokenizer/tokenizer.json": 7, "codec_head_weight.npy": 12, "text_project_table.npy": 600,
                "codec_embed_table.npy": 12, "decoder_ctx0_int8.rknn": 150, "cp_weights/layer0.bin": 10,
            ]
        )
        try tree.add("tts/lib", ["libcp_engine.so": 1])
        try tree.add(
            "kokoro-rknn",
            [
                "kokoro-prefix-cpu.onnx": 90, "rk3588/kokoro-decoder-front.int8.rknn": 40,
                "kokoro-generator-tail-cpu.onnx": 80, "tokens.json": 1,
            ]
        )
        let moss = [
            "moss_tts_prefill.onnx", "moss_tts_decode_step.onnx", "moss_tts_local_fixed_sampled_frame.onnx",
            "moss_audio_tokenizer_decode_step.onnx", "browser_poc_manifest.json", "tts_browser_onnx_meta.json",
            "codec_browser_onnx_meta.json",
        ]
        try tree.add("tts/models/moss-tts-nano-onnx", Dictionary(uniqueKeysWithValues: moss.map { ($0, 50) }))
        let layers = [0, 1, 4, 5, 6].map { ("layer\($0).fc_out_only.320.rknn", 9) }
        try tree.add("tts/models/moss-hybrid/rknn", Dictionary(uniqueKeysWithValues: layers))
        try tree.add("tts/models/moss", ["moss-rknn-manifest.json": 1, "moss.rknn": 300])
        for locale in ["en_US", "zh_CN", "de_DE", "fr_FR"] {
            try tree.add("piper-models/\(locale)", ["encoder.onnx": 27, "flow_decoder.rknn": 20])
            let voice = """
                {"audio": {"sample_rate": 22050}, "espeak": {"voice": "en-us"},
                "phoneme_id_map": {"_": [0], "^": [1], "$": [2], " ": [3], "a": [4]}}
                """
            let file = tree.path + "/piper-models/\(locale)/config.json"
            try voice.write(toFile: file, atomically: true, encoding: .utf8)
        }
        try tree.add("rkvoice-workers", ["moss_rknn_worker": 1])
    }

    private static let names: [String] = {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: Plans.root + "/configs")) ?? []
        return files.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
    }()

    @Test(
        "With the seed's files in place, every stage of every profile has its file and all of it fits",
        arguments: names
    )
    func fits(name: String) throws {
        let tree = try ModelTree()
        defer { tree.remove() }
        let board = try Board.named(String(name.prefix(6)))
        try Self.fill(tree, board.id)
        let plan = try Plans.plan(Plans.profile(name, opt: tree.path), on: board)
        #expect(Self.names.count == 14)
        #expect(!plan.models.isEmpty && plan.fits, "\(plan.conflicts)")
        #expect(plan.models.allSatisfy { $0.isInstalled && !$0.parts.isEmpty && $0.parts.allSatisfy(\.isPresent) })
        guard name != "rk3576-piper-multilang" else {
            #expect(plan.models.map(\.id) == ["en_US", "zh_CN", "de_DE", "fr_FR"].map { "piper_rknn \($0)" })
            #expect(plan.models.allSatisfy { $0.problem == nil })
            #expect(plan.conflicts.map(\.severity) == [.warning] && plan.conflicts[0].message.contains("Kokoro"))
            return
        }
        for model in plan.models {
            let isHere = ["paraformer_rknn"].contains(model.id)
            #expect((model.problem?.contains("is not in this version") == true) != isHere, "\(model.id)")
        }
    }

    @Test("Without any file a profile plans as well, and says what it would look for", arguments: names)
    func bare(name: String) throws {
        let tree = try ModelTree()
        defer { tree.remove() }
        let plan = try Plans.plan(
            Plans.profile(name, opt: tree.path),
            on: Board.named(String(name.prefix(6)))
        )
        #expect(plan.fits && plan.models.allSatisfy { !$0.isInstalled && !$0.parts.isEmpty })
        #expect(plan.models.allSatisfy { $0.problem?.contains("is not there") == true })
    }

    @Test("The recognizer's decoder has a domain of its own, and halves on one NPU take turns")
    func domains() throws {
        let tree = try ModelTree()
        defer { tree.remove() }
        try Self.fill(tree, "rk3588")
        let plan = try Plans.plan(Plans.profile("rk3588-full", opt: tree.path), on: .rk3588)
        let domains = try #require(plan.device?.domains)
        #expect(domains.map(\.number) == [0, 1] && domains.map(\.memoryUsed) == [829 << 20, 795 << 20])
        #expect(plan.pairings.map(\.mode) == [.sequential])
        #expect(plan.conflicts.map(\.kind) == [.mask])
        #expect(plan.conflicts.first?.remedy.hasPrefix("set asr.npu_core_mask") == true)
        let aside = try Plans.plan(["mode=interpret"])
        #expect(aside.models.map(\.id) == ["sensevoice_sherpa", "matcha_rknn"])
        #expect(aside.pairings.map(\.mode) == [.parallel])
        #expect(try Plans.plan(["mode=dialogue"]).models.map(\.id) == ["qwen3_asr_rk", "matcha_rknn"])
        #expect(try Plans.plan(["mode=zh_en_rknn"]).models.map(\.id) == ["paraformer_rknn", "matcha_rknn"])
    }

    @Test("What is on disk decides: windows, the number format, one graph or two")
    func onDisk() throws {
        let tree = try ModelTree()
        defer { tree.remove() }
        try tree.add(
            "asr/models",
            [
                "encoder/rk3588/asr_encoder_frontend.fp16.15s.rk3588.rknn": 20,
                "encoder/rk3588/asr_encoder_backend.fp32.15s.rk3588.rknn": 300,
                "rkllm/decoder_qwen3.fp16.rk3588.rkllm": 1530, "rkllm/decoder_qwen3.w8a8.rk3576.rkllm": 800,
                "embd/embed_tokens.npy": 622, "mel_filters.npy": 1,
            ]
        )
        try tree.add("tts/models", ["matcha-s64.rknn": 50])
        let plan = try Plans.plan(Plans.profile("rk3588-full", opt: tree.path), on: .rk3588)
        let stages = plan.models[0].parts.map { "\($0.stage) \($0.link) \($0.file) \($0.frames ?? 0)" }
        #expect(
            stages == [
                "decoder 0 rkllm/decoder_qwen3.fp16.rk3588.rkllm 0",
                "encoder 0 encoder/rk3588/asr_encoder_frontend.fp16.15s.rk3588.rknn 1500",
                "encoder 1 encoder/rk3588/asr_encoder_backend.fp32.15s.rk3588.rknn 1500",
            ]
        )
        #expect(plan.models[1].parts.first?.file == "matcha-s64.rknn" && plan.models[1].parts.first?.frames == 600)
        let missing = plan.conflicts.filter { $0.kind == .missingFile }.map(\.message).joined(separator: "; ")
        #expect(missing.contains("tokenizer.json or tokenizer/tokenizer.json"))
        #expect(missing.contains("vocos-16khz-600.rknn") && missing.contains("lexicon.txt"))
    }
}
