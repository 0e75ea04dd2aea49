import Inference
import Speech
import SpeechModels
import SpeechTesting
import Synchronization
import Testing

/// The chunk loop and the live session over graphs whose tokens can be foretold.
@Suite struct ParaformerStreamTests {
    private func inputs(_ samples: [Float], _ numbers: inout SeededNumbers, largest: Int) -> [RecognizerInput] {
        var inputs: [RecognizerInput] = []
        var start = 0
        while start < samples.count {
            let end = min(samples.count, start + Int.random(in: 1...largest, using: &numbers))
            inputs.append(.audio(AudioChunk(samples: Array(samples[start..<end]), sampleRate: 16_000, position: start)))
            start = end
        }
        return inputs + [.endOfUtterance]
    }

    /// Runs a stream and checks what holds for every stream: what was called stable stays.
    private func finals(
        _ inputs: [RecognizerInput],
        _ model: ParaformerChunks,
        _ options: RecognitionOptions = RecognitionOptions()
    ) async throws -> [Transcript] {
        let recognizer = ParaformerRecognizer(detector: LoudnessDetector(), model: model)
        var finals: [Transcript] = []
        var stable = ""
        for try await event in recognizer.transcripts(of: Replay(inputs), options) {
            switch event {
            case .partial(let partial):
                #expect(partial.text.hasPrefix(stable) || stable.isEmpty)
                stable = String(partial.text.prefix(partial.stableCharacters))
            case .final(let final):
                #expect(final.text.hasPrefix(stable) || stable.isEmpty)
                finals.append(final)
                stable = ""
            default: break
            }
        }
        return finals
    }

    @Test func everyTokenOfRandomSpeechComesOnceHoweverItIsCut() async throws {
        for seed in 0..<1_000 {
            var numbers = SeededNumbers(seed)
            var speech = DrawnSpeech(&numbers, utterances: Int.random(in: 1...3, using: &numbers), words: 1...6)
            speech.silence(Double.random(in: 0...2, using: &numbers))
            let encoder = ParaformerFakes.chunkEncoder()
            let log = ParaformerFakes.DecoderLog()
            let model = try ParaformerFakes.chunks(encoder: encoder, decoder: ParaformerFakes.chunkDecoder(log))
            let largest = [1_600, 160, 16_000, 100_000][seed % 4]
            let finals = try await finals(inputs(speech.samples, &numbers, largest: largest), model)
            let texts = finals.map(\.text).filter { !$0.isEmpty }
            #expect(texts == speech.utterances.map(DrawnSpeech.text), "\(seed)")
            // One run for each 0.6 s, and two for each pause that may be the end: none is shorter than 0.25 s.
            let pauses = speech.pauses.count { $0 > 0.2 } + speech.utterances.count
            #expect(encoder.runs <= speech.samples.count / 9_600 + 2 * pauses, "\(seed)")
            let runs = log.runs.withLock { $0 }
            for run in runs { #expect(run.before == 0 || runs.contains { $0.tokens.last == run.before }, "\(seed)") }
        }
    }

    @Test func whatAClientEndsIsCompleteWhereverItEnds() async throws {
        for tail in stride(from: 0.0, through: 2, by: 0.05) {
            var numbers = SeededNumbers(Int(tail * 1_000))
            var speech = DrawnSpeech(&numbers, utterances: 1, words: 4...4, gaps: tail...tail)
            speech.silence(tail)
            let model = try ParaformerFakes.chunks()
            let finals = try await finals(inputs(speech.samples, &numbers, largest: 3_200), model)
            #expect(finals.map(\.text).filter { !$0.isEmpty } == speech.utterances.map(DrawnSpeech.text), "\(tail)")
        }
    }

    @Test func aFileGivesWhatTheStreamGives() async throws {
        for seed in 0..<100 {
            var numbers = SeededNumbers(seed)
            let speech = DrawnSpeech(&numbers, utterances: 1, words: 1...12, gaps: 0...0.4)
            let tokens = try await ParaformerFakes.chunks().tokens(of: speech.samples)
            #expect(tokens == speech.utterances.joined().map { $0 }, "\(seed)")
        }
    }

    @Test(arguments: [0.2, 2])
    func aSpeakerWhoNeverStopsIsHeardToTheEndAtBoundedCost(preRoll: Double) async throws {
        var options = RecognitionOptions(endpointing: .streaming)
        options.endpointing?.preRoll = preRoll
        var numbers = SeededNumbers(5)
        let speech = DrawnSpeech(&numbers, utterances: 1, words: 300...300, pauses: 0.35)
        let encoder = ParaformerFakes.chunkEncoder()
        let model = try ParaformerFakes.chunks(encoder: encoder)
        let finals = try await finals(inputs(speech.samples, &numbers, largest: 1_600), model, options)
        #expect(finals.map(\.text).filter { !$0.isEmpty } == [DrawnSpeech.text(speech.utterances[0])])
        #expect((finals.first?.segments.count ?? 0) > 5)
        #expect(encoder.runs < speech.samples.count / 9_600 * 2)
    }

    @Test func theFinalTextIsThereBeforeTheEndIsCertain() async throws {
        let encoder = ParaformerFakes.chunkEncoder()
        var session = try ParaformerRecognizer(
            detector: LoudnessDetector(),
            model: ParaformerFakes.chunks(encoder: encoder)
        ).makeSession(RecognitionOptions(detectsEndpoints: false))
        let sound = [Float](repeating: 7, count: 8_000) + [Float](repeating: 9, count: 8_192)
        _ = try await session.step(.audio(AudioChunk(samples: sound, sampleRate: 16_000)))
        _ = try await session.step(.pause)
        let runs = encoder.runs
        let events = try await session.step(.endOfUtterance)
        #expect(encoder.runs == runs)
        guard case .final(let final) = events.last else {
            Issue.record("no final")
            return
        }
        #expect(final.text == "w7 w9" && final.metrics?.mode == .speculative)
    }

    @Test func speechAfterAPauseIsNotForgotten() async throws {
        var session = try ParaformerRecognizer(detector: LoudnessDetector(), model: ParaformerFakes.chunks())
            .makeSession(RecognitionOptions(detectsEndpoints: false))
        for (token, pause) in [(Float(7), 0), (9, 6_400), (11, 3_200)] {
            _ = try await session.step(.pause)
            let sound = [Float](repeating: 0, count: pause) + [Float](repeating: token, count: 8_192)
            _ = try await session.step(.audio(AudioChunk(samples: sound, sampleRate: 16_000)))
        }
        let events = try await session.step(.endOfUtterance)
        #expect(events.contains { if case .final(let final) = $0 { final.text == "w7 w9 w11" } else { false } })
    }

    @Test(arguments: [true, false])
    func aLongPreRollHearsNothingTwice(detectsEndpoints: Bool) async throws {
        var options = RecognitionOptions(endpointing: .streaming, detectsEndpoints: detectsEndpoints)
        options.endpointing?.preRoll = 2
        for seed in 0..<20 {
            var numbers = SeededNumbers(seed)
            let speech = DrawnSpeech(&numbers, utterances: 3, words: 1...4, gaps: detectsEndpoints ? 0.65...1 : 2.2...3)
            let finals = try await finals(
                inputs(speech.samples, &numbers, largest: 1_600),
                ParaformerFakes.chunks(),
                options
            )
            let wanted = detectsEndpoints ? speech.utterances : [speech.utterances.joined().map { $0 }]
            #expect(finals.map(\.text).filter { !$0.isEmpty } == wanted.map(DrawnSpeech.text), "\(seed)")
        }
    }

    @Test func pausesDoNotEndWhatTheClientEnds() async throws {
        for seed in 0..<50 {
            var numbers = SeededNumbers(seed)
            let speech = DrawnSpeech(&numbers, utterances: 4, words: 1...5, gaps: 0.6...4)
            let options = RecognitionOptions(detectsEndpoints: false)
            let finals = try await finals(
                inputs(speech.samples, &numbers, largest: 1_600),
                ParaformerFakes.chunks(),
                options
            )
            #expect(finals.map(\.text) == [DrawnSpeech.text(speech.utterances.joined().map { $0 })], "\(seed)")
        }
    }

    @Test(arguments: [0, 1, 100, 399, 16_000, 160_000])
    func silenceAndNothingRunNoGraph(count: Int) async throws {
        let (encoder, decoder) = (ParaformerFakes.chunkEncoder(), ParaformerFakes.chunkDecoder())
        let model = try ParaformerFakes.chunks(encoder: encoder, decoder: decoder)
        var numbers = SeededNumbers(1)
        let silence = [Float](repeating: 0, count: count)
        let finals = try await finals(inputs(silence, &numbers, largest: 512), model)
        #expect(finals.map(\.text) == [""])
        #expect(finals.map(\.metrics?.mode) == [.silent])
        #expect(encoder.runs == 0)
        if count < 400 { #expect(try await model.tokens(of: silence).isEmpty) }
        #expect(encoder.runs == 0 && decoder.runs == 0)
    }

    @Test func soundThatIsNoneIsRefused() async throws {
        let session = try ParaformerRecognizer(detector: LoudnessDetector(), model: ParaformerFakes.chunks())
            .makeSession(RecognitionOptions())
        for chunk in [
            AudioChunk(samples: [0, .nan], sampleRate: 16_000), AudioChunk(samples: [0], sampleRate: 8_000),
            AudioChunk(samples: [0, 0], sampleRate: 16_000, channels: 2),
        ] {
            var session = session
            let error = await #expect(throws: SpeechError.self) { _ = try await session.step(.audio(chunk)) }
            #expect(error?.code == .invalidAudio)
        }
    }

    @Test func memoryStaysSmallHoweverLongTheStream() async throws {
        var session = try ParaformerRecognizer(detector: LoudnessDetector(), model: ParaformerFakes.chunks())
            .makeSession(RecognitionOptions())
        var numbers = SeededNumbers(3)
        let speech = DrawnSpeech(&numbers, utterances: 10, words: 1...60)
        for start in stride(from: 0, to: speech.samples.count, by: 320) {
            let frame = Array(speech.samples[start..<min(speech.samples.count, start + 320)])
            _ = try await session.step(.audio(AudioChunk(samples: frame, sampleRate: 16_000)))
            #expect(session.heldSamples < 16_000)
        }
    }

    @Test func chunksOverlapAndKnowWhereTheyStand() async throws {
        let seen = Mutex<[[Float]]>([])
        let model = try ParaformerFakes.chunks(
            encoder: ParaformerFakes.chunkEncoder { rows in seen.withLock { $0.append(rows) } }
        )
        var stream = model.start()
        model.accept([Float](repeating: 0, count: 160 * 60 + 400)[...], &stream)
        // 61 frames are there, and the reference waits for one more.
        #expect(!model.isReady(stream))
        model.accept([Float](repeating: 0, count: 160 * 200)[...], &stream)
        try await model.decode(&stream)
        let chunks = seen.withLock { $0 }
        #expect(chunks.count == 4 && stream.chunks == 4)
        #expect(chunks[0].prefix(8 * 7).allSatisfy { $0 == 0 })
        for (chunk, next) in zip(chunks, chunks.dropFirst()) { #expect(chunk.suffix(8 * 7) == next.prefix(8 * 7)) }
        // Silence leaves the positions alone: 1 … 10, then 11 … 20.
        for (number, chunk) in chunks.enumerated() {
            for row in 0..<10 {
                let angle = Float(number * 10 + row + 1)
                #expect(abs(chunk[(8 + row) * 7] - sinOfDrawn(angle)) < 1e-6)
            }
        }
    }

    private func sinOfDrawn(_ angle: Float) -> Float {
        var rows = [Float](repeating: 0, count: 7)
        SinusoidalPositions(width: 7).add(to: &rows, first: Int(angle))
        return rows[0]
    }

    @Test func aGraphThatFailsSaysSo() async throws {
        let broken = ClosureGraph(
            "encoder",
            inputs: ParaformerFakes.chunkEncoder().inputs,
            outputs: ParaformerFakes.chunkEncoder().outputs
        ) { _ throws(InferenceError) in
            [
                "enc": Tensor(shape: [1, 18, 4], [Float](repeating: 0, count: 72)),
                "enc_len": Tensor(shape: [1], [Int32(18)]),
                "alphas": Tensor(shape: [1, 18], [Float](repeating: .nan, count: 18)),
            ]
        }
        let model = try ParaformerFakes.chunks(encoder: broken)
        let error = await #expect(throws: InferenceError.self) {
            _ = try await model.tokens(of: [Float](repeating: 1, count: 16_000))
        }
        #expect(error?.code == .runtimeFailed)
    }

    @Test func aGraphOfAnotherModelIsRefused() {
        let wrong = ClosureGraph(inputs: [TensorSpec("x", .f32, [1, 80, nil])], outputs: []) { _ in [:] }
        #expect(throws: InferenceError.self) { try ParaformerFakes.chunks(encoder: wrong) }
        #expect(throws: InferenceError.self) { try ParaformerFakes.chunks(decoder: wrong) }
    }
}
