import Inference
import Speech
import SpeechModels
import SpeechTesting
import Testing

/// Whisper over graphs made of closures: a decoder that loops on long audio and is fine on short.
@Suite struct WhisperLoopTests {
    /// Tokens: 0 "la", 1 "so", 2 end, 3 start, 4 no timestamps.
    private let tokenTable: [UInt8] = [3, 0] + Array(" la".utf8) + [3, 0] + Array(" so".utf8) + [0, 0, 0, 0, 0, 0]

    private func model(loopsAbove frames: Float) throws -> (WhisperModel, TemporaryBundle) {
        let bundle = try TemporaryBundle(
            family: "whisper",
            sampleRate: 16_000,
            config: """
                {"mels": 80, "layers": 1, "heads": 1, "headSize": 1, "audioContext": 1500, "textContext": 64,
                 "vocabularySize": 5, "multilingual": false, "tokens": "tokens.bin", "startOfTranscript": 3,
                 "endOfText": 2, "noTimestamps": 4, "timestampBegin": 5, "languageTokens": {},
                 "suppress": [3, 4], "suppressAtStart": [2]}
                """,
            files: ["tokens.bin": tokenTable]
        )
        let cross = [TensorSpec("cross_k_0", .f32, [1, 1, 1, nil]), TensorSpec("cross_v_0", .f32, [1, 1, nil, 1])]
        let encoder = ClosureGraph(inputs: [TensorSpec("mel", .f32, [1, 80, nil])], outputs: cross) {
            inputs throws(InferenceError) in
            // How many frames of the first bin are not silence.
            let mel = try inputs.tensor("mel").scalars(as: Float.self)
            let loud = mel[..<3_000].count { $0 > (mel[..<3_000].min() ?? 0) + 0.01 }
            return [
                "cross_k_0": Tensor(shape: [1, 1, 1, 1], [Float(loud)]),
                "cross_v_0": Tensor(shape: [1, 1, 1, 1], [Float(0)]),
            ]
        }
        let decoder = ClosureGraph(
            inputs: [TensorSpec("tokens", .i64, [1, nil])] + cross
                + [TensorSpec("past_k_0", .f32, [1, 1, nil, 1]), TensorSpec("past_v_0", .f32, [1, 1, nil, 1])],
            outputs: [
                TensorSpec("logits", .f32, [1, 5]), TensorSpec("k_0", .f32, [1, 1, nil, 1]),
                TensorSpec("v_0", .f32, [1, 1, nil, 1]),
            ]
        ) { inputs throws(InferenceError) in
            let loops = try inputs.tensor("cross_k_0").scalars(as: Float.self)[0] > frames
            // The start token is fed alone: what follows it is the second run.
            let past = try inputs.tensor("past_k_0").count + 1
            let logits: [Float] = loops ? [9, 0, 0, 0, 0] : [0, past == 2 ? 9 : 0, past == 2 ? 0 : 9, 0, 0]
            let cache = Tensor(shape: [1, 1, past, 1], [Float](repeating: 0, count: past))
            return ["logits": Tensor(shape: [1, 5], logits), "k_0": cache, "v_0": cache]
        }
        return (try WhisperModel(bundle.bundle, encoder: encoder, decoder: decoder), bundle)
    }

    private func noise(seconds: Double) -> AudioChunk {
        var generator = SystemRandomNumberGenerator()
        let samples = (0..<Int(seconds * 16_000)).map { _ in Float.random(in: -0.5...0.5, using: &generator) }
        return AudioChunk(samples: samples, sampleRate: 16_000)
    }

    @Test func aWindowThatLoopsIsHalvedAndNotCut() async throws {
        let (model, _) = try model(loopsAbove: 700)
        let text = try await model.transcript(of: noise(seconds: 10), RecognitionOptions()).text
        #expect(text == "so so")
    }

    @Test func aLoopThatNothingHelpsEndsWithoutItsRepetitions() async throws {
        let (model, _) = try model(loopsAbove: -1)
        let text = try await model.transcript(of: noise(seconds: 1), RecognitionOptions()).text
        #expect(text == "la")
    }

    @Test func tooMuchAudioIsRefused() async throws {
        let (model, _) = try model(loopsAbove: 700)
        let error = await #expect(throws: SpeechError.self) {
            _ = try await model.transcript(of: noise(seconds: 31), RecognitionOptions())
        }
        #expect(error?.code == .invalidAudio)
    }
}
