import Speech
import SpeechModels
import Testing

/// Several voices behind one synthesizer.
@Suite struct VoiceSetTests {
    /// Says ten chunks of a tone whose height is its own.
    private struct Tone: SpeechSynthesizer {
        var name: String
        var language: String
        var level: Float
        var sampleRate = 16000

        var voices: [Voice] { [Voice(name: name, languages: [Language(language)].compactMap { $0 })] }

        func speech(for utterance: Utterance) -> Events {
            var events = (0..<10).map { index in
                let samples = [Float](repeating: level, count: sampleRate / 10)
                let chunk = AudioChunk(samples: samples, sampleRate: sampleRate, position: index * samples.count)
                return SpeechEvent.audio(chunk)
            }
            events.append(.finished(SynthesisMetrics(duration: 1, inferenceTime: 0.1)))
            return Events(events: events)
        }
    }

    private struct Events: AsyncSequence, Sendable {
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

    private static let english = Tone(name: "en_US", language: "en_US", level: 0.1)
    private static let chinese = Tone(name: "zh_CN", language: "zh_CN", level: 0.2)
    private static let russian = Tone(name: "ru_RU", language: "ru_RU", level: 0.3)
    private static let german = Tone(name: "de_DE", language: "de_DE", level: 0.4, sampleRate: 22050)

    private func speak(_ set: VoiceSet, _ utterance: Utterance) async throws -> ([AudioChunk], SynthesisMetrics?) {
        var chunks: [AudioChunk] = []
        var cost: SynthesisMetrics?
        for try await event in set.speech(for: utterance) {
            switch event {
            case .audio(let chunk): chunks.append(chunk)
            case .finished(let metrics): cost = metrics
            }
        }
        return (chunks, cost)
    }

    private func level(_ set: VoiceSet, _ text: String, voice: String? = nil) async throws -> Float? {
        try await speak(set, Utterance(text, voice: voice)).0.first?.samples.first
    }

    @Test func theUsualVoiceIsTheFirstAndAnyCanBeNamed() async throws {
        let set = try VoiceSet(Self.english, [Self.chinese, Self.russian])
        #expect(set.voices.map(\.name) == ["en_US", "zh_CN", "ru_RU"])
        #expect(try await level(set, "Hello.") == 0.1)
        #expect(try await level(set, "Hello.", voice: "zh_CN") == 0.2)
        let error = await #expect(throws: SpeechError.self) { _ = try await level(set, "Hello.", voice: "nobody") }
        #expect(error?.code == .unsupported)
        #expect(error?.message == "there is no voice \"nobody\"; there is en_US, zh_CN, ru_RU")
        let slip = await #expect(throws: SpeechError.self) { _ = try await speak(set, Utterance("a", voice: "zh-CN")) }
        #expect(slip?.message.contains("did you mean zh_CN?") == true)
    }

    @Test(arguments: [
        ("Hello there.", 0.1 as Float), ("今天天气很好。", 0.2), ("Доброе утро.", 0.3), ("12:30", 0.1), ("🙂", 0.1),
        ("我用 iPhone。", 0.2), ("He said привет to me.", 0.1), ("Çà et là.", 0.1),
    ])
    func withoutAVoiceTheLettersOfTheTextDecide(text: String, expected: Float) async throws {
        #expect(try await level(VoiceSet(Self.english, [Self.chinese, Self.russian]), text) == expected)
    }

    @Test func aUsualVoiceThatDoesNotReadTheLettersLeavesThemToOneThatDoes() async throws {
        let set = try VoiceSet(Self.chinese, [Self.russian, Self.english])
        #expect(try await level(set, "Hello.") == 0.1)
        #expect(try await level(set, "2026") == 0.2)
    }

    @Test func lettersThatNoVoiceReadsAreRefusedWithWhatThereIs() async throws {
        let set = try VoiceSet(Self.english, [Self.chinese])
        for (text, script) in [("こんにちは、世界。", "Japanese kana"), ("안녕하세요", "Hangul"), ("Привет", "Cyrillic")] {
            let error = await #expect(throws: SpeechError.self) { _ = try await level(set, text) }
            #expect(error?.code == .unsupported)
            #expect(error?.message.contains(script) == true, "\(error?.message ?? "")")
            #expect(error?.message.contains("there is English, Chinese") == true)
        }
        #expect(try await level(set, "Привет", voice: "en_US") == 0.1, "a voice that is named has to try")
    }

    @Test func voicesOfAnotherRateAreHeardAtTheFirstOnes() async throws {
        let set = try VoiceSet(Self.english, [Self.german])
        #expect(set.sampleRate == 16000)
        let (chunks, cost) = try await speak(set, Utterance("Hallo.", voice: "de_DE"))
        #expect(chunks.allSatisfy { $0.sampleRate == 16000 && !$0.samples.isEmpty })
        #expect(chunks.reduce(0) { $0 + $1.frames } == 16000)
        var position = 0
        for chunk in chunks {
            #expect(chunk.position == position)
            position += chunk.frames
        }
        #expect(abs((chunks.first?.samples.dropFirst(400).first ?? 0) - 0.4) < 0.01)
        #expect(cost?.duration == 1)
    }
}
