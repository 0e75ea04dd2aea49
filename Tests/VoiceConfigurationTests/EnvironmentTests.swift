import Testing
import VoiceConfiguration

@Suite("The environment")
struct EnvironmentTests {
    @Test("Names of a deployed system are taken")
    func aliases() throws {
        let configuration = try load([
            "OVS_API_KEYS": "one, two", "OVS_API_MAX_AUDIO_BYTES": "1048576", "OVS_MAX_CONCURRENT_SESSIONS": "4",
            "VAD_THRESHOLD": "0.6", "VAD_ENDPOINT_SILENCE_MS": "400", "VAD_MIN_UTTERANCE_S": "0.5",
            "ASR_BACKEND": "sensevoice_rknn", "REQUIRE_ASR_BACKEND": "1", "SENSEVOICE_RKNN_MODEL_DIR": "/opt/sv",
            "TTS_BACKEND": "disabled", "RKLLM_LIB_PATH": "/usr/lib/librkllmrt.so", "NO_COLOR": "anything",
        ]).configuration
        #expect(configuration.server.apiKeys == ["one", "two"])
        #expect(configuration.limits.bodyBytes == 1 << 20 && configuration.limits.streams == 4)
        #expect(configuration.asr.vadThreshold == 0.6 && configuration.asr.vadSilenceSeconds == 0.4)
        #expect(configuration.asr.vadMinimumSpeechSeconds == 0.5)
        #expect(configuration.asr.backend == .senseVoiceRKNN && configuration.asr.isRequired)
        #expect(configuration.asr.modelDirectory == "/opt/sv")
        #expect(!configuration.tts.isEnabled && configuration.noColor)
        #expect(configuration.runtime.rkllmPath == "/usr/lib/librkllmrt.so")
    }

    @Test("Empty is unset")
    func empty() throws {
        let loaded = try load(["RKVOICE_THREADS": "", "SPEECH_MODE": "", "NO_COLOR": "", "OVS_API_KEYS": ""])
        #expect(loaded.configuration.runtime.threads == Configuration().runtime.threads)
        #expect(!loaded.configuration.noColor && loaded.configuration.server.apiKeys.isEmpty)
    }

    @Test("A name of one model counts only where that model is chosen")
    func conditional() throws {
        let variables = ["MOSS_ORT_VOICE": "Junhao", "KOKORO_VOICE": "af_bella", "MOSS_ORT_SEED": "7"]
        let plain = try load(variables)
        #expect(plain.configuration.tts.speaker == nil && plain.configuration.tts.seed == 42)
        #expect(plain.unapplied.map(\.name).sorted() == ["KOKORO_VOICE", "MOSS_ORT_SEED", "MOSS_ORT_VOICE"])
        let moss = try load(variables.merging(["TTS_BACKEND": "moss_ort"]) { $1 })
        #expect(moss.configuration.tts.speaker == "Junhao" && moss.configuration.tts.seed == 7)
        #expect(moss.unapplied.map { "\($0.name): \($0.reason)" } == ["KOKORO_VOICE: tts.backend is moss_ort"])
        let flag = ConfigurationSources.Flag("tts.backend", "kokora_rknn", name: "--set")
        let kokoro = try load(variables.merging(["TTS_BACKEND": "moss_ort"]) { $1 }, flags: flag)
        #expect(kokoro.configuration.tts.backend == .kokoroRKNN && kokoro.configuration.tts.speaker == "af_bella")
    }

    @Test(
        "Every name that the seed reads is known",
        arguments: ["ASR_TOP_K", "QWEN3_ASR_TRUE_ROLL_SEC", "MATCHA_USE_ORT"]
    )
    func known(name: String) throws {
        let loaded = try load([name: "1"])
        #expect(loaded.warnings.isEmpty)
        #expect(loaded.unapplied == (try load([name: "1"])).unapplied && loaded.unapplied.map(\.name) == [name])
    }

    @Test("A slip in a name of ours is told, with the nearest; names of others are none of our business")
    func unknown() throws {
        let loaded = try load(["RKVOICE_THREDS": "2", "RKVOICE_LONG": "1", "PATH": "/bin", "FOO": "1"])
        #expect(loaded.warnings == ["RKVOICE_THREDS is no setting; did you mean RKVOICE_THREADS?"])
        #expect(loaded.unapplied.isEmpty)
    }

    @Test("Two names that say different things: ours wins, and that is told")
    func contradiction() throws {
        let loaded = try load(["RKVOICE_ASR_VAD_THRESHOLD": "0.4", "VAD_THRESHOLD": "0.6"])
        #expect(loaded.configuration.asr.vadThreshold == 0.4)
        #expect(
            loaded.warnings == [
                "RKVOICE_ASR_VAD_THRESHOLD and VAD_THRESHOLD say different things; RKVOICE_ASR_VAD_THRESHOLD wins"
            ]
        )
        #expect(try load(["RKVOICE_ASR_VAD_THRESHOLD": "0.4", "VAD_THRESHOLD": "0.4"]).warnings.isEmpty)
    }

    @Test("A program without a server reads what it needs, and keeps defaults for what is none")
    func alone() {
        let (configuration, mistakes) = Configuration.ofEnvironment(
            [
                "RKVOICE_THREADS": "x", "RKVOICE_OFFLINE": "maybe", "RKVOICE_HOME": "/a/../b",
                "RKVOICE_SERVER_PORT": "y",
                "RKVOICE_LOCK_TIMEOUT": "1.5",
            ],
            keys: ["store.", "runtime."]
        )
        #expect(configuration.store.home == "/b" && configuration.store.lockSeconds == 1.5)
        #expect(configuration.runtime.threads == Configuration().runtime.threads && !configuration.store.isOffline)
        #expect(
            mistakes.compactMap(\.place).sorted() == ["environment RKVOICE_OFFLINE", "environment RKVOICE_THREADS"]
        )
    }
}
