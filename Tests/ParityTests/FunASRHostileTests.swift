import Inference
import Speech
import SpeechModels
import SpeechTesting
import Testing

/// What no model was made for, through the small models on ONNX Runtime.
@Suite struct FunASRHostileTests {
    /// A model of each kind as files are heard, with its graphs.
    private struct Ear: Sendable {
        var name: String
        var graphs: [CountedGraph]
        var model: any UtteranceRecognizer

        var runs: Int { graphs.map(\.runs).reduce(0, +) }

        func transcript(of samples: [Float], rate: Int = 16_000, channels: Int = 1) async throws -> Transcript {
            let audio = AudioChunk(samples: samples, sampleRate: rate, channels: channels)
            return try await model.transcript(of: audio, RecognitionOptions())
        }

        /// The final text of sound of any length, as files of any length are heard.
        func hear(_ samples: [Float]) async throws -> [Transcript] { try await Self.hear(samples, model) }

        private static func hear(_ samples: [Float], _ model: some UtteranceRecognizer) async throws -> [Transcript] {
            try await finals(samples, SegmentedRecognizer(detector: ClipDetector(), model: model))
        }
    }

    private static func finals(
        _ samples: [Float],
        _ recognizer: some SpeechRecognizer
    ) async throws -> [Transcript] {
        let pieces = stride(from: 0, to: samples.count, by: 1_600).map { start in
            let piece = Array(samples[start..<min(samples.count, start + 1_600)])
            return RecognizerInput.audio(AudioChunk(samples: piece, sampleRate: 16_000, position: start))
        }
        var finals: [Transcript] = []
        for try await event in recognizer.transcripts(of: Replay(pieces + [.endOfUtterance])) {
            if case .final(let final) = event { finals.append(final) }
        }
        return finals
    }

    private func ears() async throws -> [Ear] {
        let (senseVoice, whole, stream) = (
            try await FunASRModels.senseVoice(), try await FunASRModels.paraformer(),
            try await FunASRModels.streaming()
        )
        return [
            Ear(name: "SenseVoice", graphs: senseVoice.loaded.graphs, model: senseVoice.model),
            Ear(name: "Paraformer", graphs: whole.loaded.graphs, model: whole.model),
            Ear(name: "Paraformer for streams", graphs: stream.loaded.graphs, model: stream.model),
        ]
    }

    private func noise(_ seconds: Int) -> [Float] {
        var numbers = RepeatableNumbers(seconds)
        return (0..<seconds * 16_000).map { _ in Float.random(in: -0.5...0.5, using: &numbers) }
    }

    /// One long vowel: 110 Hz with its overtones.
    private func tone(_ seconds: Int) -> [Float] {
        let period = (0..<1_600).map { index in
            (1...8).reduce(Float(0)) { sum, overtone in
                let phase = Double(index * overtone * 110 % 16_000) / 16_000
                // A parabola for each half of the wave is as good as a sine here.
                let half = phase < 0.5 ? phase : phase - 1
                return sum + Float(half * (0.5 - abs(half)) * 8) / Float(overtone * 4)
            }
        }
        return (0..<seconds * 10).flatMap { _ in period }
    }

    @Test(arguments: [0, 1, 399]) func whatIsShorterThanAFrameIsNoTextAndRunsNoGraph(count: Int) async throws {
        for ear in try await ears() {
            let transcript = try await ear.transcript(of: [Float](repeating: 0.5, count: count))
            #expect(transcript.text.isEmpty && transcript.segments.isEmpty, "\(ear.name)")
            let finals = try await ear.hear([Float](repeating: 0.5, count: count))
            #expect(finals.allSatisfy { $0.text.isEmpty }, "\(ear.name)")
            #expect(ear.runs == 0, "\(ear.name)")
        }
    }

    @Test func silenceIsNoTextAndRunsNoGraph() async throws {
        for ear in try await ears() {
            let finals = try await ear.hear(FunASRModels.silence(20))
            #expect(finals.allSatisfy { $0.text.isEmpty }, "\(ear.name)")
            #expect(ear.runs == 0, "\(ear.name)")
        }
    }

    /// A frame or two, and zeros all through, past any detector: the graphs run, or say themselves that nothing fired.
    @Test(arguments: [400, 560, 1_360, 16_000]) func zerosAreNoFailure(count: Int) async throws {
        for ear in try await ears() {
            let transcript = try await ear.transcript(of: [Float](repeating: 0, count: count))
            #expect(transcript.segments.count <= 1 && ear.runs > 0, "\(ear.name), \(count)")
        }
    }

    @Test func noiseIsHeardWithoutFailure() async throws {
        for ear in try await ears() {
            let finals = try await ear.hear(noise(10))
            #expect(finals.count == 1, "\(ear.name)")
            #expect(finals.allSatisfy { $0.segments.allSatisfy { $0.end <= 10.01 } }, "\(ear.name)")
            #expect(ear.runs > 0 && ear.runs < 60, "\(ear.name): \(ear.runs)")
        }
    }

    @Test func aSoundThatNeverStopsIsHeardInPieces() async throws {
        // Ten minutes of it go through the program in scripts/tests.d/funasr-hostile.sh.
        let tone = tone(120)
        for ear in try await ears() {
            let finals = try await ear.hear(tone)
            // A final for each piece that gave a text: what a model makes of a tone is its own affair.
            #expect(finals.count <= 7, "\(ear.name)")
            #expect(finals.allSatisfy { $0.segments.allSatisfy { $0.end <= 120.01 } }, "\(ear.name)")
            // Whole models in at least 4 pieces; chunks every 0.6 s, each with a run of the decoder at most.
            #expect(ear.runs >= 4 && ear.runs < 520, "\(ear.name): \(ear.runs)")
        }
    }

    @Test func aSoundThatNeverStopsStreamsAtBoundedCostAndMemory() async throws {
        let (model, loaded) = try await FunASRModels.streaming()
        var session = try ParaformerRecognizer(detector: ClipDetector(), model: model)
            .makeSession(RecognitionOptions())
        let (tone, seconds) = (tone(10), 120)
        for second in 0..<seconds {
            let start = second % 10 * 16_000
            let piece = Array(tone[start..<start + 16_000])
            _ = try await session.step(.audio(AudioChunk(samples: piece, sampleRate: 16_000)))
            #expect(session.heldSamples < 32_000)
        }
        let events = try await session.step(.endOfUtterance)
        #expect(events.contains { if case .final = $0 { true } else { false } })
        #expect(loaded.graphs[0].runs >= seconds && loaded.graphs[0].runs <= seconds * 2)
    }

    @Test func soundThatIsNoneIsRefusedBeforeAnyGraph() async throws {
        for ear in try await ears() {
            for (samples, rate, channels) in [
                ([0, .nan, 0], 16_000, 1), ([.infinity], 16_000, 1), ([0, 0], 8_000, 1), ([0, 0], 48_000, 2),
                ([Float](repeating: 0, count: 16_000 * 31), 16_000, 1),
            ] as [([Float], Int, Int)] {
                let error = await #expect(throws: SpeechError.self, "\(ear.name)") {
                    try await ear.transcript(of: samples, rate: rate, channels: channels)
                }
                #expect(error?.code == .invalidAudio, "\(ear.name)")
            }
            #expect(ear.runs == 0, "\(ear.name)")
        }
    }
}
