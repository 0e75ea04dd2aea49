import Foundation
import Speech
import SpeechModels
import SpeechTesting
import Testing

/// The stream of events with decodes on tasks of their own.
@Suite(.timeLimit(.minutes(2))) struct StreamingDriverTests {
    private func sound(_ loudness: Float, seconds: Double) -> RecognizerInput {
        .audio(AudioChunk(samples: [Float](repeating: loudness, count: Int(seconds * 16_000)), sampleRate: 16_000))
    }

    private func isPartial(_ event: TranscriptEvent?) -> Bool { if case .partial = event { true } else { false } }

    private func text(_ event: TranscriptEvent?) -> String? {
        if case .final(let transcript) = event { transcript.text } else { nil }
    }

    @Test func aPartialComesAlthoughNoMoreSoundDoes() async throws {
        let inbox = AudioInbox(capacity: 160_000)
        let recognizer = StreamingRecognizer(detector: LoudnessDetector(), model: WordClock())
        var events = recognizer.transcripts(of: inbox).makeAsyncIterator()
        await inbox.send(sound(0.9, seconds: 1.5))
        #expect(try await events.next() == .speechStarted(at: 0))
        #expect(isPartial(try await events.next()))
        await inbox.send(.pause)
        await inbox.send(.endOfUtterance)
        inbox.finish()
        var last: TranscriptEvent?
        while let event = try await events.next() { last = event }
        #expect(text(last) == WordClock.words(0..<24_000).joined(separator: " "))
        #expect(try await events.next() == nil)
    }

    @Test func theEndCancelsThePartialThatIsRunning() async throws {
        let model = GatedRecognizer()
        let inbox = AudioInbox(capacity: 160_000)
        async let text = {
            let recognizer = StreamingRecognizer(detector: LoudnessDetector(), model: model)
            var texts: [String] = []
            for try await event in recognizer.transcripts(of: inbox) { texts += [self.text(event)].compactMap { $0 } }
            return texts
        }()
        await inbox.send(sound(0.9, seconds: 1.5))
        await model.hasStarted(1)
        await inbox.send(.endOfUtterance)
        await model.hasCancelled(1)
        await model.hasStarted(2)
        model.open()
        inbox.finish()
        #expect(try await text == ["heard 24000"])
        #expect(model.cancelled == 1)
    }

    @Test func aStreamThatIsDroppedStopsItsDecodeAndItsWriter() async throws {
        let model = GatedRecognizer()
        let inbox = AudioInbox(capacity: 160_000)
        do {
            let recognizer = StreamingRecognizer(detector: LoudnessDetector(), model: model)
            var events = recognizer.transcripts(of: inbox).makeAsyncIterator()
            await inbox.send(sound(0.9, seconds: 1.5))
            #expect(try await events.next() == .speechStarted(at: 0))
            await model.hasStarted(1)
        }
        await model.hasCancelled(1)
        while await inbox.send(sound(0, seconds: 1)) {}
    }

    @Test func aListenerThatIsCancelledStopsItsDecodeAndItsWriter() async throws {
        let model = GatedRecognizer()
        let inbox = AudioInbox(capacity: 160_000)
        let listener = Task {
            let recognizer = StreamingRecognizer(detector: LoudnessDetector(), model: model)
            for try await _ in recognizer.transcripts(of: inbox) {}
        }
        await inbox.send(sound(0.9, seconds: 1.5))
        await model.hasStarted(1)
        listener.cancel()
        let error = await #expect(throws: SpeechError.self) { try await listener.value }
        #expect(error?.code == .cancelled)
        await model.hasCancelled(1)
        while await inbox.send(sound(0, seconds: 1)) {}
    }

    @Test func soundThatComesFasterThanItIsDecodedWaitsInTheInbox() async throws {
        let inbox = AudioInbox(capacity: 16_000)
        let recognizer = StreamingRecognizer(detector: LoudnessDetector(), model: WordClock())
        let writer = Task {
            for _ in 0..<20 {
                await inbox.send(sound(0.9, seconds: 2))
                await inbox.send(sound(0, seconds: 1))
            }
            await inbox.send(.endOfUtterance)
            inbox.finish()
        }
        var texts: [String] = []
        for try await event in recognizer.events(of: inbox) { texts += [text(event)].compactMap { $0 } }
        await writer.value
        #expect(texts.count == 21)
        #expect(texts.dropLast().allSatisfy { $0.split(separator: " ").count >= 8 })
        #expect(texts.last == "")
    }

    @Test func aFailureEndsTheStream() async throws {
        let inbox = AudioInbox(capacity: 16_000)
        let recognizer = StreamingRecognizer(detector: LoudnessDetector(), model: WordClock())
        var events = recognizer.transcripts(of: inbox).makeAsyncIterator()
        await inbox.send(.audio(AudioChunk(samples: [0], sampleRate: 8_000)))
        await #expect(throws: SpeechError.self) { _ = try await events.next() }
        #expect(try await events.next() == nil)
        while await inbox.send(sound(0, seconds: 1)) {}
    }
}
