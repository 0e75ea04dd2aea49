import Foundation
import Inference
import RKVoice
import Speech
import SpeechModels
import SpeechTesting
import Testing

/// Whisper's times and checks against CTranslate2 and faster-whisper in float32 (`ModelPrep/whisper/golden_times.py`).
@Suite struct WhisperTimesParityTests {
    struct Golden: Decodable {
        var unspoken: [String: [Noise]]
        var clips: [Clip]

        struct Noise: Decodable {
            var name: String
            var tokens: [Int]
            var averageLogProbability: Double
            var noSpeech: Double
            var compressionRatio: Double
        }

        struct Clip: Decodable {
            var model: String
            var wheel: String
            var path: String
            var firstSample: Int
            var samples: Int
            var language: String
            var tokens: [Int]
            var averageLogProbability: Double
            var noSpeech: Double
            var compressionRatio: Double
            var rest: Double?
            var stretches: [[Double]]
            var words: [Word]
            var translated: [Int]?
            var prompt: String?
            var promptTokens: [Int]?
            var prompted: [Int]?

            var name: String { "\(model) \(path) from \(firstSample)" }

            func audio() async throws -> [Float] {
                let whole = try await Models.clip(wheel: wheel, path: path).samples
                return Array(whole[firstSample..<min(whole.count, firstSample + samples)])
            }
        }

        struct Word: Decodable {
            var text: String
            var start: Double
            var end: Double

            init(from decoder: any Decoder) throws {
                var values = try decoder.unkeyedContainer()
                text = try values.decode(String.self)
                start = try values.decode(Double.self)
                end = try values.decode(Double.self)
            }
        }
    }

    static let golden = try? Fixture.json(Golden.self, "whisper_times.json")

    /// Every third clip of base, which takes a second each, unless all are wanted.
    private func clips(_ model: String, all: Bool = false) throws -> [Golden.Clip] {
        let clips = try #require(Self.golden).clips.filter { $0.model == model }
        #expect(clips.count >= 9)
        let few = clips.enumerated().filter { $0.offset.isMultiple(of: 3) }.map(\.element)
        return all || model != "base" ? clips : few
    }

    private func request(_ clip: Golden.Clip, withTimes: Bool) -> WhisperRequest {
        WhisperRequest(language: Language(clip.language), withTimes: withTimes)
    }

    @Test(arguments: ["base", "tiny.en"]) func tokensWithTimesEqualTheReference(model: String) async throws {
        let whisper = try await Models.loader.whisper("whisper-\(model)-fp32")
        for clip in try clips(model) {
            let output = try await whisper.attempt(await clip.audio()[...], request(clip, withTimes: true))
            #expect(output.tokens == clip.tokens, "\(clip.name)")
            let text = TimedText(
                output.tokens,
                timestampBegin: whisper.timestampBegin,
                seconds: Double(clip.samples) / 16_000
            )
            #expect(text.stretches.map(\.tokens.count) == clip.stretches.map { Int($0[2]) }, "\(clip.name)")
            #expect(
                text.rest == nil ? clip.rest == nil : abs((text.rest ?? 0) - (clip.rest ?? 0)) < 1e-6,
                "\(clip.name)"
            )
        }
    }

    /// CTranslate2 adds up scores in float32 like ours; 0.003 is three times the largest difference seen.
    @Test(arguments: ["base", "tiny.en"]) func howSureItIsEqualsTheReference(model: String) async throws {
        let whisper = try await Models.loader.whisper("whisper-\(model)-fp32")
        for clip in try clips(model) {
            let output = try await whisper.attempt(await clip.audio()[...], request(clip, withTimes: true))
            let quality = whisper.quality(of: output)
            #expect(abs(quality.averageLogProbability - clip.averageLogProbability) < 0.003, "\(clip.name)")
            #expect(abs(quality.noSpeech - clip.noSpeech) < 0.003, "\(clip.name)")
            #expect(abs(quality.compressionRatio - clip.compressionRatio) < 0.000_01, "\(clip.name)")
        }
    }

    @Test(arguments: ["base", "tiny.en"]) func noiseIsTakenForWhatTheReferenceTakesItFor(model: String) async throws {
        let whisper = try await Models.loader.whisper("whisper-\(model)-fp32")
        for noise in try #require(Self.golden?.unspoken[model]) {
            let samples = try #require(Self.noises[noise.name])
            let output = try await whisper.attempt(
                samples[...],
                WhisperRequest(language: Language("en"), withTimes: true)
            )
            let reference = DecodingChecks.Quality(
                compressionRatio: noise.compressionRatio,
                averageLogProbability: noise.averageLogProbability,
                noSpeech: noise.noSpeech
            )
            let ours = whisper.quality(of: output)
            #expect(ours.verdict == reference.verdict, "\(noise.name): \(ours), \(reference)")
            #expect(abs(ours.noSpeech - noise.noSpeech) < 0.01, "\(noise.name)")
        }
    }

    /// The times of words are compared as a listener gets them: the difference of each start and end, but for the lead
    /// of the attention, which the reference leaves in.
    @Test(arguments: ["base", "tiny.en"]) func wordsAreTimedAsTheReferenceTimesThem(model: String) async throws {
        let whisper = try await Models.loader.whisper("whisper-\(model)-fp32")
        var options = RecognitionOptions()
        options.timing = .words
        // The reference looks at all of the silence.
        options.fullContext = true
        var all = 0
        // Texts that are decoded again, in parts or at other temperatures, have no one reference.
        for clip in try clips(model) where clip.rest == nil && clip.averageLogProbability > -1 {
            options.language = Language(clip.language)
            let audio = AudioChunk(samples: try await clip.audio(), sampleRate: 16_000)
            let words = try await whisper.transcript(of: audio, options).segments.flatMap(\.words)
            let expected = clip.words.filter { !$0.text.allSatisfy(\.isWhitespace) }
            #expect(
                words.map(\.text) == expected.map { $0.text.trimmingCharacters(in: .whitespaces) },
                "\(clip.name)"
            )
            for (ours, theirs) in zip(words, expected) {
                all += 1
                let limit = audio.seconds
                let (start, end) = (theirs.start + TimedWords.lead, theirs.end + TimedWords.lead)
                let error = max(abs(ours.start - min(start, limit)), abs(ours.end - min(end, limit)))
                #expect(error <= 0.0201, "\(clip.name) \(ours) instead of \(theirs)")
            }
        }
        #expect(all >= 80)
    }

    @Test func translationsEqualTheReference() async throws {
        let whisper = try await Models.loader.whisper("whisper-base-fp32")
        for clip in try clips("base") {
            guard let expected = clip.translated else { continue }
            var request = request(clip, withTimes: false)
            request.translates = true
            let output = try await whisper.attempt(await clip.audio()[...], request)
            // Ours stops where it notices a loop.
            let expectedTokens = output.isComplete ? expected : Array(expected.prefix(output.tokens.count))
            #expect(output.tokens == expectedTokens, "\(clip.name)")
        }
    }

    @Test(arguments: ["base", "tiny.en"]) func aPromptWeighsAsInTheReference(model: String) async throws {
        let whisper = try await Models.loader.whisper("whisper-\(model)-fp32")
        let clip = try #require(try clips(model, all: true).first { $0.prompt != nil })
        let tokens = try whisper.promptTokens(#require(clip.prompt))
        #expect(tokens == clip.promptTokens)
        var request = request(clip, withTimes: false)
        request.previous = tokens
        let output = try await whisper.attempt(await clip.audio()[...], request)
        #expect(output.tokens == clip.prompted)
    }

    /// The sounds of `golden_times.py`, by the generator of Numerical Recipes.
    private static let noises: [String: [Float]] = {
        var x: UInt64 = 1
        let noise = (0..<128_000).map { _ in
            x = (1_664_525 * x + 1_013_904_223) % (1 << 32)
            return Double(x) / Double(1 << 31) - 1
        }
        let buzz = (0..<128_000).map { index in
            let time = Double(index) / 16_000
            let wave = sin(2 * .pi * 110 * time)
            return sin(2 * .pi * 1.5 * time) > 0 ? 0.3 * (wave > 0 ? 1 : wave < 0 ? -1 : 0) : 0
        }
        return [
            "silence": noise.map { _ in 0 },
            "noise": noise.map { Float(0.3 * $0) },
            "buzz": buzz.map { Float($0) },
            "both": zip(buzz, noise).map { Float($0 + 0.1 * $1) },
        ]
    }()
}
