import Inference
import Speech
import SpeechModels
import SpeechTesting
import SpeechText
import Testing

/// When the words of a whole utterance were said, from the running sums of a second predictor.
@Suite struct ParaformerTimesTests {
    /// Two seconds of sound: 33 rows of 60 ms, so 99 sums of 20 ms.
    private static let samples = [Float](repeating: 3, count: 32_000)

    /// A graph that hears `ids` and whose sums reach one at `places`.
    private func model(
        _ ids: [Int],
        peaks places: [Int],
        sums count: Int? = nil,
        height: Float = 1,
        fails: String? = nil
    ) throws -> ParaformerModel {
        let graph = ClosureGraph(
            "model.onnx",
            inputs: [TensorSpec("speech", .f32, [nil, nil, 7]), TensorSpec("speech_lengths", .i32, [nil])],
            outputs: [
                TensorSpec("logits", .f32, [nil, nil, 64]), TensorSpec("token_num", .i32, [nil]),
                TensorSpec("us_alphas", .f32, [nil, nil]), TensorSpec("us_cif_peak", .f32, [nil, nil]),
            ]
        ) { inputs throws(InferenceError) in
            if let fails { throw InferenceError(.runtimeFailed, fails) }
            let rows = try inputs.tensor("speech").shape[1]
            var sums = [Float](repeating: 0.9, count: count ?? 3 * rows)
            for place in places { sums[place] = height }
            let logits = ids.flatMap { id in (0..<64).map { Float($0 == id ? 9 : 0) } }
            return [
                "logits": Tensor(shape: [1, ids.count, 64], logits),
                "token_num": Tensor(shape: [1], [Int32(ids.count)]),
                "us_alphas": Tensor(shape: [1, sums.count], sums), "us_cif_peak": Tensor(shape: [1, sums.count], sums),
            ]
        }
        return try ParaformerModel(
            ParaformerConfig(),
            table: ParaformerFakes.table,
            features: DrawnFeatures(),
            languages: [],
            graph: graph
        )
    }

    private func words(_ model: ParaformerModel, at position: Int = 0) async throws -> [Transcript.Word] {
        let audio = AudioChunk(samples: Self.samples, sampleRate: 16_000, position: position)
        return try await model.transcript(of: audio, RecognitionOptions()).segments.flatMap(\.words)
    }

    private func near(_ first: Double, _ second: Double) -> Bool { abs(first - second) < 1e-9 }

    @Test func `each word begins at its peak and ends where the next one begins`() async throws {
        let words = try await words(model([3, 4, 5, 2], peaks: [5, 12, 20, 31]))
        #expect(words.map(\.text) == ["w3", "w4", "w5"])
        #expect(zip(words.map(\.start), [0.10, 0.24, 0.40]).allSatisfy(near))
        #expect(zip(words.map(\.end), [0.24, 0.40, 0.62]).allSatisfy(near))
    }

    @Test func `a pause does not belong to the word before it`() async throws {
        let words = try await words(model([3, 4, 2], peaks: [10, 60, 80]))
        #expect(near(words[0].end, 0.2 + 0.24))
        #expect(near(words[1].start, 1.2))
        #expect(near(words[1].end, 1.2 + 0.24))
    }

    @Test func `times count from the start of the stream`() async throws {
        let words = try await words(model([3, 2], peaks: [5, 12]), at: 48_000)
        #expect(near(words[0].start, 3.1))
        #expect(near(words[0].end, 3.24))
    }

    @Test func `a sum that only just reaches the threshold is a peak, one just below is none`() async throws {
        #expect(try await words(model([3, 2], peaks: [5, 12], height: Float(1 - 1e-4).nextUp)).count == 1)
        #expect(try await words(model([3, 2], peaks: [5, 12], height: 0.9998)).isEmpty)
    }

    @Test(arguments: [[5], [5, 12], [5, 12, 20, 30, 40]])
    func `times that are not one for each token and one for the end are not believed`(peaks: [Int]) async throws {
        let model = try model([3, 4, 5, 2], peaks: peaks)
        #expect(try await model.output(of: Self.samples).tokens == [3, 4, 5])
        #expect(try await model.output(of: Self.samples).times == nil)
        #expect(try await words(model).isEmpty)
    }

    @Test func `sums that do not go with the rows of the sound are not believed`() async throws {
        #expect(try await model([3, 2], peaks: [5, 12], sums: 100).output(of: Self.samples).times == nil)
        #expect(try await model([3, 2], peaks: [5, 12]).output(of: Self.samples).times != nil)
    }

    @Test(arguments: [
        "Node (Conv_1) Invalid input shape: {0}",
        "Reshape node: cannot be reshaped. Input shape:{0,512}, requested shape:{1,512,512}",
    ])
    func `sound in which no token fires has no text`(words: String) async throws {
        let output = try await model([], peaks: [], fails: words).output(of: Self.samples)
        #expect(output.tokens.isEmpty && output.times == nil)
    }

    @Test func `any other failure of the graph is told`() async throws {
        let model = try model([], peaks: [], fails: "Input shape:{10,512}, requested shape:{1,512}")
        await #expect(throws: InferenceError.self) { try await model.output(of: Self.samples) }
    }
}
