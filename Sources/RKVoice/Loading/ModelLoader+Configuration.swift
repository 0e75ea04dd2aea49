package import Speech
package import VoiceConfiguration

extension ModelLoader {
    /// The recognizer that a configuration asks for.
    /// - Throws: `unsupported` for a backend that this version does not have, `unavailable` saying what is missing.
    package func recognition(_ asr: Configuration.ASR) async throws(SpeechError) -> SpeechCatalog.Recognition {
        let id: String?
        do { id = try asr.modelToLoad() } catch { throw SpeechError(.unsupported, "\(error)", cause: error) }
        return try await recognition(id)
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
