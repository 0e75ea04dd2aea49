import Speech
import SpeechModels
import SpeechTesting
import Testing

/// The session as a state machine: decodes end when the test says so.
@Suite struct StreamingSessionTests {
    typealias Session = StreamingSession<LoudnessDetector, WordClock>

    private func session(
        _ options: RecognitionOptions = RecognitionOptions(),
        model: WordClock = WordClock()
    ) throws -> Session {
        try StreamingRecognizer(detector: LoudnessDetector(), model: model).makeSession(options)
    }

    /// Sends sound in 20 ms frames; each decode ends after `delay` frames.
    private func run(
        _ session: inout Session,
        _ loudness: [(Float, seconds: Double)],
        delay: Int = 5
    ) async throws -> [TranscriptEvent] {
        let samples = loudness.flatMap { [Float](repeating: $0.0, count: Int($0.seconds * 16_000)) }
        var events: [TranscriptEvent] = []
        var running: (id: Int, age: Int)?
        for start in stride(from: 0, to: samples.count, by: 320) {
            while !session.isListening { events += try await finish(&session) }
            let frame = Array(samples[start..<min(samples.count, start + 320)])
            events += try await session.step(.audio(AudioChunk(samples: frame, sampleRate: 16_000)))
            guard let work = session.works.first else {
                running = nil
                continue
            }
            let age = running?.id == work.id ? (running?.age ?? 0) + 1 : 0
            running = (work.id, age)
            if age >= delay { events += try await finish(&session) }
        }
        return events
    }

    /// Lets the wanted decode end. Its time is counted, not measured: the machine may be busy.
    private func finish(_ session: inout Session) async throws -> [TranscriptEvent] {
        guard let work = session.works.first else { return [] }
        var outcome = await work.outcome()
        outcome.seconds = 0.001
        return try await session.take(outcome)
    }

    private func end(_ session: inout Session) async throws -> [TranscriptEvent] {
        var events = try await session.step(.endOfUtterance)
        while !session.isListening { events += try await finish(&session) }
        return events
    }

    private func finals(_ events: [TranscriptEvent]) -> [Transcript] {
        events.compactMap { if case .final(let transcript) = $0 { transcript } else { nil } }
    }

    private func partials(_ events: [TranscriptEvent]) -> [Transcript] {
        events.compactMap { if case .partial(let transcript) = $0 { transcript } else { nil } }
    }

    private func words(_ texts: [Transcript]) -> [String] {
        texts.flatMap { $0.text.split(separator: " ").map(String.init) }
    }

    @Test func partialsGrowAndTheirStablePartStays() async throws {
        var session = try session()
        let events = try await run(&session, [(0, 0.5), (0.9, 4), (0, 0.8)])
        let texts = partials(events)
        #expect(texts.count >= 4)
        for (old, new) in zip(texts, texts.dropFirst()) {
            #expect(new.text.hasPrefix(old.text.prefix(old.stableCharacters)))
            #expect(new.stableCharacters >= old.stableCharacters)
        }
        #expect((texts.last?.stableCharacters ?? 0) > 20)
        guard case .speechStarted(let start) = events.first else {
            Issue.record("speech did not start")
            return
        }
        #expect(abs(start - 0.5) < 0.05)
        #expect(events.dropLast().last == .endpoint(at: 4.512))
        #expect(finals(events).count == 1)
        #expect(finals(events)[0].stableCharacters == finals(events)[0].text.count)
        #expect(finals(events)[0].metrics?.revisedStableWords == 0)
    }

    @Test func theFinalIsThereWhenThePauseIsLongEnough() async throws {
        let model = WordClock()
        var session = try session(model: model)
        let events = try await run(&session, [(0.9, 2), (0, 0.6)])
        #expect(finals(events).map(\.metrics?.mode) == [.speculative])
        #expect(finals(events).map(\.metrics?.finalizeSeconds).allSatisfy { ($0 ?? 1) < 0.05 })
        // The last decode is the one of the whole utterance: nothing was decoded after the end was certain.
        #expect(model.calls.last == 0..<32_256 + 3_200)
        #expect(WordClock.words(0..<32_256 + 3_200) == words(finals(events)))
    }

    @Test func speechThatGoesOnTakesASuspicionBack() async throws {
        let model = WordClock()
        var session = try session(model: model)
        var events = try await run(&session, [(0.9, 2), (0, 0.4), (0.9, 1)])
        #expect(finals(events).isEmpty)
        events = try await end(&session)
        #expect(finals(events).map(\.metrics?.mode) == [.decoded])
        #expect(words(finals(events)) == WordClock.words(0..<Int(3.4 * 16_000)))
    }

    @Test func aDecodeOnSuspicionThatIsStillRunningBecomesThePartialText() async throws {
        let model = WordClock()
        var session = try session(model: model)
        _ = try await run(&session, [(0.9, 2), (0, 0.4)], delay: 1_000)
        let suspicion = session.works.first?.id
        #expect(suspicion != nil)
        _ = try await run(&session, [(0.9, 0.2)], delay: 1_000)
        #expect(session.works.first?.id == suspicion)
        #expect(partials(try await finish(&session)).count == 1)
        #expect(finals(try await end(&session)).map(\.metrics?.mode) == [.decoded])
        var quiet = try self.session(RecognitionOptions(partials: false), model: model)
        _ = try await run(&quiet, [(0.9, 2), (0, 0.4)], delay: 1_000)
        #expect(!quiet.works.isEmpty)
        _ = try await run(&quiet, [(0.9, 0.2)], delay: 1_000)
        #expect(quiet.works.isEmpty)
    }

    @Test func aFinalNeverWaitsForAPartial() async throws {
        var session = try session()
        _ = try await run(&session, [(0.9, 1.5)], delay: 1_000)
        let partial = session.works.first
        #expect(partial != nil)
        #expect(try await session.step(.endOfUtterance).isEmpty)
        #expect(!session.works.isEmpty)
        #expect(session.works.first?.id != partial?.id)
        // What comes of the partial after all is of no interest.
        if let partial { #expect(try await session.take(await partial.outcome()).isEmpty) }
        let events = try await finish(&session)
        #expect(words(finals(events)) == WordClock.words(0..<24_000))
    }

    @Test func aPauseFromTheClientStartsTheFinalAtOnce() async throws {
        let model = WordClock()
        var session = try session(model: model)
        _ = try await run(&session, [(0.9, 1.5)], delay: 1)
        let before = model.calls.count
        #expect(try await session.step(.pause).isEmpty)
        _ = try await finish(&session)
        #expect(model.calls.count == before + 1)
        let events = try await session.step(.endOfUtterance)
        #expect(finals(events).map(\.metrics?.mode) == [.speculative])
        #expect(words(finals(events)) == WordClock.words(0..<24_000))
        #expect(model.calls.count == before + 1)
    }

    @Test func speechAfterAPauseFromTheClientIsNotLost() async throws {
        var session = try session()
        _ = try await run(&session, [(0.9, 1.5)], delay: 1)
        _ = try await session.step(.pause)
        _ = try await finish(&session)
        _ = try await run(&session, [(0.9, 1)], delay: 1_000)
        let events = try await end(&session)
        #expect(words(finals(events)) == WordClock.words(0..<40_000))
        #expect(finals(events).map(\.metrics?.mode) == [.decoded])
    }

    @Test func eachEndIsAnsweredByOneFinal() async throws {
        var session = try session()
        #expect(finals(try await end(&session)).map(\.text) == [""])
        _ = try await run(&session, [(0.9, 1)])
        #expect(finals(try await end(&session)).map(\.text) == ["w0 w1 w2 w3"])
        #expect(finals(try await end(&session)).map(\.text) == [""])
        _ = try await run(&session, [(0.9, 1)])
        #expect(finals(try await end(&session)).map(\.text) == ["w4 w5 w6 w7"])
    }

    @Test func aClickIsNoSpeech() async throws {
        var session = try session()
        let events = try await run(&session, [(0, 0.5), (0.9, 0.1), (0, 2)])
        #expect(events.isEmpty)
        #expect(session.works.isEmpty)
    }

    @Test func pausesEndUtterancesUnlessTheClientWantsToDoThat() async throws {
        let sound: [(Float, seconds: Double)] = [(0.9, 1), (0, 1), (0.9, 1), (0, 1)]
        var automatic = try session()
        #expect(finals(try await run(&automatic, sound)).count == 2)
        var manual = try session(RecognitionOptions(detectsEndpoints: false))
        let events = try await run(&manual, sound)
        #expect(finals(events).isEmpty)
        #expect(!events.contains { if case .endpoint = $0 { true } else { false } })
        let all = finals(try await end(&manual))
        #expect(all.count == 1)
        #expect(words(all).contains("w1"))
        #expect(words(all).contains("w10"))
    }

    @Test func aLongSilenceInsideAnUtteranceIsNotDecoded() async throws {
        let model = WordClock()
        var session = try session(RecognitionOptions(detectsEndpoints: false), model: model)
        _ = try await run(&session, [(0.9, 2), (0, 120), (0.9, 2)])
        let all = finals(try await end(&session))
        #expect(words(all).first == "w0")
        #expect(words(all).last == "w483")
        #expect(model.calls.allSatisfy { $0.count < 5 * 16_000 })
        #expect(all[0].segments.count == 2)
    }

    @Test(arguments: [1, 10, 100])
    func tenMinutesWithoutAPauseCostNoMorePerSecondThanTen(delay: Int) async throws {
        func cost(_ seconds: Double) async throws -> (decoded: Double, longest: Int, held: Int, Transcript?) {
            let model = WordClock()
            var session = try session(model: model)
            var held = 0
            var events: [TranscriptEvent] = []
            for _ in 0..<Int(seconds / 10) {
                events += try await run(&session, [(0.9, 10)], delay: delay)
                held = max(held, session.heldSamples)
            }
            events += try await end(&session)
            let texts = partials(events)
            for (old, new) in zip(texts, texts.dropFirst()) {
                #expect(new.text.hasPrefix(old.text.prefix(old.stableCharacters)))
            }
            let decoded = model.calls.map { Double($0.count) }.reduce(0, +) / 16_000
            return (decoded / seconds, model.calls.map(\.count).max() ?? 0, held, finals(events).last)
        }
        let short = try await cost(10)
        let long = try await cost(600)
        // Windows are up to 20 s long, and 5 s on average in an utterance of 10 s.
        #expect(long.decoded < 3 * short.decoded)
        #expect(long.longest <= 21 * 16_000)
        #expect(long.held <= 22 * 16_000)
        // Nothing is lost where it is cut, and nothing is said twice.
        #expect(words([long.3].compactMap { $0 }) == WordClock.words(0..<600 * 16_000))
        #expect(long.3?.metrics?.revisedStableWords == 0)
    }

    @Test func longSpeechIsDividedAtShortPauses() async throws {
        let model = WordClock()
        var session = try session(model: model)
        let phrase: [(Float, seconds: Double)] = [(0.9, 3.7), (0, 0.3)]
        _ = try await run(&session, (0..<10).flatMap { _ in phrase })
        let text = finals(try await end(&session))
        #expect(text.count == 1)
        #expect((text[0].segments.count) >= 3)
        for segment in text[0].segments.dropLast() {
            let phase = segment.end.truncatingRemainder(dividingBy: 4)
            #expect(phase > 3.7 || phase < 0.05)
        }
        #expect(Set(words(text)).count == words(text).count)
    }

    @Test func anIdleStreamHoldsLittle() async throws {
        var session = try session()
        for _ in 0..<6 { #expect(try await run(&session, [(0, 10)]).isEmpty) }
        #expect(session.heldSamples < 16_000)
        _ = try await run(&session, [(0.9, 10), (0, 5)])
        #expect(session.heldSamples < 16_000)
    }

    @Test(arguments: [1, 160, 511, 512, 5_000, 160_000])
    func theSizeOfTheChunksMakesNoDifferenceToTheFinals(chunk: Int) async throws {
        let loudness: [(Float, seconds: Double)] = [(0, 0.3), (0.9, 1.5), (0, 0.3), (0.9, 1), (0, 0.9), (0.9, 2)]
        let samples = loudness.flatMap { [Float](repeating: $0.0, count: Int($0.seconds * 16_000)) }
        var session = try session(RecognitionOptions(partials: false))
        var events: [TranscriptEvent] = []
        for start in stride(from: 0, to: samples.count, by: chunk) {
            let part = Array(samples[start..<min(samples.count, start + chunk)])
            events += try await session.step(.audio(AudioChunk(samples: part, sampleRate: 16_000)))
            while !session.isListening { events += try await finish(&session) }
        }
        events += try await end(&session)
        #expect(
            finals(events).map(\.text) == [
                "w0 w1 w2 w3 w4 w5 w6 w7 w8 w9 w10 w11 w12", "w15 w16 w17 w18 w19 w20 w21 w22",
            ]
        )
    }

    @Test func badSoundAndBadOptionsAreRefused() async throws {
        var session = try session()
        for chunk in [
            AudioChunk(samples: [0], sampleRate: 8_000), AudioChunk(samples: [0, 0], sampleRate: 16_000, channels: 2),
            AudioChunk(samples: [.nan], sampleRate: 16_000), AudioChunk(samples: [.infinity], sampleRate: 16_000),
        ] {
            let error = await #expect(throws: SpeechError.self) { _ = try await session.step(.audio(chunk)) }
            #expect(error?.code == .invalidAudio)
        }
        var endpointing = Endpointing.streaming
        endpointing.minimumSilence = .nan
        let error = #expect(throws: SpeechError.self) {
            _ = try self.session(RecognitionOptions(endpointing: endpointing))
        }
        #expect(error?.message == "minimumSilence is a number of seconds from 0.05 to 30")
        #expect(throws: SpeechError.self) { _ = try self.session(RecognitionOptions(language: Language("fr"))) }
    }

    @Test func aFailedDecodeIsTold() async throws {
        var session = try session()
        _ = try await run(&session, [(0.9, 1.5)], delay: 1_000)
        let id = session.works.first?.id ?? 0
        let failure = RecognitionWork.Outcome(id: id, result: .failure(SpeechError(.modelFailed, "broken")), seconds: 0)
        let error = await #expect(throws: SpeechError.self) { _ = try await session.take(failure) }
        #expect(error?.message == "broken")
    }
}
