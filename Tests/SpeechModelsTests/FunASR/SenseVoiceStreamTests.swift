import Inference
import Speech
import SpeechModels
import SpeechTesting
import Testing

/// SenseVoice as it hears live speech, over graphs whose tokens can be foretold.
@Suite struct SenseVoiceStreamTests {
    /// Sends sound in random pieces; each decode ends after a random number of them.
    private func events(
        _ samples: [Float],
        _ model: SenseVoiceModel,
        _ numbers: inout SeededNumbers
    ) async throws -> [TranscriptEvent] {
        var session = try StreamingRecognizer(detector: LoudnessDetector(), model: model)
            .makeSession(RecognitionOptions())
        let largest = [160, 1_600, 16_000].randomElement(using: &numbers) ?? 160
        let delay = Int.random(in: 0...max(1, 8_000 / largest), using: &numbers)
        var events: [TranscriptEvent] = []
        var running: (id: Int, age: Int)?
        var start = 0
        while start < samples.count {
            while !session.isListening { events += try await finish(&session) }
            let end = min(samples.count, start + Int.random(in: 1...largest, using: &numbers))
            let piece = AudioChunk(samples: Array(samples[start..<end]), sampleRate: 16_000, position: start)
            events += try await session.step(.audio(piece))
            start = end
            running = session.works.first.map { work in (work.id, running?.id == work.id ? (running?.age ?? 0) + 1 : 0)
            }
            if let age = running?.age, age >= delay { events += try await finish(&session) }
        }
        while !session.isListening { events += try await finish(&session) }
        events += try await session.step(.endOfUtterance)
        while !session.isListening { events += try await finish(&session) }
        return events
    }

    /// Lets the wanted decode end. Its time is counted, not measured: the machine may be busy.
    private func finish(_ session: inout StreamingSession<LoudnessDetector, SenseVoiceModel>) async throws
        -> [TranscriptEvent]
    {
        guard let work = session.works.first else { return [] }
        var outcome = await work.outcome()
        outcome.seconds = 0.001
        return try await session.take(outcome)
    }

    /// The texts of utterances; what was called stable must stay, also in the final text.
    private func finals(_ events: [TranscriptEvent], _ name: String) -> [String] {
        var stable = ""
        var finals: [String] = []
        for event in events {
            switch event {
            case .partial(let partial):
                #expect(partial.text.hasPrefix(stable) || stable.isEmpty, "\(name)")
                stable = String(partial.text.prefix(partial.stableCharacters))
            case .final(let final):
                #expect(final.text.hasPrefix(stable) || stable.isEmpty, "\(name)")
                finals.append(final.text)
                stable = ""
            default: break
            }
        }
        return finals.filter { !$0.isEmpty }
    }

    @Test func randomSpeechGivesWhatItsUtterancesGiveHoweverItIsCut() async throws {
        for seed in 0..<1_000 {
            var numbers = SeededNumbers(seed)
            var speech = DrawnSpeech(&numbers, utterances: Int.random(in: 1...3, using: &numbers), words: 1...6)
            speech.silence(Double.random(in: 0...2, using: &numbers))
            let graph = SenseVoiceFakes.export()
            let model = try SenseVoiceFakes.model(graph)
            let finals = finals(try await events(speech.samples, model, &numbers), "\(seed)")
            #expect(finals == speech.utterances.map(DrawnSpeech.text), "\(seed)")
            // A partial decode each 0.4 s, one for each pause that may be the end, and one that ends the utterance.
            let pauses = speech.pauses.count { $0 > 0.2 } + 2 * speech.utterances.count
            #expect(graph.runs <= speech.samples.count / 6_400 + pauses, "\(seed)")
        }
    }

    @Test func aSpeakerWhoNeverStopsIsHeardToTheEndAtBoundedCost() async throws {
        var numbers = SeededNumbers(6)
        let speech = DrawnSpeech(&numbers, utterances: 1, words: 300...300, pauses: 0.35)
        let graph = SenseVoiceFakes.export()
        let events = try await events(speech.samples, SenseVoiceFakes.model(graph), &numbers)
        #expect(finals(events, "300 words") == [DrawnSpeech.text(speech.utterances[0])])
        #expect(graph.runs < speech.samples.count / 16_000 * 4)
    }

    @Test(arguments: [0, 1, 399, 16_000, 160_000]) func silenceRunsNoGraph(count: Int) async throws {
        let graph = SenseVoiceFakes.export()
        var numbers = SeededNumbers(2)
        let silence = [Float](repeating: 0, count: count)
        let events = try await events(silence, SenseVoiceFakes.model(graph), &numbers)
        #expect(finals(events, "silence").isEmpty && graph.runs == 0)
        #expect(events.count { if case .final = $0 { true } else { false } } == 1)
    }
}
