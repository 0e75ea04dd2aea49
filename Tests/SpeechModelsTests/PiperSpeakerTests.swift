import Inference
import Speech
import SpeechModels
import SpeechTesting
import SpeechText
import Testing

/// A voice of several speakers, and what its first clause gains, over graphs made of closures.
@Suite struct PiperSpeakerTests {
    /// Letters are phonemes; commas and full stops end clauses.
    private struct Letters: Phonemizer {
        func clauses(of text: String, voice: String) async throws(PhonemeError) -> [PhonemeClause] {
            let parts = text.split(separator: ",")
            return parts.enumerated().map { index, part in
                let isLast = index == parts.count - 1
                let phonemes = part.filter { $0 == "a" || $0 == " " }.split(separator: " ").joined(separator: " ")
                return PhonemeClause(phonemes: phonemes, terminator: isLast ? nil : ",", endsSentence: isLast)
            }
        }
    }

    private struct Voice {
        let model: PiperModel
        let encoder: ClosureGraph
        let bundle: TemporaryBundle
    }

    private func voice(speakers: String) throws -> Voice {
        let bundle = try TemporaryBundle(
            family: "piper",
            sampleRate: 1_000,
            config: """
                {"espeakVoice": "en-us", "hopLength": 10, "latentChannels": 1, "overlap": 10, "noiseScale": 0.667,
                 "lengthScale": 1, "noiseW": 0.8, "speakers": 3, "speakerIDs": \(speakers),
                 "phonemeIDs": {"_": [0], "^": [1], "$": [2], "a": [3], " ": [4], ",": [5]}}
                """
        )
        let z = TensorSpec("z", .f32, [1, 1, nil])
        let sid = TensorSpec("sid", .i64, [1])
        let encoder = ClosureGraph(
            inputs: [
                TensorSpec("input", .i64, [1, nil]), TensorSpec("input_lengths", .i64, [1]),
                TensorSpec("scales", .f32, [3]), TensorSpec("duration_noise", .f32, [1, 2, nil]),
                TensorSpec("prior_noise", .f32, [1, 1, nil]), sid,
            ],
            outputs: [z]
        ) { inputs throws(InferenceError) in
            let speaker = try inputs.tensor("sid").scalars(as: Int64.self)[0]
            let count = try inputs.tensor("input").count
            return ["z": Tensor(shape: [1, 1, count], [Float](repeating: Float(speaker) / 10, count: count))]
        }
        let decoder = ClosureGraph(inputs: [z, sid], outputs: [TensorSpec("audio", .f32, [1, 1, 1, nil])]) {
            inputs throws(InferenceError) in
            let speaker = try inputs.tensor("sid").scalars(as: Int64.self)[0]
            let latents = try inputs.tensor("z").scalars(as: Float.self)
            let sound = latents.flatMap { [Float](repeating: $0 + Float(speaker) / 100, count: 10) }
            return ["audio": Tensor(shape: [1, 1, 1, sound.count], sound)]
        }
        let model = try PiperModel(bundle.bundle, encoder: encoder, decoder: decoder, phonemizer: Letters())
        return Voice(model: model, encoder: encoder, bundle: bundle)
    }

    private func speak(_ voice: Voice, _ utterance: Utterance) async throws -> [Float] {
        var sound: [Float] = []
        for try await event in voice.model.speech(for: utterance) {
            if case .audio(let chunk) = event { sound += chunk.samples }
        }
        return sound
    }

    private let names = #"{"clara": 2, "anna": 0, "bruno": 1}"#

    @Test func bothGraphsHearWhoSpeaks() async throws {
        let voice = try voice(speakers: names)
        #expect(voice.model.voices.map(\.name) == ["anna", "bruno", "clara"])
        let levels: [(String?, Float)] = [(nil, 0), ("anna", 0), ("bruno", 0.11), ("clara", 0.22), ("2", 0.22)]
        for (name, level) in levels {
            let sound = try await speak(voice, Utterance("aaa", voice: name))
            #expect(!sound.isEmpty)
            #expect(sound.allSatisfy { abs($0 - level) < 1e-6 }, "\(name ?? "none")")
        }
    }

    @Test func speakersWithoutNamesAreNumbers() throws {
        #expect(try voice(speakers: "{}").model.voices.map(\.name) == ["0", "1", "2"])
    }

    @Test func aSpeakerThatTheGraphDoesNotKnowIsRefused() {
        let error = #expect(throws: InferenceError.self) { try voice(speakers: #"{"dora": 3}"#) }
        #expect(error?.message.contains("\"dora\" has number 3") == true)
    }

    @Test func aSlipInTheNameIsTold() async throws {
        let voice = try voice(speakers: names)
        for (name, told) in [
            ("Bruno", "did you mean bruno?"), ("klara", "clara"), ("7", "there is anna, bruno, clara"),
        ] {
            let error = await #expect(throws: SpeechError.self) {
                _ = try await speak(voice, Utterance("a", voice: name))
            }
            #expect(error?.code == .unsupported)
            #expect(error?.message.contains(told) == true, "\(error?.message ?? "")")
        }
    }

    @Test func phonemesThatTheVoiceLacksAreTold() async throws {
        let voice = try voice(speakers: names)
        let error = await #expect(throws: SpeechError.self) { _ = try await speak(voice, Utterance("a [[aɣ]]")) }
        #expect(error?.code == .invalidText)
        #expect(error?.message.contains("\"ɣ\" of [[aɣ]]") == true)
        #expect(try await speak(voice, Utterance("a [[aa]]")).count > 0)
    }

    @Test(arguments: [
        // A first clause of ten phonemes, then thirty.
        ("aaaaa aaaa, aaaaaaaaaa aaaaaaaaa aaaaaaaaa", true),
        // Too short to stand alone; behind the middle; none.
        ("aaa, aaaaaaaaaa aaaaaaaaaa aaaaaaaaaa", false), ("aaaaaaaaa aaaaaaaaa aaaaaaaa, aaaa", false),
        ("aaaaaaaaaa aaaaaaaaaa aaaaaaaaaa", false),
    ]) func lowLatencyBeginsWithTheFirstClause(text: String, isSplit: Bool) async throws {
        for latency in Latency.allCases {
            let voice = try voice(speakers: names)
            var iterator = voice.model.speech(for: Utterance(text, voice: "bruno", latency: latency))
                .makeAsyncIterator()
            var runs: [Int] = []
            while let event = try await iterator.next() {
                if case .audio = event { runs.append(voice.encoder.runs) }
            }
            #expect(runs.first == 1)
            #expect(runs.last == (isSplit && latency == .low ? 2 : 1), "\(latency)")
        }
    }
}
