package import Speech
import SpeechModels
package import VoiceConfiguration

extension ModelLoader {
    /// The recognizer that a configuration asks for.
    /// - Throws: `unsupported` for a backend that this version does not have, `unavailable` saying what is missing.
    package func recognition(_ asr: Configuration.ASR) async throws(SpeechError) -> SpeechCatalog.Recognition {
        let id: String?
        do { id = try asr.modelToLoad() } catch { throw SpeechError(.unsupported, "\(error)", cause: error) }
        guard let model = try await seedRecognizer(asr) else { return try await recognition(id) }
        return try await recognition(model.id, from: model.bundle)
    }

    /// The recognizer of a directory in the seed's layout; nil where the settings choose none.
    /// - Throws: `unavailable` saying which files are missing.
    private func seedRecognizer(_ asr: Configuration.ASR) async throws(SpeechError) -> SeedModel? {
        let found: SeedModel?
        do { found = try SeedModels.recognizer(asr, on: accelerator.board) } catch { throw SpeechError(error) }
        guard let model = found else { return nil }
        guard model.isPresent else {
            throw SpeechError(
                .unavailable,
                "the recognizer's directory \(model.directory) is not there; asr.model_dir says where it is"
            )
        }
        let problems = model.problems + model.missing.map { "\($0) is missing" }
        guard problems.isEmpty else { throw SpeechError(.unavailable, problems.joined(separator: "; ")) }
        return model
    }

    /// The voice that a configuration asks for.
    /// - Throws: `unsupported` for a backend that this version does not have, `unavailable` saying what is missing.
    package func synthesis(_ tts: Configuration.TTS) async throws(SpeechError) -> SpeechCatalog.Synthesis {
        if tts.backend == .piperRKNN { return try await seedVoices(tts) }
        let id: String?
        do { id = try tts.modelToLoad() } catch { throw SpeechError(.unsupported, "\(error)", cause: error) }
        return try await synthesis(id)
    }
}
