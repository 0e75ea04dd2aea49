import Inference
import Speech
import SpeechModels
import SpeechTesting
import Synchronization
import Testing

/// SenseVoice over graphs with the interface of the exported ones, whose tokens can be foretold: see ``DrawnSpeech``.
@Suite struct SenseVoiceTests {
    private func export(_ tags: [Int] = [62, 63, 65, 67]) -> ClosureGraph { SenseVoiceFakes.export(tags) }

    private func model(
        _ graph: any Graph,
        queries: QueryRows? = nil,
        _ change: (inout SenseVoiceConfig) -> Void = { _ in }
    ) throws -> SenseVoiceModel {
        try SenseVoiceFakes.model(graph, queries: queries, change)
    }

    private func speech(_ seed: Int, words: ClosedRange<Int> = 3...8) -> DrawnSpeech {
        var numbers = SeededNumbers(seed)
        return DrawnSpeech(&numbers, utterances: 1, words: words)
    }

    private func words(_ tokens: [Int]) -> String { tokens.map { "w\($0)" }.joined(separator: " ") }

    @Test func textLanguageAndTimesAreReported() async throws {
        let speech = speech(1)
        let audio = AudioChunk(samples: speech.samples, sampleRate: 16_000, position: 32_000)
        let transcript = try await model(export()).transcript(of: audio, RecognitionOptions())
        #expect(transcript.text == words(speech.utterances[0]))
        #expect(transcript.language == Language("en"))
        let spoken = try #require(transcript.segments.first?.words)
        #expect(spoken.map(\.text) == speech.utterances[0].map { "w\($0)" })
        for word in spoken {
            let token = Float(word.text.dropFirst()) ?? 0
            let first = Double(speech.samples.firstIndex(of: token) ?? 0) / 16_000 + 2
            let last = Double(speech.samples.lastIndex(of: token) ?? 0) / 16_000 + 2
            #expect(abs(word.start - first) < 0.07 && abs(word.end - last) < 0.07, "\(word)")
        }
    }

    @Test func moodAndEventsAreReported() async throws {
        let output = try await model(export()).output(of: speech(2).samples)
        #expect(output.languageTag == "<|en|>" && output.language == Language("en"))
        #expect(output.emotion == "happy" && output.event == "speech")
        let unsure = try await model(export([62, 64, 65, 67])).output(of: speech(2).samples)
        #expect(unsure.emotionTag == "<|EMO_UNKNOWN|>" && unsure.emotion == nil)
    }

    @Test func whatIsAskedForIsData() async throws {
        let samples = speech(3).samples
        let chinese = try await model(export()).output(of: samples, Language("zh"))
        #expect(chinese.language == Language("zh"))
        let unknown = try await model(export()).output(of: samples, Language("fr"))
        #expect(unknown.language == Language("en"))
        let other = try await model(export()) { $0.languageQueries["fr"] = 3 }.output(of: samples, Language("fr"))
        #expect(other.language == Language("zh"))
        let error = #expect(throws: SpeechError.self) {
            let recognizer = SegmentedRecognizer(detector: LoudnessDetector(), model: try model(export()))
            _ = try recognizer.makeSession(RecognitionOptions(language: Language("fr")))
        }
        #expect(error?.code == .unsupported)
    }

    @Test(arguments: [[0, 0, 0, 0], [62, 62, 65, 67], [62, 0, 65, 0]])
    func aMissingTagCostsNoWord(tags: [Int]) async throws {
        let speech = speech(4)
        let transcript = try await model(export(tags)).transcript(
            of: AudioChunk(samples: speech.samples, sampleRate: 16_000),
            RecognitionOptions(language: Language("en"))
        )
        #expect(transcript.text == words(speech.utterances[0]))
    }

    @Test func anEncoderForAnNPUHasItsQueriesInFront() async throws {
        let queries = QueryRows(width: 7, (0..<16).flatMap { [Float](repeating: Float($0), count: 7) })
        let seen = Mutex<[Float]>([])
        let fixed = ClosureGraph(
            "encoder.rknn",
            inputs: [TensorSpec("speech", .f32, [1, 344, 7])],
            outputs: [TensorSpec("logits", .f32, [1, 344, 68])]
        ) { inputs throws(InferenceError) in
            let rows = try inputs.tensor("speech").scalars(as: Float.self)
            seen.withLock { $0 = stride(from: 0, to: 28, by: 7).map { rows[$0] } }
            return ["logits": SenseVoiceFakes.logits([61, 63, 65, 66], Array(rows[28...]))]
        }
        let bucket = try BucketedGraph([.init(frames: 344, fixed)])
        let model = try model(bucket, queries: queries)
        #expect(model.longestUtterance == (340 * 6 - 1) * 160 + 400)
        for seconds in [1, 20] {
            let speech = speech(5, words: seconds...seconds * 2)
            let output = try await model.output(of: speech.samples, Language("yue"))
            #expect(output.tokens.map(\.token) == speech.utterances[0])
            #expect(seen.withLock { $0 } == [7, 1, 2, 14])
        }
        #expect(throws: InferenceError.self) { try self.model(bucket) }
        #expect(throws: InferenceError.self) { try self.model(export(), queries: queries) }
    }

    @Test func longAudioIsSplitAndNeverCut() async throws {
        let fixed = ClosureGraph(
            inputs: [TensorSpec("x", .f32, [1, 104, 7])],
            outputs: [TensorSpec("logits", .f32, [1, 104, 68])]
        ) { inputs throws(InferenceError) in
            let rows = try inputs.tensor("x").scalars(as: Float.self)
            return ["logits": SenseVoiceFakes.logits([62, 63, 65, 67], Array(rows[28...]))]
        }
        let queries = QueryRows(width: 7, [Float](repeating: 0, count: 16 * 7))
        let model = try model(BucketedGraph([.init(frames: 104, fixed)]), queries: queries)
        #expect(model.longestUtterance == (600 - 1) * 160 + 400)
        let recognizer = SegmentedRecognizer(detector: LoudnessDetector(), model: model)
        for seed in 0..<20 {
            let speech = speech(seed, words: 40...60)
            let input = AudioChunk(samples: speech.samples, sampleRate: 16_000)
            var heard: [String] = []
            for try await event in recognizer.transcripts(of: Replay([.audio(input), .endOfUtterance])) {
                if case .final(let final) = event { heard += final.text.split(separator: " ").map(String.init) }
            }
            // A word that a window ends in may come from both sides of the cut.
            var once = heard
            for index in once.indices.dropFirst().reversed() where once[index] == once[index - 1] {
                once.remove(at: index)
            }
            #expect(once == speech.utterances[0].map { "w\($0)" }, "\(seed)")
        }
    }

    @Test func whatIsTooShortRunsNoGraph() async throws {
        let graph = export()
        let model = try model(graph)
        for count in [0, 1, 399] {
            let audio = AudioChunk(samples: [Float](repeating: 0.5, count: count), sampleRate: 16_000)
            #expect(try await model.transcript(of: audio, RecognitionOptions()).text.isEmpty)
        }
        #expect(graph.runs == 0)
    }

    @Test func soundThatIsNoneIsRefused() async throws {
        let model = try model(export())
        for audio in [
            AudioChunk(samples: [.nan], sampleRate: 16_000), AudioChunk(samples: [0], sampleRate: 8_000),
            AudioChunk(samples: [0, 0], sampleRate: 16_000, channels: 2),
            AudioChunk(samples: [Float](repeating: 0, count: 31 * 16_000), sampleRate: 16_000),
        ] {
            let error = await #expect(throws: SpeechError.self) {
                _ = try await model.transcript(of: audio, RecognitionOptions())
            }
            #expect(error?.code == .invalidAudio)
        }
    }

    @Test func aGraphThatFailsSaysSo() async throws {
        let broken = ClosureGraph(inputs: export().inputs, outputs: export().outputs) { _ in
            ["logits": Tensor(shape: [1, 5, 68], [Float](repeating: .nan, count: 340))]
        }
        let model = try model(broken)
        let error = await #expect(throws: InferenceError.self) { _ = try await model.output(of: speech(6).samples) }
        #expect(error?.code == .runtimeFailed)
    }

    @Test func liveSpeechIsDecodedAgainAndAgain() async throws {
        let recognizer = StreamingRecognizer(detector: LoudnessDetector(), model: try model(export()))
        let speech = speech(7, words: 6...6)
        let inputs = stride(from: 0, to: speech.samples.count, by: 1_600).map { start in
            let frame = Array(speech.samples[start..<min(speech.samples.count, start + 1_600)])
            return RecognizerInput.audio(AudioChunk(samples: frame, sampleRate: 16_000, position: start))
        }
        var finals: [String] = []
        for try await event in recognizer.transcripts(of: Replay(inputs + [.endOfUtterance])) {
            if case .final(let final) = event { finals.append(final.text) }
        }
        #expect(finals.filter { !$0.isEmpty } == [words(speech.utterances[0])])
    }
}
