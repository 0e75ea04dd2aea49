import Speech

/// The voice of a dialogue that is only listened to.
struct MuteVoice: SpeechSynthesizer {
    var sampleRate: Int { 16_000 }
    var voices: [Voice] { [] }

    func speech(for utterance: Utterance) -> Speech { Speech() }

    struct Speech: AsyncSequence, AsyncIteratorProtocol, Sendable {
        typealias Element = SpeechEvent
        typealias Failure = SpeechError

        func makeAsyncIterator() -> Self { self }

        func next() async throws(SpeechError) -> SpeechEvent? { try await next(isolation: #isolation) }

        func next(isolation actor: isolated (any Actor)?) async throws(SpeechError) -> SpeechEvent? {
            throw SpeechError(.unsupported, "this connection asked for no speech")
        }
    }
}
