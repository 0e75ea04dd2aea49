package import Inference
package import VoiceConfiguration

/// What a profile of the seed chooses.
package enum SeedModels {
    /// The models of every half that is on and is chosen by a backend of the seed.
    /// - Parameters:
    ///   - configuration: the profile with everything that wins over it.
    ///   - board: where they are to run.
    /// - Returns: the recognizer, the voices, the language model, in this order.
    /// - Throws: `badModel` for settings that describe no model.
    package static func chosen(
        by configuration: Configuration,
        on board: Board
    ) throws(InferenceError) -> [SeedModel] {
        var models: [SeedModel] = []
        if configuration.asr.isEnabled, let model = try recognizer(configuration.asr, on: board) {
            models.append(model)
        }
        if configuration.tts.isEnabled { models += try voices(configuration, on: board) }
        if configuration.audioLLM.backend == .gemma4 {
            models.append(try SeedWorkers.gemma(configuration.audioLLM, on: board))
        }
        return models
    }

    /// The recognizer that the settings choose; nil where no backend of the seed is named.
    /// - Throws: `badModel` for settings that describe no model.
    static func recognizer(
        _ asr: Configuration.ASR,
        on board: Board
    ) throws(InferenceError) -> SeedModel? {
        switch asr.backend {
        case nil, .whisper, .disabled: nil
        case .qwen3: try SeedQwen3.model(asr, on: board)
        case .paraformerRKNN: try SeedParaformer.model(asr, on: board)
        case .paraformerCPU: try SeedSherpa.paraformer(asr, on: board)
        case .senseVoiceRKNN: try SeedSherpa.senseVoiceNPU(asr, on: board)
        case .senseVoiceCPU: try SeedSherpa.senseVoice(asr, on: board)
        }
    }

    private static func voices(
        _ configuration: Configuration,
        on board: Board
    ) throws(InferenceError) -> [SeedModel] {
        let tts = configuration.tts
        return switch tts.backend {
        case nil, .piper, .disabled: []
        case .piperRKNN: SeedPiper.models(tts)
        case .matchaRKNN: [try SeedMatcha.model(tts, on: board)]
        case .kokoroRKNN: [try SeedKokoro.model(tts, on: board)]
        case .kokoroConvolutions:
            [try SeedKokoroConvolutions.model(tts, platform: configuration.platform, on: board)]
        case .qwen3RKNN: [try SeedQwen3Voice.model(tts, on: board)]
        case .qwen3RK1828: [try SeedWorkers.voice(tts, on: board)]
        case .mossORT: [try SeedMoss.model(tts, on: board)]
        case .mossRKNN: [try SeedWorkers.moss(tts, on: board)]
        }
    }
}
