import SpeechTesting
import Testing
import VoiceConfiguration

@Suite("Profiles of the seed")
struct SeedProfileTests {
    private func profile(_ name: String, _ environment: [String: String] = [:]) throws -> LoadedConfiguration {
        try LoadedConfiguration(ConfigurationSources(environment: environment, profile: name))
    }

    @Test(
        "Each is read in full: what is chosen, and which halves are on",
        arguments: [
            ("rk3576-full", .qwen3, .matchaRKNN, true, true), ("rk3576-asr-only", .qwen3, nil, true, false),
            ("rk3576-tts-only", nil, .matchaRKNN, false, true), ("rk3588-full", .qwen3, .matchaRKNN, true, true),
            ("rk3576-paraformer-matcha", .paraformerRKNN, .matchaRKNN, true, true),
            ("rk3588-paraformer-matcha", .paraformerRKNN, .matchaRKNN, true, true),
            ("rk3576-piper-multilang", nil, .piperRKNN, false, true),
            ("rk3588-kokoro-rknn", .disabled, .kokoroRKNN, false, true),
            ("rk3576-qwen3-rknn-stream", nil, .qwen3RKNN, false, true),
            ("rk3576-moss-ort-stream", nil, .mossORT, false, true),
            ("rk3576-moss-hybrid-rknn-stream", nil, .mossORT, false, true),
            ("rk3576-moss-rknn-stream", .disabled, .mossRKNN, false, true),
            ("rk1828-qwen3-tts", nil, .qwen3RK1828, false, true), ("rk1828-gemma4", nil, nil, false, false),
        ] as [(String, RecognizerChoice?, SynthesizerChoice?, Bool, Bool)]
    )
    func whole(name: String, asr: RecognizerChoice?, tts: SynthesizerChoice?, hears: Bool, speaks: Bool) throws {
        let loaded = try profile(name)
        let configuration = loaded.configuration
        #expect(configuration.name == name)
        #expect(configuration.platform == Platform(rawValue: String(name.prefix(6))))
        #expect(configuration.asr.backend == asr && configuration.tts.backend == tts)
        #expect(configuration.asr.isEnabled == hears && configuration.tts.isEnabled == speaks)
        #expect(loaded.unapplied.isEmpty)
        let report = ConfigurationReport(loaded, all: false)
        #expect(report.settings.contains { $0.key == "name" && $0.text == name })
        let isMissing = report.warnings.contains { $0.contains("is not in this version; available: ") }
        #expect(isMissing == (tts != .piperRKNN))
    }

    @Test("Keys that the seed ignored count: cores, decoder, CPUs, lengths")
    func qwen3() throws {
        let asr = try profile("rk3588-full").configuration.asr
        #expect(asr.modelDirectory == "/opt/asr/models")
        #expect(asr.qwen3.decoderType == .rkllm && asr.qwen3.cores == NPUCores(mask: 6) && asr.qwen3.enabledCPUs == 4)
        #expect(asr.qwen3.maxContextLength == 1024 && asr.qwen3.maxNewTokens == 128)
        #expect(asr.qwen3.repeatPenalty == 1.15 && asr.qwen3.compactSuffix == true)
    }

    @Test("Paraformer's graphs, modes and cores")
    func paraformer() throws {
        let asr = try profile("rk3588-paraformer-matcha").configuration.asr
        #expect(asr.isRequired && asr.paraformer.rknnDirectory == "/opt/asr/paraformer/rknn/rk3588")
        #expect(asr.paraformer.encoderPrecision == .fp16 && asr.paraformer.encoderMode == .hybrid)
        #expect(asr.paraformer.decoderPlace == .cpu && asr.paraformer.encoderCores?.name == "NPU_CORE_1_2")
        #expect(asr.paraformer.encoderSuffixPath == "encoder_suffix_from_block30.onnx")
        #expect(asr.paraformer.decoderPath == "decoder-rknn.onnx")
    }

    @Test("Voices: languages, lengths, threads, layers, devices")
    func voices() throws {
        let piper = try profile("rk3576-piper-multilang").configuration.tts.board.speech
        #expect(piper.languages == ["en_US", "zh_CN", "de_DE", "fr_FR", "ja_JP"])
        #expect(piper.defaultLanguage == "en_US" && piper.kokoroVoice == "jf_alpha")
        let kokoro = try profile("rk3588-kokoro-rknn").configuration.tts.board
        #expect(kokoro.mode == .hybrid && kokoro.files.front == "rk3588/kokoro-decoder-front.int8.rknn")
        #expect(kokoro.shape.sequence == 32 && kokoro.threads.tailIntra == 4 && kokoro.onnx.memoryPattern == false)
        let moss = try profile("rk3576-moss-ort-stream").configuration.tts
        #expect(moss.isRequired && moss.speaker == "Junhao" && moss.seed == 314 && moss.board.threads.prefill == 8)
        #expect(moss.board.shape.codecBatchFrames == 3 && moss.board.moss.loadsFullCodec == false)
        let hybrid = try profile("rk3576-moss-hybrid-rknn-stream").configuration.tts.board.hybrid
        #expect(hybrid.isOn == true && hybrid.sequence == 320 && hybrid.layers == ["0", "1", "4", "5", "6"])
        let rk1828 = try profile("rk1828-qwen3-tts").configuration.tts.board
        #expect(rk1828.deviceID == "0001:11:00.0" && rk1828.speech.referenceSpeaker == "girl_base")
        let gemma = try profile("rk1828-gemma4").configuration.audioLLM
        #expect(gemma.variables == ["GEMMA4_LLM_CORE_MASK": "0xff", "GEMMA4_AUDIO_CORE_MASK": "0xf"])
        #expect(gemma.maxNewTokens == 256)
    }

    @Test("A model that is not in this version is an error when it is loaded, not when it is read")
    func missing() throws {
        let configuration = try profile("rk3576-full").configuration
        let error = #expect(throws: ConfigurationError.self) { try configuration.asr.modelToLoad() }
        #expect(error?.code == .unavailable)
        #expect(
            error?.description
                == "asr.backend: the family Qwen3-ASR (qwen3_asr_rk) is not in this version; available: whisper, "
                + "paraformer_rknn, paraformer_sherpa, sensevoice_rknn, sensevoice_sherpa, disabled; "
                + "`rkvoice plan` shows what it will do"
        )
        #expect(throws: ConfigurationError.self) { try configuration.tts.modelToLoad() }
        let gemma = try profile("rk1828-gemma4").configuration.audioLLM
        #expect(throws: ConfigurationError.self) { try gemma.requireAvailable() }
        let ours = try load(["ASR_BACKEND": "whisper", "RKVOICE_ASR_MODEL": "whisper-base", "TTS_BACKEND": "piper"])
        #expect(try ours.configuration.asr.modelToLoad() == "whisper-base")
        #expect(try ours.configuration.tts.modelToLoad() == nil)
        #expect(ours.configuration.asr.isEnabled && ours.configuration.tts.isEnabled)
    }

    @Test("The operator's environment wins over the profile, against the seed's ways")
    func operatorWins() throws {
        let loaded = try profile("rk3588-kokoro-rknn", ["ASR_BACKEND": "whisper", "KOKORO_SEQ_LEN": "64"])
        #expect(loaded.configuration.asr.isEnabled && loaded.configuration.asr.backend == .whisper)
        #expect(loaded.configuration.tts.board.shape.sequence == 64)
        #expect("\(loaded.origin(of: "tts.seq_len"))" == "environment KOKORO_SEQ_LEN")
    }

    @Test("A half that a profile for boards does not name is off, and that is told")
    func oneSided() throws {
        let loaded = try profile("rk3576-tts-only")
        #expect(loaded.warnings == ["asr is off: only tts.backend is chosen; asr.enabled: true has both"])
        #expect("\(loaded.origin(of: "asr.enabled"))".hasPrefix("tts.backend ("))
        #expect(try profile("rk3576-tts-only", ["RKVOICE_ASR_ENABLED": "1"]).configuration.asr.isEnabled)
        #expect(try profile("rk3576-tts-only", ["RKVOICE_ASR_MODEL": "whisper-base"]).configuration.asr.isEnabled)
        let ours = try load(["TTS_BACKEND": "piper"])
        #expect(ours.configuration.asr.isEnabled && ours.warnings.isEmpty)
    }

    @Test("Plans of the seed count where no backend is chosen")
    func modes() throws {
        let hears = try load(["SPEECH_MODE": "asr_only"])
        #expect(hears.configuration.asr.isEnabled && !hears.configuration.tts.isEnabled)
        #expect("\(hears.origin(of: "tts.enabled"))" == "mode (environment SPEECH_MODE)")
        let speaks = try load(["SPEECH_MODE": "tts_only"]).configuration
        #expect(!speaks.asr.isEnabled && speaks.tts.isEnabled)
        let chosen = try load(["SPEECH_MODE": "asr_only", "TTS_BACKEND": "piper"]).configuration
        #expect(chosen.asr.isEnabled && chosen.tts.isEnabled)
        let dialogue = try load(["SPEECH_MODE": "dialogue"])
        #expect(dialogue.configuration.asr.backend == .qwen3 && dialogue.configuration.tts.backend == .matchaRKNN)
        #expect("\(dialogue.origin(of: "tts.backend"))" == "mode (environment SPEECH_MODE)")
        let ours = try load(["SPEECH_MODE": "dialogue", "RKVOICE_ASR_MODEL": "whisper-base"]).configuration
        #expect(ours.asr.backend == nil && ours.tts.backend == .matchaRKNN)
    }

    @Test("Off is off, unless an earlier source says on")
    func disabled() throws {
        #expect(try !load(["ASR_BACKEND": "disabled", "RKVOICE_ASR_ENABLED": "1"]).configuration.asr.isEnabled)
        let flag = ConfigurationSources.Flag("asr.enabled", "true", name: "--set")
        #expect(try load(["ASR_BACKEND": "disabled"], flags: flag).configuration.asr.isEnabled)
    }

    @Test(
        "Cores go by the vendor's names",
        arguments: [
            ("NPU_CORE_AUTO", 0), ("NPU_CORE_0", 1), ("npu_core_2", 4), ("NPU_CORE_0_1", 3), ("NPU_CORE_1_2", 6),
            ("NPU_CORE_0_1_2", 7), ("NPU_CORE_ALL", 0xFFFF),
        ] as [(String, UInt32)]
    )
    func cores(name: String, mask: UInt32) {
        #expect(NPUCores(name)?.mask == mask && NPUCores(mask: mask).name == name.uppercased())
        #expect(NPUCores(name + "_") == nil && NPUCores(name + "_9") == nil)
    }
}
