package import ModelStore
package import VoiceConfiguration

/// The NPU, and which placements of models are wanted.
package struct AcceleratorSettings: Sendable, Hashable {
    /// Which NPU, and how it is used.
    package var npu: Configuration.NPU
    /// Wanted placements by role; the others take the first that this machine can run.
    package var placements: [Catalog.Role: String] = [:]

    /// What a configuration says.
    package init(_ configuration: Configuration) {
        npu = configuration.runtime.npu
        placements[.asr] = configuration.asr.placement
        placements[.vad] = configuration.asr.vadPlacement
        placements[.tts] = configuration.tts.placement
    }
}
