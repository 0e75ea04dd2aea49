import Inference
import RKVoice
import Testing
import VoiceConfiguration

@Suite("Profiles that cannot be")
struct RefusedPlanTests {
    private func refusal(_ settings: [String], on board: Board = .rk3588, memory: Int? = nil) throws -> Plan.Conflict {
        let plan = try Plans.plan(settings, on: board, memory: memory)
        return try #require(plan.conflicts.first { $0.severity == .error })
    }

    @Test("Two models on a coprocessor that holds one")
    func coprocessor() throws {
        let both = ["tts.backend=qwen3_tts_rk1828", "audio_llm.backend=gemma4_rk1828"]
        let conflict = try refusal(both, on: .rk1828)
        #expect(
            conflict.message == "4.1 GiB (gemma4_rk1828) + 1.8 GiB (qwen3_tts_rk1828) = 5.9 GiB, 972 MiB more than the "
                + "5 GiB of RK1828"
        )
        #expect(conflict.remedy.hasPrefix("load fewer models"))
        #expect(try Plans.plan([both[0]], on: .rk1828).fits && Plans.plan([both[1]], on: .rk1828).fits)
    }

    @Test("More than the memory that the NPU may take")
    func memory() throws {
        let tree = try ModelTree()
        defer { tree.remove() }
        try tree.add("m", ["decoder/decoder_qwen3.w8a8.rk3588.rkllm": 795])
        let settings = ["asr.backend=qwen3_asr_rk", "asr.model_dir=\(tree.path)/m"]
        let plan = try Plans.plan(settings, memory: 512 << 20)
        let conflict = try #require(plan.conflicts.first { $0.kind == .memory })
        #expect(conflict.message.hasPrefix("795 MiB (qwen3_asr_rk) = 795 MiB, 283 MiB more than the 512 MiB of RK3588"))
    }

    @Test("More than one IOMMU domain addresses, though both together would have room")
    func domain() throws {
        let tree = try ModelTree()
        defer { tree.remove() }
        try tree.add("m", ["decoder/decoder_qwen3.fp16.rk3588.rkllm": 4500])
        let plan = try Plans.plan(["asr.backend=qwen3_asr_rk", "asr.model_dir=\(tree.path)/m"])
        let conflict = try #require(plan.conflicts.first { $0.kind == .memory })
        #expect(conflict.message.hasSuffix("404 MiB more than the 4 GiB of IOMMU domain 1 of RK3588"))
    }

    @Test("An answer that the decoder's context has no room for")
    func context() throws {
        let qwen = ["asr.backend=qwen3_asr_rk", "asr.max_new_tokens=128"]
        let conflict = try refusal(qwen + ["asr.max_context_len=128"])
        #expect(
            conflict.message
                == "26 tokens of prompt + 26 of 2 s of audio + 128 of answer (asr.max_new_tokens) = 180, more "
                + "than the 128 of asr.max_context_len"
        )
        #expect(
            conflict.remedy.hasPrefix("set asr.max_context_len to 180 or more, or asr.max_new_tokens to at most 76")
        )
        // A longer window that does not fit is a loss, not the end.
        let plan = try Plans.plan(qwen + ["asr.max_context_len=512", "asr.encoder_sizes=4,30"])
        #expect(plan.fits && plan.conflicts.contains { $0.severity == .warning && $0.message.contains("= 544") })
    }

    @Test("Fewer CPUs than the decoder has cores", arguments: [1, 2, 5])
    func cpus(count: Int) throws {
        let conflict = try refusal(["asr.backend=qwen3_asr_rk", "asr.enabled_cpus=\(count)"])
        #expect(
            conflict.message.hasPrefix(
                "asr.enabled_cpus \(count): RKLLM takes 1, 2, 3, 4, 8 CPUs, and no fewer than the 3"
            )
        )
        #expect(conflict.remedy.hasPrefix("set asr.enabled_cpus to 3"))
    }

    @Test("Cores that the board lacks, and a voice that is made for another board")
    func boards() throws {
        let core = try refusal(["asr.backend=qwen3_asr_rk", "asr.npu_core_mask=NPU_CORE_2"], on: .rk3576)
        #expect(core.kind == .noSuchCore && core.message.contains("RK3576 has cores 0 to 1"))
        #expect(core.remedy.contains("asr.npu_core_mask"))
        let talker = try refusal(["tts.backend=qwen3_rknn"], on: .rk3588)
        #expect(talker.message.contains("it is made for rk3576, and this is rk3588"))
    }

    @Test("A profile for one chip on another")
    func platform() {
        func load(_ settings: String...) throws -> LoadedConfiguration {
            try LoadedConfiguration(ConfigurationSources(flags: settings.map { try .init(setting: $0) }))
        }
        let error = #expect(throws: ConfigurationError.self) { try load("platform=rk3588", "npu.simulate=rk3576") }
        #expect(error?.description.contains("platform rk3588 and npu.simulate rk3576 contradict each other") == true)
        #expect(throws: ConfigurationError.self) { try load("platform=rk3576", "npu.board=rk3588") }
        #expect(throws: Never.self) { try load("platform=rk3588s", "npu.simulate=rk3588") }
        #expect(throws: Never.self) { try load("platform=rk1828", "npu.simulate=rk3588") }
        #expect(throws: Never.self) { try load("platform=rk3588", "npu.board=cpu") }
    }

    @Test("A bundle that nobody vouches for, layers that are none, an encoder window that is none")
    func values() throws {
        let bundle = try refusal(["tts.backend=kokoro_convonly", "tts.bundle_root=/models/conv"])
        #expect(bundle.remedy.contains("sha256sum /models/conv/convonly.manifest.json"))
        #expect(throws: InferenceError.self) { try Plans.plan(["tts.backend=kokoro_convonly"]) }
        #expect(throws: InferenceError.self) { try Plans.plan(["tts.backend=moss_ort", "tts.hybrid_layers=12"]) }
        #expect(throws: InferenceError.self) { try Plans.plan(["asr.backend=qwen3_asr_rk", "asr.encoder_sizes=half"]) }
    }
}
