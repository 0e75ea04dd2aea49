import Foundation
import Speech
import SpeechModels
import SpeechText
import Testing

/// Volume, pauses and a lexicon around a voice.
@Suite struct TailoredVoiceTests {
    /// 200 ms of silence, a tone, a closure of 120 ms, a soft burst of 10 ms, 300 ms of silence; in odd chunks. The text
    /// that it is given becomes the level.
    private struct Tone: SpeechSynthesizer {
        let sampleRate = 16_000
        let voices = [Voice(name: "tone", languages: [])]
        var chunk = 777

        func speech(for utterance: Utterance) -> Events {
            let level = Float(utterance.text.split(separator: " ").first.map(String.init) ?? "") ?? 0
            let tone = (0..<1600).map { level * sin(Float($0) / 5) }
            let burst = (0..<160).map { level * 0.03 * sin(Float($0)) }
            let sound = silence(3200) + tone + silence(1920) + burst + silence(4800)
            var events: [SpeechEvent] = stride(from: 0, to: sound.count, by: chunk).map {
                let samples = Array(sound[$0..<min(sound.count, $0 + chunk)])
                return .audio(AudioChunk(samples: samples, sampleRate: sampleRate, position: $0))
            }
            events.append(.finished(SynthesisMetrics(duration: Double(sound.count) / 16_000, inferenceTime: 0.1)))
            return Events(events: events)
        }

        private func silence(_ count: Int) -> [Float] { [Float](repeating: 0.0002, count: count) }
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

    private func sound(_ voice: TailoredVoice, _ text: String) async throws -> [Float] {
        var samples: [Float] = []
        var cost: SynthesisMetrics?
        for try await event in voice.speech(for: Utterance(text)) {
            switch event {
            case .audio(let chunk):
                #expect(chunk.position == samples.count)
                samples += chunk.samples
            case .finished(let metrics): cost = metrics
            }
        }
        #expect(cost?.duration == Double(samples.count) / 16_000)
        return samples
    }

    @Test(arguments: [1, 777, 20_000]) func silenceIsCutButNoPlosive(chunk: Int) async throws {
        let voice = TailoredVoice(Tone(chunk: chunk), finish: SpeechFinish(sentenceSilence: 0.25))
        let samples = try await sound(voice, "0.5")
        // 30 ms of lead, tone, closure and burst whole, 60 ms of tail, 250 ms of silence; frames are 5 ms.
        let wanted = 480 + 1600 + 1920 + 160 + 960 + 4000
        #expect(abs(samples.count - wanted) <= 160, "\(samples.count) against \(wanted)")
        let burst = samples[(480 + 1600 + 1920 - 160)..<(480 + 1600 + 1920 + 320)].map(abs).max() ?? 0
        #expect(burst > 0.014)
        #expect(samples.suffix(4000).allSatisfy { $0 == 0 })
    }

    @Test func theGainOfASoftAndALoudSentenceIsTheSame() async throws {
        let plain = TailoredVoice(Tone())
        let half = TailoredVoice(Tone(), finish: SpeechFinish(volume: 0.5))
        for text in ["0.05", "0.9"] {
            #expect(try await sound(half, text) == sound(plain, text).map { $0 * 0.5 })
        }
        let loud = TailoredVoice(Tone(), finish: SpeechFinish(volume: 4))
        #expect(try await sound(loud, "0.1") == sound(plain, "0.1").map { $0 * 4 })
        // What would clip is bent, and keeps its order.
        let peak = try await sound(loud, "0.9").map(abs).max() ?? 0
        #expect(peak > 0.8 && peak <= 1)
    }

    @Test func aSilentSentenceGetsNoPause() async throws {
        let voice = TailoredVoice(Tone(), finish: SpeechFinish(sentenceSilence: 5))
        #expect(try await sound(voice, "0").isEmpty)
    }

    @Test func aPartOfASentenceGetsAShortPause() async throws {
        let voice = TailoredVoice(Tone(), finish: SpeechFinish(sentenceSilence: 2))
        let words = String(repeating: " word", count: 50)
        let (part, whole) = (try await sound(voice, "0.5" + words), try await sound(voice, "0.5" + words + "."))
        #expect(whole.count - part.count == Int(1.85 * 16_000))
    }

    @Test func theLexiconComesBeforeTheVoice() async throws {
        let lexicon = try LexiconFile.read(Data("loud = 0.9".utf8), name: "x")
        let samples = try await sound(TailoredVoice(Tone(), lexicon: lexicon), "loud")
        #expect((samples.map(abs).max() ?? 0) > 0.8)
    }
}
