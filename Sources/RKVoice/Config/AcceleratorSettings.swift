package import ModelStore
package import VoiceConfiguration

/// The NPU, and which placements of models are wanted.
package struct AcceleratorSettings: Sendable, Hashable {
    /// Which NPU, and how it is used.
    package var npu: Configuration.NPU
    /// Wanted placements by role; the others take the first that this machine can run.
    package var placements: [Catalog.Role: String] = [:]
    /// The library of language models.
    package var decoders: RKLLM

    /// The library of language models.
    package struct RKLLM: Sendable, Hashable {
        /// Where it is; nil looks in the usual places.
        package var path: String?
        /// Its release, where it does not say it itself, or a simulator is to be another.
        package var version: String?
    }

    /// What a configuration says.
    package init(_ configuration: Configuration) {
        npu = configuration.runtime.npu
        decoders = RKLLM(path: configuration.runtime.rkllmPath, version: configuration.runtime.rkllmVersion)
        placements[.asr] = configuration.asr.placement
        placements[.vad] = configuration.asr.vadPlacement
        placements[.tts] = configuration.tts.placement
    }
}
