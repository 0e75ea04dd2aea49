import Speech
import SpeechSignal

extension SpeechCatalog {
    /// Where a skill's model stands, without the model.
    func standing(_ skill: Readiness.Skill) -> Slot<Void> {
        switch skill {
        case .recognition: recognition.standing
        case .synthesis: synthesis.standing
        }
    }

    func isLoaded(_ skill: Readiness.Skill) -> Bool {
        if case .ready = standing(skill) { true } else { false }
    }
}

extension SpeechCatalog.Slot {
    fileprivate var standing: SpeechCatalog.Slot<Void> {
        switch self {
        case .disabled: .disabled
        case .loading(let step, let fraction): .loading(step: step, fraction: fraction)
        case .ready: .ready(())
        case .failed(let error): .failed(error)
        }
    }
}

extension SpeechRecognizer {
    /// Listens to a sound at any rate and forgets it.
    func hear(_ sound: AudioChunk) async throws(SpeechError) {
        let samples: [Float]
        do throws(AudioError) {
            samples = try Resampler.resample(sound.samples, from: sound.sampleRate, to: sampleRate)
        } catch {
            throw SpeechError(.invalidAudio, error.message, cause: error)
        }
        _ = try await events(ofWhole: AudioChunk(samples: samples, sampleRate: sampleRate))
    }
}
