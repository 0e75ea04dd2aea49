package import Speech
package import SpeechText

/// A voice with a user's own pronunciations, volume and pauses.
package struct TailoredVoice: SpeechSynthesizer {
    /// Pieces of a text that are longer and end in no mark are parts of a sentence.
    private static let longestLine = 200
    /// Seconds of silence behind such a part at most.
    private static let clausePause = 0.15

    package var sampleRate: Int { model.sampleRate }
    package var voices: [Voice] { model.voices }
    private let model: any SpeechSynthesizer
    private let lexicon: Lexicon?
    private let finish: SpeechFinish

    /// - Parameters:
    ///   - model: the voice; it must know phonemes in `[[…]]` when the lexicon has any.
    ///   - lexicon: how words are said.
    ///   - finish: what is done to the sound.
    package init(_ model: any SpeechSynthesizer, lexicon: Lexicon? = nil, finish: SpeechFinish = SpeechFinish()) {
        self.model = model
        self.lexicon = lexicon
        self.finish = finish
    }

    package func speech(for utterance: Utterance) -> TailoredSpeech {
        var changed = utterance
        if let lexicon { changed.text = lexicon.applied(to: utterance.text) }
        return TailoredSpeech(model: model, utterance: changed, finish: finish, pause: pause(after: utterance.text))
    }

    /// Seconds behind an utterance.
    private func pause(after text: String) -> Double {
        guard let silence = finish.sentenceSilence else { return 0 }
        let last = text.unicodeScalars.last { !$0.properties.isWhitespace }
        let isPart = last.map { ",;:—–".unicodeScalars.contains($0) || $0.properties.isAlphabetic } ?? true
        return isPart && text.unicodeScalars.count >= Self.longestLine ? min(Self.clausePause, silence) : silence
    }
}

/// Speech of an utterance, finished chunk by chunk.
package struct TailoredSpeech: AsyncSequence, Sendable {
    package typealias Element = SpeechEvent
    package typealias Failure = SpeechError

    let model: any SpeechSynthesizer
    let utterance: Utterance
    let finish: SpeechFinish
    /// Seconds of silence behind it.
    let pause: Double

    package func makeAsyncIterator() -> Iterator { Iterator(self) }

    /// Where the utterance stands.
    package struct Iterator: AsyncIteratorProtocol {
        private let source: TailoredSpeech
        private var speech: any AsyncIteratorProtocol<SpeechEvent, SpeechError>
        private var edges: EdgeSilence?
        private var position = 0
        /// What comes behind the last sound.
        private var last: SpeechEvent?

        init(_ source: TailoredSpeech) {
            self.source = source
            speech = source.model.speech(for: source.utterance).makeAsyncIterator()
            if source.finish.sentenceSilence != nil { edges = EdgeSilence(sampleRate: source.model.sampleRate) }
        }

        package mutating func next() async throws(SpeechError) -> SpeechEvent? {
            try await next(isolation: #isolation)
        }

        package mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(SpeechError) -> SpeechEvent? {
            if let event = last.take() { return event }
            while true {
                var current = speech
                let event = try await current.next(isolation: actor)
                speech = current
                switch event {
                case .audio(let chunk):
                    if let chunk = self.chunk(edges?.take(chunk.samples) ?? chunk.samples) { return chunk }
                case .finished(let cost): return finished(cost)
                case nil: return nil
                }
            }
        }

        private mutating func finished(_ cost: SynthesisMetrics) -> SpeechEvent {
            var cost = cost
            var rest = edges?.finish() ?? []
            // Silence belongs behind words; without any there was no sentence.
            if position > 0 || !rest.isEmpty {
                let silence = Int(source.pause * Double(source.model.sampleRate))
                rest += [Float](repeating: 0, count: silence)
            }
            let chunk = self.chunk(rest)
            cost.duration = Double(position) / Double(source.model.sampleRate)
            guard let chunk else { return .finished(cost) }
            last = .finished(cost)
            return chunk
        }

        private mutating func chunk(_ samples: [Float]) -> SpeechEvent? {
            guard !samples.isEmpty else { return nil }
            defer { position += samples.count }
            let finish = source.finish
            let gained = finish.volume == 1 ? samples : samples.map { finish.gained($0) }
            return .audio(AudioChunk(samples: gained, sampleRate: source.model.sampleRate, position: position))
        }
    }
}
