import Inference
import Speech
import SpeechModels
import SpeechTesting
import Testing

/// SenseVoice and Paraformer against sherpa-onnx 2.0.1 on the same small ONNX files (`golden.py` of
/// `ModelPrep/{sensevoice,paraformer}`).
@Suite struct FunASRParityTests {
    struct Golden: Decodable {
        var settings: [Setting]?
        /// Samples that arrive at a time; 0: random numbers of them, null: all at once.
        var chunkings: [Int?]?
        /// Seconds of silence behind each clip.
        var silence: Double?
        /// Clips that rounding may decide, and why.
        var excluded: [String: String]
        var clips: [Clip]

        struct Setting: Decodable {
            var language: String
            var itn: Bool
        }

        struct Clip: Decodable {
            var clip: String
            var setting: Int?
            /// `silence` or `flush`, where it is a stream.
            var ending: String?
            var ids: [Int]
            var text: String
            var times: [Double]?
            var lang: String?
            var emotion: String?
            var event: String?
            var steps: Int?
        }

        /// What the reference heard without what rounding may decide.
        func clips(_ setting: Int? = nil, ending: String? = nil) -> [Clip] {
            clips.filter { $0.setting == setting && $0.ending == ending && excluded[$0.clip] == nil }
        }
    }

    private func golden(_ name: String) throws -> Golden { try FunASRModels.golden(Golden.self, name) }

    @Test(arguments: 0..<4) func senseVoiceHearsWhatTheReferenceHears(setting: Int) async throws {
        let golden = try golden("sensevoice")
        let asked = try #require(golden.settings?[setting])
        let model = try await FunASRModels.senseVoice().model
        let clips = golden.clips(setting)
        #expect(clips.count >= 26 && Set(clips.map(\.text)).count >= 20)
        for clip in clips {
            let heard = try await model.output(
                of: FunASRModels.clip(clip.clip),
                Language(asked.language),
                writesNumbers: asked.itn
            )
            #expect(heard.tokens.map(\.token) == clip.ids && !clip.ids.isEmpty, "\(clip.clip)")
            // The reference counts rows of 0.06 s behind the four queries.
            let times = heard.tokens.map { 0.06 * Double($0.frames.lowerBound - 4) }
            #expect(zip(times, clip.times ?? []).allSatisfy { abs($0 - $1) < 1e-4 }, "\(clip.clip)")
            #expect(times.count == clip.times?.count, "\(clip.clip)")
            #expect(
                [heard.languageTag, heard.emotionTag, heard.eventTag] == [clip.lang, clip.emotion, clip.event],
                "\(clip.clip)"
            )
        }
    }

    @Test func paraformerHearsWhatTheReferenceHears() async throws {
        let golden = try golden("paraformer")
        let model = try await FunASRModels.paraformer().model
        let clips = golden.clips()
        #expect(clips.count >= 26 && Set(clips.map(\.text)).count >= 20)
        for clip in clips {
            let heard = try await model.output(of: FunASRModels.clip(clip.clip))
            #expect(heard.tokens == clip.ids && !clip.ids.isEmpty, "\(clip.clip)")
        }
    }

    @Test(arguments: 0..<6) func paraformerStreamsWhatTheReferenceStreams(chunking: Int) async throws {
        let golden = try golden("streaming")
        let chunkings = try #require(golden.chunkings)
        #expect(chunkings.count == 6)
        let (model, loaded) = try await FunASRModels.streaming()
        let silence = FunASRModels.silence(golden.silence ?? 0)
        let clips = golden.clips(ending: "silence")
        #expect(clips.count >= 26 && Set(clips.map(\.text)).count >= 20)
        var numbers = RepeatableNumbers(chunking)
        for clip in clips {
            let samples = try await FunASRModels.clip(clip.clip) + silence
            let before = loaded.graphs[0].runs
            var stream = model.start()
            for piece in pieces(samples, of: chunkings[chunking], &numbers) {
                model.accept(piece, &stream)
                try await model.decode(&stream)
            }
            #expect(stream.tokens == clip.ids && !clip.ids.isEmpty, "\(clip.clip)")
            #expect(loaded.graphs[0].runs - before == clip.steps, "\(clip.clip)")
        }
    }

    private func pieces(
        _ samples: [Float],
        of size: Int?,
        _ numbers: inout RepeatableNumbers
    ) -> [ArraySlice<Float>] {
        var pieces: [ArraySlice<Float>] = []
        var start = 0
        while start < samples.count {
            let count = size.map { $0 > 0 ? $0 : Int.random(in: 1...16_000, using: &numbers) } ?? samples.count
            pieces.append(samples[start..<min(samples.count, start + count)])
            start += count
        }
        return pieces
    }

    /// The reference loses the last words of a stream that ends with its last sound; here they come.
    @Test(arguments: [0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2])
    func aStreamIsCompleteHoweverItEnds(silence: Double) async throws {
        let model = try await FunASRModels.streaming().model
        let clips = try golden("streaming").clips(ending: "silence")
        // Each silence behind every third clip, so that each clip ends in three ways.
        for (index, clip) in clips.enumerated() where index % 3 == Int(4 * silence) % 3 {
            let samples = try await FunASRModels.clip(clip.clip)
            let heard = try await model.tokens(of: samples + FunASRModels.silence(silence))
            #expect(heard == clip.ids, "\(clip.clip)")
        }
    }
}

/// Numbers that look random and are the same in every run (SplitMix64).
struct RepeatableNumbers: RandomNumberGenerator {
    private var state: UInt64
    init(_ seed: Int) { state = UInt64(truncatingIfNeeded: seed) }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
