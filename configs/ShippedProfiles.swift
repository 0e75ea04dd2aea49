/// The profiles of this folder, carried inside the executable: an installed `rkvoice` has no source tree.
package enum ShippedProfiles {
    /// Contents by name, such as `rk3576-full`; UTF-8.
    package static let files: [String: [UInt8]] = [
        "rk1828-gemma4": PackageResources.rk1828_gemma4_yaml,
        "rk1828-qwen3-tts": PackageResources.rk1828_qwen3_tts_yaml,
        "rk3576-asr-only": PackageResources.rk3576_asr_only_yaml,
        "rk3576-full": PackageResources.rk3576_full_yaml,
        "rk3576-moss-hybrid-rknn-stream": PackageResources.rk3576_moss_hybrid_rknn_stream_yaml,
        "rk3576-moss-ort-stream": PackageResources.rk3576_moss_ort_stream_yaml,
        "rk3576-moss-rknn-stream": PackageResources.rk3576_moss_rknn_stream_yaml,
        "rk3576-paraformer-matcha": PackageResources.rk3576_paraformer_matcha_yaml,
        "rk3576-piper-multilang": PackageResources.rk3576_piper_multilang_yaml,
        "rk3576-qwen3-rknn-stream": PackageResources.rk3576_qwen3_rknn_stream_yaml,
        "rk3576-tts-only": PackageResources.rk3576_tts_only_yaml,
        "rk3588-full": PackageResources.rk3588_full_yaml,
        "rk3588-kokoro-rknn": PackageResources.rk3588_kokoro_rknn_yaml,
        "rk3588-paraformer-matcha": PackageResources.rk3588_paraformer_matcha_yaml,
    ]
}
