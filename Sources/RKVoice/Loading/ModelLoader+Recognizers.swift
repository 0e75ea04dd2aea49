import Inference
import ModelStore
import Runtimes
package import Speech
package import SpeechModels
import VoiceConfiguration

extension ModelLoader {
    /// One loaded model that hears whole files and live streams; nil takes the default.
    package func recognition(_ id: String? = nil) async throws(SpeechError) -> SpeechCatalog.Recognition {
        let wanted: String
        if let id { wanted = id } else { wanted = try standard(for: .asr) }
        return try await recognition(wanted, from: bundle(wanted, as: .asr))
    }

    /// A bundle as one model that hears whole files and live streams.
    /// - Parameters:
    ///   - id: what it is called.
    ///   - bundle: its files.
    /// - Returns: the model with the speech detector, ready to listen.
    /// - Throws: `unsupported` for a family that is no recognizer, and what the runtimes say of its files.
    func recognition(_ id: String, from bundle: ModelBundle) async throws(SpeechError) -> SpeechCatalog.Recognition {
        let model = try await recognizerModel(bundle)
        let detector = try await detector()
        let processing = try await postprocessing(behind: bundle.family)
        return SpeechCatalog.Recognition(
            id: id,
            family: bundle.family,
            offline: processing.behind(model.offline(detector)),
            streaming: processing.behind(model.streaming(detector))
        )
    }

    /// A recognizer's model without the detector; nil takes the default.
    package func recognizerModel(_ id: String? = nil) async throws(SpeechError) -> RecognizerModel {
        try await recognizerModel(bundle(id, as: .asr))
    }

    /// Whisper, for those who want this family; nil takes the default.
    package func whisper(_ id: String? = nil) async throws(SpeechError) -> WhisperModel {
        let bundle = try await bundle(id, as: .asr)
        guard bundle.family == "whisper" else { throw wrongFamily(bundle, "Whisper") }
        return try await loading { () throws(InferenceError) in try await whisper(bundle) }
    }

    private func recognizerModel(_ bundle: ModelBundle) async throws(SpeechError) -> RecognizerModel {
        if bundle.family == "paraformer" { return try await paraformer(bundle) }
        try refuseHotwords(bundle)
        switch bundle.family {
        case "whisper":
            return try await loading { () throws(InferenceError) in .utterances(try await whisper(bundle)) }
        case "sensevoice":
            return try await loading { () throws(InferenceError) in .utterances(try await senseVoice(bundle)) }
        default: throw wrongFamily(bundle, "recognizer")
        }
    }

    private func whisper(_ bundle: ModelBundle) async throws(InferenceError) -> WhisperModel {
        let graphs = try await stages(of: bundle, as: .asr) { _ in ["encoder", "decoder"] }
        return try WhisperModel(bundle, encoder: graphs[0], decoder: graphs[1])
    }

    private func senseVoice(_ bundle: ModelBundle) async throws(InferenceError) -> SenseVoiceModel {
        let graphs = try await stages(of: bundle, as: .asr) { [SenseVoiceModel.stage(of: $0)] }
        return try SenseVoiceModel(
            bundle,
            encoder: graphs[0],
            writesNumbers: settings.text.writtenForm == .off ? false : nil,
            metadata: ONNXMetadata.read
        )
    }

    private func paraformer(_ bundle: ModelBundle) async throws(SpeechError) -> RecognizerModel {
        let loaded = try await loading { () throws(InferenceError) in
            let graphs = try await stages(of: bundle, as: .asr, named: Paraformer.stages)
            return try Paraformer(bundle, graphs: graphs, metadata: ONNXMetadata.read)
        }
        if case .whole(let model) = loaded {
            return .utterances(try await model.listening(for: settings.text.hotwords))
        }
        try refuseHotwords(bundle)
        return switch loaded {
        case .whole(let model): .utterances(model)
        case .windows(let model): .utterances(model)
        case .chunks(let model): .chunks(model)
        }
    }

    /// Words that nobody would listen for must not look as if somebody did.
    private func refuseHotwords(_ bundle: ModelBundle) throws(SpeechError) {
        guard settings.text.hotwords.isEmpty else {
            throw SpeechError(.unsupported, "\(bundle.name) takes no hotwords; leave asr.hotwords empty")
        }
    }
}
