import Conversation
import Speech
import Synchronization
import Testing

/// Which pieces of a reply are hurried.
@Suite struct NarrationLatencyTests {
    /// Ten samples for every utterance, and what was asked for.
    private final class AskedVoice: SpeechSynthesizer {
        let sampleRate = 1_000
        let voices: [Voice] = []
        private let asked = Mutex<[Utterance]>([])

        var utterances: [Utterance] { asked.withLock { $0 } }

        func speech(for utterance: Utterance) -> KnownSpeech {
            asked.withLock { $0.append(utterance) }
            return .init(events: [
                .audio(AudioChunk(samples: [Float](repeating: 0.1, count: 10), sampleRate: 1_000)),
                .finished(SynthesisMetrics()),
            ])
        }
    }

    private func latencies(_ latency: Latency) async throws -> [Latency] {
        let voice = AskedVoice()
        let manner = Utterance("", speed: 1.5, seed: 7, latency: latency)
        for try await _ in Narration(model: voice, text: "One is said. Two as well. Three, too.", manner: manner) {}
        #expect(voice.utterances.allSatisfy { $0.speed == 1.5 && $0.seed == 7 })
        return voice.utterances.map(\.latency)
    }

    @Test func onlyTheFirstPieceIsHurried() async throws {
        #expect(try await latencies(.low) == [.low, .balanced, .balanced])
        #expect(try await latencies(.balanced) == [.balanced, .balanced, .balanced])
        #expect(try await latencies(.quality) == [.quality, .quality, .quality])
    }

    @Test func inADialogueOnlyTheFirstSentenceOfAnAnswerIsHurried() async throws {
        let voice = AskedVoice()
        var options = DialogueOptions()
        options.manner.latency = .low
        options.rules.limits.lead = nil
        let client = TestClient([.question("One is said. Two as well."), .question("Three, too.")])
        client.finish()
        let dialogue = Dialogue(recognizer: nil, chat: EchoChat(), synthesizer: voice, options: options)
        for await _ in dialogue.events(of: client) {}
        let first = voice.utterances.filter { $0.latency == .low }.map(\.text)
        #expect(voice.utterances.count > first.count)
        #expect(first.count == 2 && first.last?.contains("Three") == true, "\(voice.utterances)")
    }
}

/// What a voice says, known beforehand.
private struct KnownSpeech: AsyncSequence, Sendable {
    typealias Element = SpeechEvent
    typealias Failure = SpeechError
    var events: [SpeechEvent]

    func makeAsyncIterator() -> Iterator { Iterator(rest: events[...]) }

    struct Iterator: AsyncIteratorProtocol {
        var rest: ArraySlice<SpeechEvent>
        mutating func next() async throws(SpeechError) -> SpeechEvent? { rest.popFirst() }
        mutating func next(isolation actor: isolated (any Actor)?) async throws(SpeechError) -> SpeechEvent? {
            rest.popFirst()
        }
    }
}
