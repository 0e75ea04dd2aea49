/// Every setting there is. One entry here is all that a new setting takes.
package enum Schema {
    /// Every setting, section by section.
    package static let settings: [Setting] =
        general + server + limits + asr + asrBoards + tts + ttsFiles + ttsShapes + ttsWays + audioLLM + llm + dialogue
        + store + runtime + npu

    /// A setting by its key.
    package static func setting(_ key: String) -> Setting? { byKey[key] }

    /// Whether something in a profile is a section.
    static func isSection(_ key: String) -> Bool { sectionNames.contains(key) }

    private static let byKey = Dictionary(settings.map { ($0.key, $0) }) { first, _ in first }
    static let sectionNames = Set(settings.map(\.section)).subtracting([""])

    private static let general = [
        Setting("name", \.name, .text, "What the profile calls itself."),
        Setting("platform", \.platform, .choice, "Board the profile is for.")
            .alias("RK_PLATFORM").alias("ASR_PLATFORM", with: ["qwen3_asr_rk"]),
        Setting(
            "mode",
            \.mode,
            .choice,
            "What is served, in the words of the seed: asr_only and tts_only leave the other half off. Without effect where "
                + "a backend is chosen."
        ).alias("SPEECH_MODE"),
        Setting("no_color", \.noColor, .flag, "Plain output, without colors.").alias("NO_COLOR", isSwitch: true),
    ]

    private static let store = [
        Setting("store.home", \.store.home, .absolutePath, "Directory with models, runtimes and caches.")
            .named("RKVOICE_HOME"),
        Setting(
            "store.mirror",
            \.store.mirror,
            .text,
            "Address (https://host[/prefix]) in place of the hosts that models come from."
        ).named("RKVOICE_MIRROR"),
        Setting("store.offline", \.store.isOffline, .flag, "Nothing is downloaded.").named("RKVOICE_OFFLINE"),
        Setting("store.catalog", \.store.catalogPath, .path, "A second catalog of models.").named("RKVOICE_CATALOG"),
        Setting("store.keep_downloads", \.store.keepDownloads, .flag, "Downloads stay after an installation.")
            .named("RKVOICE_KEEP_DOWNLOADS"),
        Setting(
            "store.lock_timeout_seconds",
            \.store.lockSeconds,
            .duration(.seconds, 0...86400),
            "How long to wait for another process that changes the models."
        ).named("RKVOICE_LOCK_TIMEOUT"),
    ]

    private static let runtime = [
        Setting(
            "runtime.threads",
            \.runtime.threads,
            .integer(1...64),
            "Threads that work on one graph; by default every core up to four."
        ).named("RKVOICE_THREADS").flagged("--threads"),
        Setting(
            "runtime.onnxruntime",
            \.runtime.onnxRuntimePath,
            .path,
            "ONNX Runtime library to use before any other."
        ).named("RKVOICE_ONNXRUNTIME"),
        Setting(
            "runtime.espeak",
            \.runtime.espeakPath,
            .path,
            "Phoneme process; by default the one beside the executable."
        ).named("RKVOICE_ESPEAK"),
        Setting("runtime.rkllm", \.runtime.rkllmPath, .path, "RKLLM library to use before any other.")
            .alias("RKLLM_LIB_PATH"),
        Setting(
            "runtime.rkllm_version",
            \.runtime.rkllmVersion,
            .text,
            "Release of the RKLLM library, such as 1.2.3; by default it is read from the file."
        ),
    ]

    private static let audioLLM = [
        Setting(
            "audio_llm.backend",
            \.audioLLM.backend,
            .choice,
            "Language model that hears; disabled switches it off."
        ).alias("AUDIO_LLM_BACKEND"),
        Setting(
            "audio_llm.require_backend",
            \.audioLLM.isRequired,
            .flag,
            "The program ends when it cannot be loaded."
        ).alias("REQUIRE_AUDIO_LLM_BACKEND"),
        Setting("audio_llm.binary_path", \.audioLLM.binaryPath, .path, "Program that runs the model on its device.")
            .alias("RK1828_GEMMA4_BINARY").of("gemma4_rk1828"),
        Setting("audio_llm.model_dir", \.audioLLM.modelDirectory, .path, "Directory with the model's files.")
            .alias("RK1828_GEMMA4_MODEL_DIR").of("gemma4_rk1828"),
        Setting("audio_llm.device_id", \.audioLLM.deviceID, .text, "PCI address of the device.")
            .alias("RK1828_DEVICE_ID", with: ["gemma4_rk1828"]).of("gemma4_rk1828"),
        Setting(
            "audio_llm.max_new_tokens",
            \.audioLLM.maxNewTokens,
            .integer(1...65536),
            "Tokens of an answer at most."
        )
        .of("gemma4_rk1828"),
        Setting("audio_llm.env", \.audioLLM.variables, .variables, "Variables for the program that runs the model.")
            .of("gemma4_rk1828"),
    ]
}
