package import Speech
import SpeechSignal

/// Several voices as one: each utterance is spoken by the one that it names, or else by one that can read it.
package struct VoiceSet: SpeechSynthesizer {
    /// That of the first voice; the others are resampled.
    package let sampleRate: Int
    package let voices: [Voice]
    private let models: [any SpeechSynthesizer]

    /// - Parameters:
    ///   - usual: speaks what no other voice is asked for.
    ///   - others: further voices; of several with one name the first is heard.
    /// - Throws: `unsupported` when a voice cannot be brought to the rate of the first.
    package init(_ usual: any SpeechSynthesizer, _ others: [any SpeechSynthesizer] = []) throws(SpeechError) {
        sampleRate = usual.sampleRate
        models = [usual] + others
        voices = models.flatMap(\.voices)
        for model in others {
            do throws(AudioError) { _ = try Resampler(from: model.sampleRate, to: sampleRate) } catch {
                let name = model.voices.first?.name ?? "a voice"
                throw SpeechError(.unsupported, "\(name): \(error.message)", cause: error)
            }
        }
    }

    package func speech(for utterance: Utterance) -> VoiceSetSpeech {
        let model: Result<any SpeechSynthesizer, SpeechError>
        do throws(SpeechError) { model = .success(try speaker(of: utterance)) } catch { model = .failure(error) }
        return VoiceSetSpeech(model: model, utterance: utterance, sampleRate: sampleRate)
    }

    /// Who speaks this.
    /// - Throws: `unsupported` saying which voices there are.
    private func speaker(of utterance: Utterance) throws(SpeechError) -> any SpeechSynthesizer {
        if let name = utterance.voice {
            if let model = models.first(where: { $0.voices.contains { $0.name == name } }) { return model }
            throw SpeechError(.unsupported, "there is no voice \"\(name)\"; " + NearVoices.told(name, in: voices))
        }
        guard let script = Script.main(of: utterance.text) else { return models[0] }
        let reader = models.first { $0.voices.contains { $0.languages.contains { script.isUsed(for: $0) } } }
        if let reader { return reader }
        let languages = voices.flatMap(\.languages).map(\.name)
        throw SpeechError(
            .unsupported,
            "no voice here reads text in \(script.name); there is \(list(languages)), and a language or voice may be named"
        )
    }

    private func list(_ names: [String]) -> String {
        var seen: Set<String> = []
        let names = names.filter { seen.insert($0).inserted }
        return names.prefix(12).joined(separator: ", ") + (names.count > 12 ? ", …" : "")
    }
}

/// Speech of one of several voices, at the rate of all.
package struct VoiceSetSpeech: AsyncSequence, Sendable {
    package typealias Element = SpeechEvent
    package typealias Failure = SpeechError

    let model: Result<any SpeechSynthesizer, SpeechError>
    let utterance: Utterance
    let sampleRate: Int

    package func makeAsyncIterator() -> Iterator { Iterator(self) }

    /// Where the utterance stands.
    package struct Iterator: AsyncIteratorProtocol {
        private let source: VoiceSetSpeech
        private var speech: (any AsyncIteratorProtocol<SpeechEvent, SpeechError>)?
        private var resampler: Resampler?
        private var position = 0
        /// What comes after the rest of the resampled sound.
        private var last: SpeechEvent?
        private var isFinished = false

        init(_ source: VoiceSetSpeech) { self.source = source }

        package mutating func next() async throws(SpeechError) -> SpeechEvent? {
            try await next(isolation: #isolation)
        }

        package mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(SpeechError) -> SpeechEvent? {
            if let event = last.take() { return event }
            if speech == nil, !isFinished { try begin() }
            while var current = speech {
                let event = try await current.next(isolation: actor)
                speech = current
                switch event {
                case .audio(let chunk):
                    guard let resampler else { return event }
                    if let chunk = self.chunk(resampler.process(chunk.samples)) { return chunk }
                case .finished:
                    end()
                    guard let resampler, let rest = chunk(resampler.finish()) else { return event }
                    last = event
                    return rest
                case nil: end()
                }
            }
            return nil
        }

        private mutating func begin() throws(SpeechError) {
            let model = try source.model.get()
            if model.sampleRate != source.sampleRate {
                do throws(AudioError) {
                    resampler = try Resampler(from: model.sampleRate, to: source.sampleRate)
                } catch { throw SpeechError(.unsupported, error.message, cause: error) }
            }
            speech = model.speech(for: source.utterance).makeAsyncIterator()
        }

        private mutating func end() {
            speech = nil
            isFinished = true
        }

        private mutating func chunk(_ samples: [Float]) -> SpeechEvent? {
            guard !samples.isEmpty else { return nil }
            defer { position += samples.count }
            return .audio(AudioChunk(samples: samples, sampleRate: source.sampleRate, position: position))
        }
    }
}
