extension Schema {
    /// Ways of ONNX Runtime and of MOSS.
    static let ttsWays = [
        Setting(
            "tts.ort_graph_opt",
            \.tts.board.onnx.optimization,
            .choice,
            "Optimization of Kokoro's graphs by ONNX Runtime."
        ).alias("KOKORO_ORT_GRAPH_OPT", with: ["kokoro_rknn"]).of("kokoro_rknn"),
        Setting(
            "tts.ort_enable_cpu_mem_arena",
            \.tts.board.onnx.memoryArena,
            .flag,
            "ONNX Runtime keeps memory for Kokoro in an arena."
        ).alias("KOKORO_ORT_ENABLE_CPU_MEM_ARENA", with: ["kokoro_rknn"]).of("kokoro_rknn"),
        Setting(
            "tts.ort_enable_mem_pattern",
            \.tts.board.onnx.memoryPattern,
            .flag,
            "ONNX Runtime plans memory for Kokoro ahead."
        ).alias("KOKORO_ORT_ENABLE_MEM_PATTERN", with: ["kokoro_rknn"]).of("kokoro_rknn"),
        Setting(
            "tts.ort_enable_mem_reuse",
            \.tts.board.onnx.memoryReuse,
            .flag,
            "ONNX Runtime uses memory for Kokoro again."
        ).alias("KOKORO_ORT_ENABLE_MEM_REUSE", with: ["kokoro_rknn"]).of("kokoro_rknn"),
        Setting(
            "tts.codec_streaming",
            \.tts.board.moss.streamsCodec,
            .flag,
            "Codes of MOSS become sound while more are computed."
        ).alias("MOSS_ORT_CODEC_STREAMING", with: ["moss_ort"]).of("moss_ort"),
        Setting(
            "tts.load_full_codec",
            \.tts.board.moss.loadsFullCodec,
            .flag,
            "The codec's encoder of MOSS is loaded as well."
        ).alias("MOSS_ORT_LOAD_FULL_CODEC", with: ["moss_ort"]).of("moss_ort"),
        Setting("tts.codec_async", \.tts.board.moss.runsCodecAside, .flag, "The codec of MOSS runs beside the model.")
            .alias("MOSS_ORT_CODEC_ASYNC", with: ["moss_ort"]).of("moss_ort"),
        Setting(
            "tts.cache_voice_prefix",
            \.tts.board.moss.cachesVoicePrefix,
            .flag,
            "The prompt of a MOSS voice is computed once."
        ).alias("MOSS_ORT_CACHE_VOICE_PREFIX", with: ["moss_ort"]).of("moss_ort"),
        Setting("tts.warmup_text", \.tts.board.moss.warmupText, .text, "Text that MOSS speaks once after loading.")
            .alias("MOSS_ORT_WARMUP_TEXT", with: ["moss_ort"]).of("moss_ort"),
        Setting(
            "tts.allow_deterministic_fallback",
            \.tts.board.moss.allowsDeterministicFallback,
            .flag,
            "Sampling of MOSS may turn greedy where it fails."
        ).alias("MOSS_ORT_ALLOW_DETERMINISTIC_FALLBACK", with: ["moss_ort"]).of("moss_ort"),
        Setting(
            "tts.require_production_default",
            \.tts.board.moss.requiresProductionDefault,
            .flag,
            "A MOSS worker that is no production build is refused."
        ).alias("MOSS_RKNN_REQUIRE_PRODUCTION_DEFAULT", with: ["moss_rknn"]).of("moss_rknn"),
        Setting("tts.hybrid_rknn", \.tts.board.hybrid.isOn, .flag, "Some layers of MOSS run on the NPU.")
            .alias("MOSS_ORT_HYBRID_RKNN", with: ["moss_ort"]).of("moss_ort"),
        Setting(
            "tts.hybrid_strict",
            \.tts.board.hybrid.isStrict,
            .flag,
            "A layer of MOSS that cannot run on the NPU is an error."
        ).alias("MOSS_ORT_HYBRID_STRICT", with: ["moss_ort"]).of("moss_ort"),
        Setting("tts.hybrid_dir", \.tts.board.hybrid.directory, .path, "Directory of MOSS for both processors.")
            .alias("MOSS_ORT_HYBRID_DIR", with: ["moss_ort"]).of("moss_ort"),
        Setting(
            "tts.hybrid_model_dir",
            \.tts.board.hybrid.modelDirectory,
            .path,
            "Directory with the layers of MOSS on the CPU."
        ).alias("MOSS_ORT_HYBRID_MODEL_DIR", with: ["moss_ort"]).of("moss_ort"),
        Setting(
            "tts.hybrid_rknn_dir",
            \.tts.board.hybrid.rknnDirectory,
            .path,
            "Directory with the layers of MOSS on the NPU."
        ).alias("MOSS_ORT_HYBRID_RKNN_DIR", with: ["moss_ort"]).of("moss_ort"),
        Setting(
            "tts.hybrid_manifest",
            \.tts.board.hybrid.manifest,
            .path,
            "List of the files of MOSS for both processors."
        ).alias("MOSS_ORT_HYBRID_MANIFEST", with: ["moss_ort"]).of("moss_ort"),
        Setting(
            "tts.hybrid_seq_len",
            \.tts.board.hybrid.sequence,
            .integer(1...65536),
            "Tokens of a sequence of MOSS on the NPU."
        ).alias("MOSS_ORT_HYBRID_SEQ_LEN", with: ["moss_ort"]).of("moss_ort"),
        Setting(
            "tts.hybrid_split",
            \.tts.board.hybrid.split,
            .text,
            "Where layers of MOSS are split, such as fc_out_only or ln2_mlp."
        ).alias("MOSS_ORT_HYBRID_SPLIT", with: ["moss_ort"]).of("moss_ort"),
        Setting(
            "tts.hybrid_layers",
            \.tts.board.hybrid.layers,
            .list,
            "Numbers of the layers of MOSS on the NPU, or all."
        ).alias("MOSS_ORT_HYBRID_LAYERS", with: ["moss_ort"]).of("moss_ort"),
    ]
}
