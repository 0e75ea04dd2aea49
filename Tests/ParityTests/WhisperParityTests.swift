import Foundation
import Inference
import RKVoice
import Speech
import SpeechModels
import SpeechTesting
import Testing

/// Whisper against CTranslate2 in float32 (`ModelPrep/whisper/golden.py`).
@Suite struct WhisperParityTests {
    struct Golden: Decodable {
        var clips: [Clip]

        struct Clip: Decodable, Sendable, CustomTestStringConvertible {
            var model: String
            var wheel: String
            var path: String
            var firstSample: Int
            var samples: Int
            var language: String
            var tokens: [Int]
            var languages: [String: Double]?

            var testDescription: String { "\(model) \(path) from \(firstSample)" }

            func audio() async throws -> [Float] {
                let whole = try await Models.clip(wheel: wheel, path: path).samples
                return Array(whole[firstSample..<min(whole.count, firstSample + samples)])
            }
        }
    }

    static let clips = (try? Fixture.json(Golden.self, "tokens.json"))?.clips ?? []

    @Test func theSetCoversNineLanguages() {
        let base = Self.clips.filter { $0.model == "base" }
        #expect(base.count >= 25)
        #expect(Set(base.map(\.language)).count == 9)
    }

    @Test(arguments: ["base", "tiny.en"]) func tokensEqualTheReference(model: String) async throws {
        let whisper = try await Models.loader.whisper("whisper-\(model)-fp32")
        for clip in Self.clips where clip.model == model {
            let output = try await whisper.decode(await clip.audio()[...], Language(clip.language))
            #expect(output.tokens == clip.tokens, "\(clip.testDescription)")
        }
    }

    @Test func languagesAreDetectedAsTheReferenceDoes() async throws {
        let whisper = try await Models.loader.whisper("whisper-base-fp32")
        var seen: Set<String> = []
        for clip in Self.clips where seen.insert(clip.language).inserted || clip.samples < 32_000 {
            guard let best = clip.languages?.max(by: { $0.value < $1.value })?.key else { continue }
            let output = try await whisper.decode(await clip.audio()[...])
            #expect(output.language == Language(best), "\(clip.testDescription)")
        }
    }
}
