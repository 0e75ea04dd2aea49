extension Schema {
    /// Languages, speakers and files of voices on boards.
    static let ttsFiles = [
        Setting("tts.languages", \.tts.board.speech.languages, .list, "Locales of Piper voices to load at the start.")
            .alias("PIPER_LANGUAGES", with: ["piper_rknn"]).of("piper_rknn"),
        Setting(
            "tts.default_lang",
            \.tts.board.speech.defaultLanguage,
            .text,
            "Locale of texts that name no language."
        ).alias("PIPER_DEFAULT_LANG", with: ["piper_rknn"]).of("piper_rknn"),
        Setting(
            "tts.kokoro_voice",
            \.tts.board.speech.kokoroVoice,
            .text,
            "Kokoro voice for languages that Piper has none for."
        ).alias("KOKORO_VOICE", with: ["piper_rknn"]).of("piper_rknn"),
        Setting("tts.ref_speaker", \.tts.board.speech.referenceSpeaker, .text, "Speaker to sound like.")
            .alias("RK1828_TTS_REF_SPEAKER", with: ["qwen3_tts_rk1828"]).of("qwen3_tts_rk1828"),
        Setting("tts.mode", \.tts.board.mode, .choice, "How much of Kokoro runs on the NPU.")
            .alias("KOKORO_RKNN_MODE", with: ["kokoro_rknn"])
            .alias("KOKORA_RKNN_MODE", with: ["kokoro_rknn"])
            .of("kokoro_rknn"),
        Setting("tts.platform", \.tts.board.platform, .choice, "Board of the voice, where it is not the profile's.")
            .of("kokoro_convonly"),
        Setting("tts.device_id", \.tts.board.deviceID, .text, "PCI address of the device.")
            .alias("RK1828_DEVICE_ID", with: ["qwen3_tts_rk1828"]).of("qwen3_tts_rk1828"),
        Setting("tts.prefix_onnx", \.tts.board.files.prefix, .path, "Beginning of Kokoro, on the CPU.")
            .alias("KOKORO_PREFIX_ONNX", with: ["kokoro_rknn"]).of("kokoro_rknn"),
        Setting("tts.front_rknn", \.tts.board.files.front, .path, "Front of Kokoro's decoder, on the NPU.")
            .alias("KOKORO_FRONT_RKNN", with: ["kokoro_rknn"]).of("kokoro_rknn"),
        Setting("tts.tail_onnx", \.tts.board.files.tail, .path, "End of Kokoro's generator, on the CPU.")
            .alias("KOKORO_TAIL_ONNX", with: ["kokoro_rknn"]).of("kokoro_rknn"),
        Setting(
            "tts.vocoder",
            \.tts.board.files.vocoder,
            .text,
            "Which vocoder of Qwen3: ctx0, ctx0_int8 or ctx0_fp16."
        ).alias("QWEN3_TTS_VOCODER", with: ["qwen3_rknn"]).of("qwen3_rknn"),
        Setting(
            "tts.cp_engine_lib",
            \.tts.board.files.codePredictorLibrary,
            .path,
            "Library of Qwen3's code predictor."
        ).alias("QWEN3_TTS_CP_ENGINE_LIB", with: ["qwen3_rknn"]).of("qwen3_rknn"),
        Setting(
            "tts.cp_weights_dir",
            \.tts.board.files.codePredictorWeights,
            .path,
            "Weights of Qwen3's code predictor."
        ).alias("QWEN3_TTS_CP_WEIGHTS_DIR", with: ["qwen3_rknn"]).of("qwen3_rknn"),
        Setting("tts.matcha_model", \.tts.board.files.matcha, .path, "Graph of Matcha for the NPU, all in one.")
            .alias("MATCHA_MODEL", with: ["matcha_rknn"]).of("matcha_rknn"),
        Setting("tts.vocos_model", \.tts.board.files.vocos, .path, "Graph of Vocos for the NPU.")
            .alias("VOCOS_MODEL", with: ["matcha_rknn"]).of("matcha_rknn"),
        Setting("tts.use_ort", \.tts.board.usesONNX, .flag, "Matcha runs on the CPU, Vocos on the NPU.")
            .alias("MATCHA_USE_ORT", with: ["matcha_rknn"]).of("matcha_rknn"),
        Setting("tts.binary_path", \.tts.board.files.binary, .path, "Program that runs the voice on its device.")
            .alias("RK1828_TTS_BINARY", with: ["qwen3_tts_rk1828"]).of("qwen3_tts_rk1828"),
        Setting("tts.worker_bin", \.tts.board.files.worker, .path, "Program that runs MOSS on the NPU.")
            .alias("MOSS_RKNN_WORKER_BIN", with: ["moss_rknn"]).of("moss_rknn"),
        Setting("tts.manifest", \.tts.board.files.manifest, .path, "List of the files of MOSS.")
            .alias("MOSS_ORT_MANIFEST", with: ["moss_ort"])
            .alias("MOSS_RKNN_MANIFEST", with: ["moss_rknn"])
            .of("moss_ort", "moss_rknn"),
        Setting(
            "tts.bundle_root",
            \.tts.board.files.bundle,
            .path,
            "Directory of the Kokoro bundle for convolutions on the NPU."
        ).alias("KOKORO_CONVONLY_ROOT", with: ["kokoro_convonly"]).of("kokoro_convonly"),
        Setting("tts.manifest_sha256", \.tts.board.files.manifestHash, .text, "SHA-256 of that bundle's manifest.")
            .alias("KOKORO_CONVONLY_MANIFEST_SHA256", with: ["kokoro_convonly"]).of("kokoro_convonly"),
    ]

    /// Lengths and threads of voices on boards.
    static let ttsShapes = [
        Setting("tts.seq_len", \.tts.board.shape.sequence, .integer(1...65536), "Tokens of a sequence.")
            .alias("KOKORO_SEQ_LEN", with: ["kokoro_rknn"])
            .alias("KOKORA_SEQ_LEN", with: ["kokoro_rknn"])
            .alias("PIPER_SEQ_LEN", with: ["piper_rknn"])
            .of("kokoro_rknn", "piper_rknn"),
        Setting(
            "tts.max_seq_len",
            \.tts.board.shape.maxSequence,
            .integer(1...65536),
            "Tokens of a sequence at most."
        ).alias("MOSS_RKNN_MAX_SEQ_LEN", with: ["moss_rknn"]).of("moss_rknn"),
        Setting(
            "tts.prefill_seq",
            \.tts.board.shape.prefillSequence,
            .integer(0...65536),
            "Tokens of the first pass; 0 takes what the graph has."
        ).alias("MOSS_ORT_PREFILL_SEQ", with: ["moss_ort"]).of("moss_ort"),
        Setting(
            "tts.sample_rate",
            \.tts.board.shape.sampleRate,
            .integer(8000...192_000, unit: .hertz),
            "Rate of the voice's sound."
        ).alias("KOKORO_SAMPLE_RATE", with: ["kokoro_rknn"]).alias("MOSS_ORT_SAMPLE_RATE", with: ["moss_ort"]).alias(
            "MOSS_RKNN_SAMPLE_RATE",
            with: ["moss_rknn"]
        ).of("kokoro_rknn", "moss_ort", "moss_rknn"),
        Setting("tts.channels", \.tts.board.shape.channels, .integer(1...8), "Channels of the voice's sound.")
            .alias("MOSS_ORT_CHANNELS", with: ["moss_ort"])
            .alias("MOSS_RKNN_CHANNELS", with: ["moss_rknn"])
            .of("moss_ort", "moss_rknn"),
        Setting(
            "tts.chunk_frames",
            \.tts.board.shape.chunkFrames,
            .integer(1...1024),
            "Frames of sound computed at a time."
        ).alias("MOSS_RKNN_CHUNK_FRAMES", with: ["moss_rknn"]).of("moss_rknn"),
        Setting(
            "tts.max_new_frames",
            \.tts.board.shape.maxNewFrames,
            .integer(1...65536),
            "Frames of sound before MOSS is cut off."
        ).alias("MOSS_ORT_MAX_NEW_FRAMES", with: ["moss_ort"]).of("moss_ort"),
        Setting(
            "tts.codec_batch_frames",
            \.tts.board.shape.codecBatchFrames,
            .integer(1...1024),
            "Frames of codes decoded at a time."
        ).alias("MOSS_ORT_CODEC_BATCH_FRAMES", with: ["moss_ort"]).of("moss_ort"),
        Setting("tts.threads", \.tts.board.threads.all, .integer(1...64), "Threads of every stage of MOSS.")
            .alias("MOSS_ORT_THREADS", with: ["moss_ort"]).of("moss_ort"),
        Setting(
            "tts.prefill_threads",
            \.tts.board.threads.prefill,
            .integer(1...64),
            "Threads of the first pass of MOSS."
        ).alias("MOSS_ORT_PREFILL_THREADS", with: ["moss_ort"]).of("moss_ort"),
        Setting("tts.decode_threads", \.tts.board.threads.decode, .integer(1...64), "Threads of the decoder of MOSS.")
            .alias("MOSS_ORT_DECODE_THREADS", with: ["moss_ort"]).of("moss_ort"),
        Setting(
            "tts.sampler_threads",
            \.tts.board.threads.sampler,
            .integer(1...64),
            "Threads of the sampler of MOSS."
        ).alias("MOSS_ORT_SAMPLER_THREADS", with: ["moss_ort"]).of("moss_ort"),
        Setting("tts.codec_threads", \.tts.board.threads.codec, .integer(1...64), "Threads of the codec of MOSS.")
            .alias("MOSS_ORT_CODEC_THREADS", with: ["moss_ort"]).of("moss_ort"),
        Setting(
            "tts.intra",
            \.tts.board.threads.frontendIntra,
            .integer(1...64),
            "Threads within an operator of Kokoro's front end."
        ).alias("KOKORO_FRONTEND_INTRA_OP_THREADS", with: ["kokoro_convonly"]).of("kokoro_convonly"),
        Setting(
            "tts.inter",
            \.tts.board.threads.frontendInter,
            .integer(1...64),
            "Operators at a time of Kokoro's front end."
        ).alias("KOKORO_FRONTEND_INTER_OP_THREADS", with: ["kokoro_convonly"]).of("kokoro_convonly"),
        Setting(
            "tts.prefix_ort_intra_op",
            \.tts.board.threads.prefixIntra,
            .integer(1...64),
            "Threads within an operator of Kokoro's beginning."
        ).alias("KOKORO_PREFIX_ORT_INTRA_OP", with: ["kokoro_rknn"]).of("kokoro_rknn"),
        Setting(
            "tts.prefix_ort_inter_op",
            \.tts.board.threads.prefixInter,
            .integer(1...64),
            "Operators at a time of Kokoro's beginning."
        ).alias("KOKORO_PREFIX_ORT_INTER_OP", with: ["kokoro_rknn"]).of("kokoro_rknn"),
        Setting(
            "tts.tail_ort_intra_op",
            \.tts.board.threads.tailIntra,
            .integer(1...64),
            "Threads within an operator of Kokoro's end."
        ).alias("KOKORO_TAIL_ORT_INTRA_OP", with: ["kokoro_rknn"]).of("kokoro_rknn"),
        Setting(
            "tts.tail_ort_inter_op",
            \.tts.board.threads.tailInter,
            .integer(1...64),
            "Operators at a time of Kokoro's end."
        ).alias("KOKORO_TAIL_ORT_INTER_OP", with: ["kokoro_rknn"]).of("kokoro_rknn"),
    ]
}
