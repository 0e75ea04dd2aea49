extension Schema {
    static let tts = [
        Setting(
            "tts.model",
            \.tts.model,
            .text,
            "Id of the voice, by default that of the catalog. With kokoro_rknn: file of its graph."
        ).flagged("--tts-model"),
        Setting("tts.enabled", \.tts.isEnabled, .flag, "Text is spoken.").flagged("--no-tts"),
        Setting("tts.speed", \.tts.speed, .number(0.25...4), "Pace; 1 is the voice's own.").reloadable,
        Setting(
            "tts.seed",
            \.tts.seed,
            ValueFormat.seed.optional(none: "random"),
            "Makes the same text sound the same again."
        ).alias("MOSS_ORT_SEED", with: ["moss_ort"]).reloadable,
        Setting(
            "tts.latency",
            \.tts.latency,
            .oneOf(["low", "balanced", "quality"]),
            "What matters more: the first sound, or the quality of all of it."
        ).reloadable,
        Setting("tts.voice", \.tts.speaker, .text, "Speaker within the voice.")
            .alias("KOKORO_VOICE", with: ["kokoro_rknn", "kokoro_convonly"]).alias(
                "KOKORA_VOICE",
                with: ["kokoro_rknn"]
            )
            .alias("MOSS_ORT_VOICE", with: ["moss_ort"]).reloadable,
        Setting(
            "tts.lexicon",
            \.tts.tailoring.lexiconPath,
            .path,
            "File of words and how they are said, an entry a line; one with a mistake is refused at the start."
        ),
        Setting(
            "tts.volume",
            \.tts.tailoring.volume,
            .number(0...4),
            "Loudness of the voice; 1 is its own. The volume that a request names is a factor on it."
        ),
        Setting(
            "tts.sentence_silence",
            \.tts.tailoring.sentenceSilence,
            .duration(.seconds, 0...10),
            "Silence behind each sentence; by default what the voice makes."
        ),
        Setting(
            "tts.backend",
            \.tts.backend,
            .choice,
            "Voice in the words of the seed: family and place; disabled switches speech off."
        ).alias("TTS_BACKEND"),
        Setting(
            "tts.placement",
            \.tts.placement,
            .text,
            "Placement of the voice's stages, such as cpu or rknn; by default the first that this machine can run."
        ),
        Setting("tts.require_backend", \.tts.isRequired, .flag, "The program ends when the voice cannot be loaded.")
            .alias("REQUIRE_TTS_BACKEND"),
        Setting("tts.model_dir", \.tts.modelDirectory, .path, "Directory with the voice's files.")
            .alias("PIPER_MODEL_DIR", with: ["piper_rknn"]).alias("KOKORO_MODEL_DIR", with: ["kokoro_rknn"])
            .alias("KOKORA_MODEL_DIR", with: ["kokoro_rknn"]).alias("MOSS_ORT_MODEL_DIR", with: ["moss_ort"])
            .alias("MOSS_RKNN_MODEL_DIR", with: ["moss_rknn"]).alias("RK1828_TTS_MODEL_DIR", with: ["qwen3_tts_rk1828"])
            .alias("TTS_MODEL_DIR").alias("MODEL_DIR", with: ["qwen3_rknn", "kokoro_rknn"]).of(
                "piper_rknn",
                "matcha_rknn",
                "kokoro_rknn",
                "qwen3_rknn",
                "qwen3_tts_rk1828",
                "moss_ort",
                "moss_rknn"
            ),
    ]
}
