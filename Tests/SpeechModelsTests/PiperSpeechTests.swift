import Inference
import Speech
import SpeechModels
import SpeechTesting
import SpeechText
import Testing

/// The voice over graphs made of closures: one latent frame per phoneme id, ten samples per frame.
@Suite struct PiperSpeechTests {
    /// Each word is a sentence of as many phonemes as it has letters.
    private struct WordPhonemizer: Phonemizer {
        func clauses(of text: String, voice: String) async throws(PhonemeError) -> [PhonemeClause] {
            guard voice == "en-us" else { throw PhonemeError(.unknownVoice, "no voice \(voice)") }
            guard !Task.isCancelled else { throw PhonemeError(.cancelled, "cancelled") }
            return text.split(separator: " ").map {
                PhonemeClause(phonemes: String(repeating: "a", count: $0.count), terminator: nil, endsSentence: true)
            }
        }
    }

    private struct Voice {
        let model: PiperModel
        let encoder: ClosureGraph
        let decoder: ClosureGraph
        let bundle: TemporaryBundle
    }

    private func voice() throws -> Voice {
        let bundle = try TemporaryBundle(
            family: "piper",
            sampleRate: 1_000,
            config: """
                {"espeakVoice": "en-us", "hopLength": 10, "latentChannels": 1, "overlap": 10, "noiseScale": 0.667,
                 "lengthScale": 1, "noiseW": 0.8, "speakers": 1, "speakerIDs": {},
                 "phonemeIDs": {"_": [0], "^": [1], "$": [2], "a": [3]}}
                """
        )
        let z = TensorSpec("z", .f32, [1, 1, nil])
        let encoder = ClosureGraph(
            inputs: [
                TensorSpec("input", .i64, [1, nil]), TensorSpec("input_lengths", .i64, [1]),
                TensorSpec("scales", .f32, [3]), TensorSpec("duration_noise", .f32, [1, 2, nil]),
                TensorSpec("prior_noise", .f32, [1, 1, nil]),
            ],
            outputs: [z]
        ) { inputs throws(InferenceError) in
            // The first noise number becomes the sound, so that a seed can be heard.
            let noise = try inputs.tensor("prior_noise").scalars(as: Float.self)[0] / 10
            let count = try inputs.tensor("input").count
            return ["z": Tensor(shape: [1, 1, count], [Float](repeating: noise, count: count))]
        }
        let decoder = ClosureGraph(inputs: [z], outputs: [TensorSpec("audio", .f32, [1, 1, 1, nil])]) {
            inputs throws(InferenceError) in
            let latents = try inputs.tensor("z").scalars(as: Float.self)
            let sound = latents.flatMap { [Float](repeating: $0, count: 10) }
            return ["audio": Tensor(shape: [1, 1, 1, sound.count], sound)]
        }
        let model = try PiperModel(bundle.bundle, encoder: encoder, decoder: decoder, phonemizer: WordPhonemizer())
        return Voice(model: model, encoder: encoder, decoder: decoder, bundle: bundle)
    }

    private func speak(_ voice: Voice, _ utterance: Utterance) async throws -> ([AudioChunk], SynthesisMetrics?) {
        var chunks: [AudioChunk] = []
        var metrics: SynthesisMetrics?
        for try await event in voice.model.speech(for: utterance) {
            switch event {
            case .audio(let chunk): chunks.append(chunk)
            case .finished(let cost): metrics = cost
            }
        }
        return (chunks, metrics)
    }

    @Test func everyFrameIsHeardOnceAndTheCostComesLast() async throws {
        let voice = try voice()
        let (chunks, metrics) = try await speak(voice, Utterance("aaaaaaaaaa aa"))
        // 2 n + 3 ids per sentence of n phonemes: 23 and 7 frames of ten samples.
        #expect(chunks.reduce(0) { $0 + $1.frames } == 300)
        #expect(chunks.map(\.position) == [0, 230])
        #expect(metrics?.duration == 0.3)
        #expect((metrics?.timeToFirstAudio ?? 0) > 0)
        #expect(metrics?.stageMilliseconds.keys.contains("phonemize") == true)
    }

    @Test func nothingRunsBeforeItIsAskedFor() async throws {
        let voice = try voice()
        var iterator = voice.model.speech(for: Utterance(String(repeating: "a", count: 200))).makeAsyncIterator()
        #expect(voice.encoder.runs == 0)
        _ = try await iterator.next()
        #expect(voice.encoder.runs == 1)
        #expect(voice.decoder.runs == 1)
    }

    @Test func aSeedFixesTheVoiceAndNoSeedDoesNot() async throws {
        let voice = try voice()
        let first = try await speak(voice, Utterance("aaa", seed: 7)).0
        #expect(try await speak(voice, Utterance("aaa", seed: 7)).0 == first)
        #expect(try await speak(voice, Utterance("aaa", seed: 8)).0 != first)
        #expect(try await speak(voice, Utterance("aaa")).0 != speak(voice, Utterance("aaa")).0)
    }

    @Test func whatTheVoiceCannotDoIsRefusedBeforeAnyWork() async throws {
        let voice = try voice()
        for utterance in [Utterance("a", speed: 0.1), Utterance("a", speed: 9), Utterance("a", voice: "nobody")] {
            let error = await #expect(throws: SpeechError.self) { _ = try await speak(voice, utterance) }
            #expect(error?.code == .unsupported)
        }
        #expect(voice.encoder.runs == 0)
    }

    @Test func cancellingStopsTheSpeech() async throws {
        let voice = try voice()
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await speak(voice, Utterance("aaa"))
        }
        let error = await #expect(throws: SpeechError.self) { _ = try await task.value }
        #expect(error?.code == .cancelled)
    }

    @Test func aGraphOfAnotherModelIsRefused() throws {
        let voice = try voice()
        let error = #expect(throws: InferenceError.self) {
            _ = try PiperModel(
                voice.bundle.bundle,
                encoder: voice.decoder,
                decoder: voice.decoder,
                phonemizer: WordPhonemizer()
            )
        }
        #expect(error?.code == .badModel)
    }
}
