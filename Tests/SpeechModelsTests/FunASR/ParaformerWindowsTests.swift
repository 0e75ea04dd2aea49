import Inference
import Speech
import SpeechModels
import SpeechTesting
import Synchronization
import Testing

/// Whole utterances through an encoder in two links with buckets, and a decoder of a fixed number of tokens.
@Suite struct ParaformerWindowsTests {
    /// The first link: rows and their mask → what the second link goes on with.
    private func prefix(_ frames: Int) -> ClosureGraph {
        ClosureGraph(
            "prefix.\(frames)",
            inputs: [TensorSpec("speech", .f32, [1, frames, 7]), TensorSpec("encoder_pad_mask", .f32, [1, frames])],
            outputs: [TensorSpec("cut", .f32, [1, frames, 4])]
        ) { inputs throws(InferenceError) in
            let mask = try inputs.tensor("encoder_pad_mask").scalars(as: Float.self)
            let drawn = ParaformerFakes.drawn(try inputs.tensor("speech").scalars(as: Float.self), width: 7, scale: 1)
            guard drawn.count == frames, mask.count == frames else { throw InferenceError(.invalidTensor, "length") }
            // What the mask hides must not matter.
            let seen = zip(drawn, mask).map { $1 == 1 ? $0 : 60 }
            return ["cut": Tensor(shape: [1, frames, 4], ParaformerFakes.encoded(seen))]
        }
    }

    private var suffix: ClosureGraph {
        ClosureGraph(
            "suffix.onnx",
            inputs: [
                TensorSpec("cut", .f32, [1, nil, 4]), TensorSpec("speech_lengths", .i32, [1]),
                TensorSpec("encoder_pad_mask", .f32, [1, nil]), TensorSpec("cif_pad_mask", .f32, [1, nil]),
            ],
            outputs: [
                TensorSpec("enc", .f32, [1, nil, 4]), TensorSpec("enc_len", .i32, [1]),
                TensorSpec("alphas", .f32, [1, nil]),
            ]
        ) { inputs throws(InferenceError) in
            let cut = try inputs.tensor("cut")
            let count = cut.shape[1]
            let drawn = ParaformerFakes.drawn(try cut.scalars(as: Float.self), width: 4, scale: 0.1)
            guard try inputs.tensor("speech_lengths").integers() == [count],
                try inputs.tensor("cif_pad_mask").scalars(as: Float.self) == [Float](repeating: 1, count: count)
            else { throw InferenceError(.invalidTensor, "masks") }
            return [
                "enc": cut, "enc_len": Tensor(shape: [1], [Int32(count)]),
                "alphas": Tensor(shape: [1, count], ParaformerFakes.weights(drawn)),
            ]
        }
    }

    /// The decoder for 400 rows and 40 tokens: masks instead of lengths, logits alone.
    private func decoder(_ log: ParaformerFakes.DecoderLog = .init()) -> ClosureGraph {
        let caches = (0..<2).map { TensorSpec("in_cache_\($0)", .f32, [1, 4, 10]) }
        return ClosureGraph(
            "decoder.400x40.rknn",
            inputs: [TensorSpec("enc", .f32, [1, 400, 4]), TensorSpec("acoustic_embeds", .f32, [1, 40, 4])] + caches
                + [TensorSpec("pad_mask", .f32, [1, 40]), TensorSpec("enc_pad_mask", .f32, [1, 400])],
            outputs: [TensorSpec("logits", .f32, [1, 40, 64])]
                + (0..<2).map { TensorSpec("out_cache_\($0)", .f32, [1, 4, 10]) }
        ) { inputs throws(InferenceError) in
            guard try inputs.tensor("enc").shape == [1, 400, 4] else { throw InferenceError(.invalidTensor, "enc") }
            let mask = try inputs.tensor("pad_mask").scalars(as: Float.self)
            let values = try inputs.tensor("acoustic_embeds").scalars(as: Float.self)
            let all = stride(from: 0, to: 160, by: 4).map { Int(values[$0].rounded()) }
            let tokens = zip(all, mask).filter { $1 == 1 }.map(\.0)
            let (caches, before) = try ParaformerFakes.remembered(inputs, tokens)
            log.runs.withLock { $0.append((before, tokens)) }
            var logits = [Float](repeating: 0, count: 40 * 64)
            for (row, token) in all.enumerated() { logits[row * 64 + token] = 1 }
            return caches.merging(["logits": Tensor(shape: [1, 40, 64], logits)]) { first, _ in first }
        }
    }

    private func model(_ sizes: [Int], _ log: ParaformerFakes.DecoderLog = .init()) throws -> ParaformerWindows {
        let buckets = sizes.map { BucketedGraph.Bucket(frames: $0, prefix($0)) }
        let filling = BucketedGraph.Filling(
            axes: ["speech": 1, "encoder_pad_mask": 1, "cut": 1],
            padding: .edge,
            mask: "encoder_pad_mask"
        )
        return try ParaformerWindows(
            ParaformerConfig(),
            table: ParaformerFakes.table,
            features: DrawnFeatures(),
            languages: [],
            encoder: ChainedGraph([BucketedGraph(buckets, filling: filling), suffix]),
            decoder: decoder(log)
        )
    }

    /// Sound of so many rows with a token in each second row.
    private func sound(rows: Int) -> (samples: [Float], tokens: [Int]) {
        let tokens = (0..<rows / 2).map { 3 + $0 % 50 }
        var samples = tokens.flatMap { [Float](repeating: Float($0), count: 1_920) }
        samples += [Float](repeating: Float(tokens.last ?? 0), count: rows % 2 * 960)
        return (samples, tokens)
    }

    @Test(arguments: [2, 38, 39, 40, 41, 42, 79, 80, 81, 399, 400])
    func bucketsMakeNoDifference(rows: Int) async throws {
        let (samples, tokens) = sound(rows: rows)
        for sizes in [[40, 80, 160, 240, 400], [400]] {
            #expect(try await model(sizes).tokens(of: samples) == tokens, "\(sizes)")
        }
    }

    @Test func moreTokensThanTheDecoderTakesAreNotCut() async throws {
        let log = ParaformerFakes.DecoderLog()
        let (samples, tokens) = sound(rows: 360)
        #expect(try await model([400], log).tokens(of: samples) == tokens)
        let runs = log.runs.withLock { $0 }
        #expect(runs.map(\.tokens.count) == [40, 40, 40, 40, 20])
        #expect(runs.map(\.before) == [0, 42, 32, 22, 12])
    }

    @Test func whatIsLongerThanTheLongestBucketIsSplit() async throws {
        let model = try model([40, 80])
        #expect(model.longestUtterance == (80 * 6 - 1) * 160 + 400)
        let recognizer = SegmentedRecognizer(detector: LoudnessDetector(), model: model)
        var numbers = SeededNumbers(9)
        let speech = DrawnSpeech(&numbers, utterances: 1, words: 60...60, pauses: 0.25)
        let input = AudioChunk(samples: speech.samples, sampleRate: 16_000)
        var heard: [String] = []
        for try await event in recognizer.transcripts(of: Replay([.audio(input), .endOfUtterance])) {
            if case .final(let final) = event { heard += final.text.split(separator: " ").map(String.init) }
        }
        // A word that a window ends in may come from both sides of the cut.
        for index in heard.indices.dropFirst().reversed() where heard[index] == heard[index - 1] {
            heard.remove(at: index)
        }
        #expect(heard == speech.utterances[0].map { "w\($0)" })
    }

    @Test func silenceFiresNothingAndRunsNoDecoder() async throws {
        let log = ParaformerFakes.DecoderLog()
        let model = try model([40], log)
        #expect(try await model.tokens(of: []).isEmpty)
        #expect(try await model.tokens(of: [Float](repeating: 0, count: 16_000)).isEmpty)
        #expect(log.runs.withLock { $0.isEmpty })
    }

    /// As ``decoder(_:)``, told which columns its next caches have.
    private func windowedDecoder(_ log: ParaformerFakes.DecoderLog) -> ClosureGraph {
        let fixed = decoder()
        return ClosureGraph(
            "decoder-filled.onnx",
            inputs: fixed.inputs + [TensorSpec("cache_window", .f32, [1, 50, 10])],
            outputs: fixed.outputs
        ) { inputs throws(InferenceError) in
            let window = try inputs.tensor("cache_window").scalars(as: Float.self)
            let mask = try inputs.tensor("pad_mask").scalars(as: Float.self)
            let values = try inputs.tensor("acoustic_embeds").scalars(as: Float.self)
            let tokens = stride(from: 0, to: 160, by: 4).map { values[$0].rounded() }
            let cache = try inputs.tensor("in_cache_0").scalars(as: Float.self)
            let columns = cache[..<10] + zip(tokens, mask).map { $1 == 1 ? $0 : 99 }
            let next = (0..<10).map { column in
                (0..<50).reduce(Float(0)) { $0 + columns[$1] * window[$1 * 10 + column] }
            }
            let real = zip(tokens, mask).filter { $1 == 1 }.map { Int($0.0) }
            log.runs.withLock { $0.append((Int(cache[9]), real)) }
            var logits = [Float](repeating: 0, count: 40 * 64)
            for (row, token) in tokens.enumerated() { logits[row * 64 + Int(token)] = 1 }
            let out = Tensor(shape: [1, 4, 10], (0..<4).flatMap { _ in next })
            return ["logits": Tensor(shape: [1, 40, 64], logits), "out_cache_0": out, "out_cache_1": out]
        }
    }

    @Test func aFixedDecoderThatIsToldItsColumnsGoesOnFromChunkToChunk() async throws {
        for seed in 0..<20 {
            var numbers = SeededNumbers(seed)
            let speech = DrawnSpeech(&numbers, utterances: 1, words: 5...20)
            let log = ParaformerFakes.DecoderLog()
            let model = try ParaformerFakes.chunks(
                encoder: ParaformerFakes.chunkEncoder(),
                decoder: windowedDecoder(log)
            )
            #expect(try await model.tokens(of: speech.samples) == speech.utterances[0], "\(seed)")
            let runs = log.runs.withLock { $0 }
            #expect(runs.map(\.before) == [0] + runs.dropLast().compactMap(\.tokens.last), "\(seed)")
        }
    }

    @Test func aFixedDecoderIsNoDecoderOfChunks() throws {
        let error = #expect(throws: InferenceError.self) {
            _ = try ParaformerFakes.chunks(encoder: ParaformerFakes.chunkEncoder(), decoder: decoder())
        }
        #expect(error?.message.contains("cache_window") == true)
    }
}
