extension Schema {
    static let asr = [
        Setting("asr.model", \.asr.model, .text, "Id of the recognizer; by default that of the catalog.")
            .flagged("--asr-model"),
        Setting("asr.enabled", \.asr.isEnabled, .flag, "Speech is recognized.").flagged("--no-asr"),
        Setting(
            "asr.language",
            \.asr.language,
            ValueFormat.text.optional(none: "auto"),
            "Language assumed when a request names none."
        ).reloadable,
        Setting(
            "asr.vad_threshold",
            \.asr.vadThreshold,
            .number(0.01...0.99),
            "Probability from which sound counts as speech."
        ).alias("VAD_THRESHOLD").reloadable,
        Setting(
            "asr.vad_silence_ms",
            \.asr.vadSilenceSeconds,
            .duration(.milliseconds, 0.05...10),
            "Silence that ends an utterance."
        ).alias("VAD_ENDPOINT_SILENCE_MS").reloadable,
        Setting(
            "asr.vad_minimum_speech_ms",
            \.asr.vadMinimumSpeechSeconds,
            .duration(.milliseconds, 0...10),
            "Length below which sound is no speech."
        ).alias("VAD_MIN_UTTERANCE_S", in: .seconds).reloadable,
        Setting(
            "asr.vad_pre_roll_ms",
            \.asr.vadPreRollSeconds,
            .duration(.milliseconds, 0...5),
            "Sound kept before speech."
        ).reloadable,
        Setting(
            "asr.backend",
            \.asr.backend,
            .choice,
            "Recognizer in the words of the seed: family and place; disabled switches recognition off."
        ).alias("ASR_BACKEND"),
        Setting(
            "asr.placement",
            \.asr.placement,
            .text,
            "Placement of the recognizer's stages, such as cpu or rknn; by default the first that this machine can run."
        ),
        Setting(
            "asr.vad_placement",
            \.asr.vadPlacement,
            .text,
            "Placement of the speech detector; by default the first that this machine can run."
        ),
        Setting(
            "asr.written_form",
            \.asr.writtenForm,
            .choice,
            "Numbers, dates and money as one writes them; auto: if the model does it, or itn-zh-en is installed."
        ),
        Setting(
            "asr.punctuation",
            \.asr.punctuationModel,
            .text,
            "Id of a model that puts marks into final texts, such as punctuation-zh-en."
        ),
        Setting("asr.hotwords", \.asr.hotwords, .list, "Words to listen for, where the recognizer takes hotwords."),
        Setting(
            "asr.require_backend",
            \.asr.isRequired,
            .flag,
            "The program ends when the recognizer cannot be loaded."
        ).alias("REQUIRE_ASR_BACKEND"),
    ]

    static let asrBoards = qwen3 + paraformer

    private static let qwen3 = [
        Setting("asr.model_dir", \.asr.modelDirectory, .path, "Directory with the recognizer's files.")
            .alias("PARAFORMER_MODEL_DIR", with: ["paraformer_rknn", "paraformer_sherpa"])
            .alias("SENSEVOICE_MODEL_DIR", with: ["sensevoice_sherpa"])
            .alias("SENSEVOICE_RKNN_MODEL_DIR", with: ["sensevoice_rknn"]).alias("ASR_MODEL_DIR").of(
                "qwen3_asr_rk",
                "paraformer_rknn",
                "paraformer_sherpa",
                "sensevoice_rknn",
                "sensevoice_sherpa"
            ),
        Setting("asr.decoder_type", \.asr.qwen3.decoderType, .choice, "What runs the decoder of Qwen3.")
            .alias("ASR_DECODER_TYPE").of("qwen3_asr_rk"),
        Setting(
            "asr.decoder_quant",
            \.asr.qwen3.decoderQuantization,
            .text,
            "Number format in the name of Qwen3's decoder file, such as w4a16_g128; by default what there is."
        ).alias("ASR_DECODER_QUANT", with: ["qwen3_asr_rk"]).of("qwen3_asr_rk"),
        Setting(
            "asr.encoder_sizes",
            \.asr.qwen3.encoderSizes,
            .list,
            "Windows of Qwen3's encoder to load, in seconds; by default all there are."
        ).alias("ASR_ENCODER_SIZES", with: ["qwen3_asr_rk"]).of("qwen3_asr_rk"),
        Setting(
            "asr.embed_flash",
            \.asr.qwen3.embedsFromFlash,
            .flag,
            "Qwen3's table of embeddings stays in its file instead of memory."
        ).alias("RKLLM_EMBED_FLASH", with: ["qwen3_asr_rk"]).of("qwen3_asr_rk"),
        Setting("asr.npu_core_mask", \.asr.qwen3.cores, .cores, "Cores of the encoder of Qwen3.")
            .alias("ASR_NPU_CORE_MASK").of("qwen3_asr_rk"),
        Setting("asr.enabled_cpus", \.asr.qwen3.enabledCPUs, .integer(1...16), "CPUs the decoder of Qwen3 may use.")
            .alias("ASR_ENABLED_CPUS").of("qwen3_asr_rk"),
        Setting(
            "asr.max_context_len",
            \.asr.qwen3.maxContextLength,
            .integer(32...131_072),
            "Tokens of the decoder's memory in Qwen3."
        ).alias("RKLLM_MAX_CONTEXT_LEN").of("qwen3_asr_rk"),
        Setting(
            "asr.max_new_tokens",
            \.asr.qwen3.maxNewTokens,
            .integer(1...65536),
            "Tokens of an answer of Qwen3 at most."
        )
        .alias("ASR_MAX_NEW_TOKENS").of("qwen3_asr_rk"),
        Setting(
            "asr.repeat_penalty",
            \.asr.qwen3.repeatPenalty,
            .number(0.1...10),
            "Factor of Qwen3 against repetition; 1 means none."
        ).alias("ASR_REPEAT_PENALTY").of("qwen3_asr_rk"),
        Setting(
            "asr.compact_suffix",
            \.asr.qwen3.compactSuffix,
            .flag,
            "The short instruction after the audio of Qwen3."
        ).alias("QWEN3_ASR_COMPACT_SUFFIX").of("qwen3_asr_rk"),
    ]

    private static let paraformer = [
        Setting(
            "asr.rknn_dir",
            \.asr.paraformer.rknnDirectory,
            .path,
            "Directory with Paraformer's graphs for the NPU."
        )
        .alias("PARAFORMER_RKNN_DIR").of("paraformer_rknn"),
        Setting("asr.precision", \.asr.paraformer.precision, .choice, "Number format of Paraformer's graphs.")
            .alias("PARAFORMER_RKNN_PRECISION").of("paraformer_rknn"),
        Setting(
            "asr.encoder_precision",
            \.asr.paraformer.encoderPrecision,
            .choice,
            "Number format of Paraformer's encoder."
        ).alias("PARAFORMER_RKNN_ENC_PRECISION").of("paraformer_rknn"),
        Setting(
            "asr.decoder_precision",
            \.asr.paraformer.decoderPrecision,
            .choice,
            "Number format of Paraformer's decoder."
        ).alias("PARAFORMER_RKNN_DEC_PRECISION").of("paraformer_rknn"),
        Setting(
            "asr.encoder_mode",
            \.asr.paraformer.encoderMode,
            .choice,
            "How much of Paraformer's encoder runs on the NPU."
        ).alias("PARAFORMER_RKNN_ENCODER_MODE").of("paraformer_rknn"),
        Setting("asr.decoder_backend", \.asr.paraformer.decoderPlace, .choice, "Where Paraformer's decoder runs.")
            .alias("PARAFORMER_RKNN_DECODER").of("paraformer_rknn"),
        Setting(
            "asr.encoder_suffix_onnx",
            \.asr.paraformer.encoderSuffixPath,
            .path,
            "End of Paraformer's encoder that stays on the CPU."
        ).alias("PARAFORMER_ENCODER_SUFFIX_ONNX").of("paraformer_rknn"),
        Setting("asr.decoder_onnx", \.asr.paraformer.decoderPath, .path, "Paraformer's decoder for the CPU.")
            .alias("PARAFORMER_DECODER_ONNX").of("paraformer_rknn"),
        Setting("asr.encoder_core", \.asr.paraformer.encoderCores, .cores, "Cores of the encoder.")
            .alias("PARAFORMER_RKNN_ENC_CORE", with: ["paraformer_rknn"])
            .alias("SENSEVOICE_RKNN_CORE", with: ["sensevoice_rknn"]).of("paraformer_rknn", "sensevoice_rknn"),
        Setting("asr.decoder_core", \.asr.paraformer.decoderCores, .cores, "Cores of Paraformer's decoder.")
            .alias("PARAFORMER_RKNN_DEC_CORE").of("paraformer_rknn"),
    ]
}
