import Speech
import SpeechModels
import SpeechTesting
import Testing

@Suite struct SegmentationTests {
    /// Half a second of silence or sound, at 16 kHz.
    private func halfSeconds(_ loudness: [Float]) -> [Float] {
        loudness.flatMap { [Float](repeating: $0, count: 8_192) }
    }

    private func transcripts(
        of samples: [Float],
        chunk: Int = 16_000,
        longest: Int = 480_000
    ) async throws -> [Transcript] {
        let recognizer = SegmentedRecognizer(
            detector: LoudnessDetector(),
            model: CountingRecognizer(longestUtterance: longest)
        )
        var inputs: [RecognizerInput] = []
        for start in stride(from: 0, to: samples.count, by: chunk) {
            let part = Array(samples[start..<min(samples.count, start + chunk)])
            inputs.append(.audio(AudioChunk(samples: part, sampleRate: 16_000, position: start)))
        }
        var finals: [Transcript] = []
        for try await event in recognizer.transcripts(of: Replay(inputs + [.endOfUtterance])) {
            if case .final(let transcript) = event { finals.append(transcript) }
        }
        return finals
    }

    private func spans(_ transcripts: [Transcript]) -> [Range<Int>] {
        transcripts.map { transcript in
            let numbers = transcript.text.split(separator: "+").compactMap { Int($0) }
            return numbers[0]..<numbers[0] + numbers[1]
        }
    }

    @Test func silenceGivesNoText() async throws {
        #expect(try await transcripts(of: halfSeconds([0, 0, 0, 0])).isEmpty)
        #expect(try await transcripts(of: [0.9]).isEmpty)
    }

    @Test func speechKeepsItsPreRoll() async throws {
        let found = spans(try await transcripts(of: halfSeconds([0, 0, 0.9, 0.9, 0, 0, 0])))
        #expect(found == [2 * 8_192 - 3_200..<4 * 8_192 + 3_200])
    }

    @Test func shortPausesShareAWindowAndLongOnesDoNot() async throws {
        let together = try await transcripts(of: halfSeconds([0.9, 0, 0, 0.9, 0, 0]))
        #expect(together.count == 1)
        let apart = try await transcripts(of: halfSeconds([0.9] + [Float](repeating: 0, count: 6) + [0.9, 0, 0]))
        #expect(apart.count == 2)
    }

    @Test(arguments: [1, 160, 511, 512, 16_000, 100_000])
    func theSizeOfTheChunksMakesNoDifference(chunk: Int) async throws {
        let samples = halfSeconds([0, 0.9, 0.9, 0, 0.9, 0, 0, 0, 0, 0, 0.9, 0.9, 0])
        #expect(try await transcripts(of: samples, chunk: chunk) == transcripts(of: samples, chunk: 7_777))
    }

    @Test func endlessSpeechIsCutAtItsQuietestPlaceAndNothingIsLost() async throws {
        // 20 half seconds without a pause; the detector is least sure in number 11.
        var loudness = [Float](repeating: 0.9, count: 20)
        loudness[11] = 0.6
        let found = spans(try await transcripts(of: halfSeconds(loudness), longest: 8_192 * 14))
        #expect(found.first?.lowerBound == 0)
        #expect(found.last?.upperBound == 20 * 8_192)
        for (left, right) in zip(found, found.dropFirst()) { #expect(left.upperBound == right.lowerBound) }
        #expect(found.allSatisfy { $0.count <= 8_192 * 14 })
        #expect((11 * 8_192...12 * 8_192).contains(found[0].upperBound))
    }

    @Test func noTimeLiesBehindTheEnd() async throws {
        // Speech to the last sample, which is in the middle of a window.
        let samples = [Float](repeating: 0.9, count: 8_192 + 100)
        #expect(spans(try await transcripts(of: samples)) == [0..<samples.count])
    }

    @Test func timesGoOnAfterTheEndOfAnUtterance() async throws {
        let recognizer = SegmentedRecognizer(detector: LoudnessDetector(), model: CountingRecognizer())
        var session = try recognizer.makeSession(RecognitionOptions())
        let speech = AudioChunk(samples: halfSeconds([0.9, 0.9]), sampleRate: 16_000)
        _ = try await session.step(.audio(speech))
        #expect(try await session.step(.endOfUtterance).isEmpty)
        #expect(!session.isListening)
        #expect(try await session.drain().count == 1)
        _ = try await session.step(.audio(speech))
        _ = try await session.step(.endOfUtterance)
        let second = try #require(try await session.drain().first)
        #expect(second.segments[0].start == 16_384.0 / 16_000)
    }

    /// Speech of 0.5 to 3 s with pauses that close windows, and some that do not.
    private static let long: [Float] = (0..<120).map { [0, 3, 6, 7, 8, 9, 10].contains($0 % 13) ? 0 : 0.9 }

    @Test(arguments: [1, 2, 3, 8], [false, true])
    func windowsSideBySideGiveTheSameTextsInOrder(parallel: Int, isReversed: Bool) async throws {
        let samples = halfSeconds(Self.long)
        let expected = try await transcripts(of: samples, longest: 65_536)
        #expect(expected.count > 10)
        let recognizer = SegmentedRecognizer(
            detector: LoudnessDetector(),
            model: CountingRecognizer(longestUtterance: 65_536)
        )
        var options = RecognitionOptions()
        options.parallel = parallel
        var session = try recognizer.makeSession(options)
        var found: [Transcript] = []
        var most = 0
        for start in stride(from: 0, to: samples.count, by: 50_000) {
            // What was heard stays heard, however late the texts are.
            while !session.isListening { found += try await session.drain(isReversed: isReversed, once: true) }
            let part = Array(samples[start..<min(samples.count, start + 50_000)])
            _ = try await session.step(.audio(AudioChunk(samples: part, sampleRate: 16_000, position: start)))
            most = max(most, session.works.count)
            #expect(session.works.count <= parallel)
        }
        _ = try await session.step(.endOfUtterance)
        found += try await session.drain(isReversed: isReversed)
        #expect(found == expected)
        #expect(parallel == 1 || most > 1)
        #expect(session.isListening)
    }

    @Test func aWindowThatFailsEndsTheStream() async throws {
        let recognizer = SegmentedRecognizer(detector: LoudnessDetector(), model: BrokenRecognizer())
        var options = RecognitionOptions()
        options.parallel = 2
        let speech = AudioChunk(samples: halfSeconds(Self.long), sampleRate: 16_000)
        let events = recognizer.transcripts(of: Replay([.audio(speech), .endOfUtterance]), options)
        let error = await #expect(throws: SpeechError.self) { for try await _ in events {} }
        #expect(error?.code == .modelFailed)
    }

    @Test func whatStandsBeforeAWindowThatFailsIsTold() async throws {
        let recognizer = SegmentedRecognizer(
            detector: LoudnessDetector(),
            model: BrokenRecognizer(soundUpTo: 3 * 8_192)
        )
        var options = RecognitionOptions()
        options.parallel = 4
        var session = try recognizer.makeSession(options)
        _ = try await session.step(.audio(AudioChunk(samples: halfSeconds(Self.long), sampleRate: 16_000)))
        let works = session.works
        #expect(works.count == 4)
        // The second fails first: it waits for its turn, and nothing behind it is wanted any more.
        #expect(try await session.take(await works[1].outcome()).isEmpty)
        #expect(session.works.map(\.id) == [works[0].id])
        #expect(!session.isListening)
        #expect(try await session.take(await works[0].outcome()).count == 1)
        let last = try #require(session.works.first)
        await #expect(throws: SpeechError.self) { _ = try await session.take(await last.outcome()) }
    }

    @Test(arguments: [1, 4]) func whatWasHeardBeforeADetectorFailsIsTold(parallel: Int) async throws {
        // Two stretches of speech with a long pause between them; it fails in the middle of the second.
        let samples = halfSeconds([0.9, 0.9] + [Float](repeating: 0, count: 8) + [0.9, 0.9, 0.9, 0.9])
        let recognizer = SegmentedRecognizer(
            detector: BrokenDetector(windows: 12 * 16),
            model: CountingRecognizer(longestUtterance: 65_536)
        )
        var options = RecognitionOptions()
        options.parallel = parallel
        let sound = AudioChunk(samples: samples, sampleRate: 16_000)
        var found: [Transcript] = []
        let error = await #expect(throws: SpeechError.self) {
            for try await event in recognizer.transcripts(of: Replay([.audio(sound), .endOfUtterance]), options) {
                if case .final(let transcript) = event { found.append(transcript) }
            }
        }
        #expect(error?.message == "deaf")
        #expect(spans(found).map(\.lowerBound) == [0, 10 * 8_192 - 3_200])
    }

    /// Speech that grows too long while it fades: the quietest place to cut at lies in a pause that has begun.
    @Test(arguments: 18...22) func aCutInsideAPauseLeavesNothingBehindIt(loud: Int) async throws {
        for (faint, silence) in (6...11).flatMap({ faint in (0...3).map { (faint, $0) } }) {
            let fading = (0..<faint).flatMap { [Float](repeating: 0.34 - 0.02 * Float($0), count: 512) }
            let samples =
                [Float](repeating: 0.9, count: loud * 512) + fading + [Float](repeating: 0, count: silence * 512)
            // 27.5 windows of the detector, and 0.2 s on both sides.
            let found = spans(try await transcripts(of: samples, longest: 40 * 512))
            #expect(found.first?.lowerBound == 0)
            for (left, right) in zip(found, found.dropFirst()) { #expect(left.upperBound <= right.lowerBound) }
        }
    }

    @Test func aLanguageTheModelLacksIsRefused() {
        let recognizer = SegmentedRecognizer(detector: LoudnessDetector(), model: CountingRecognizer())
        let error = #expect(throws: SpeechError.self) {
            _ = try recognizer.makeSession(RecognitionOptions(language: Language("fr")))
        }
        #expect(error?.code == .unsupported)
        #expect(error?.message.contains("French") == true)
    }

    @Test func anotherRateIsRefused() async throws {
        let recognizer = SegmentedRecognizer(detector: LoudnessDetector(), model: CountingRecognizer())
        var session = try recognizer.makeSession(RecognitionOptions())
        await #expect(throws: SpeechError.self) {
            _ = try await session.step(.audio(AudioChunk(samples: [0], sampleRate: 8_000)))
        }
    }
}

/// Fails behind a sample.
private struct BrokenRecognizer: UtteranceRecognizer {
    var soundUpTo = 0
    let sampleRate = 16_000
    let languages: [Language] = []
    let longestUtterance = 65_536

    func transcript(of audio: AudioChunk, _ options: RecognitionOptions) async throws(SpeechError) -> Transcript {
        guard audio.position < soundUpTo else { throw SpeechError(.modelFailed, "broken") }
        return Transcript(text: "heard", language: nil)
    }
}

/// Tells loudness, as long as it works.
private struct BrokenDetector: SpeechDetector {
    var windows: Int
    let sampleRate = 16_000
    let window = 512

    func start() -> Int { 0 }

    func probability(of samples: ArraySlice<Float>, state: inout Int) async throws(SpeechError) -> Float {
        guard state < windows else { throw SpeechError(.modelFailed, "deaf") }
        state += 1
        return min(1, samples.map(abs).max() ?? 0)
    }
}

extension RecognitionSession {
    /// Lets decodes end and gives their texts, until none is left or, with `once`, one of them.
    fileprivate mutating func drain(isReversed: Bool = false, once: Bool = false) async throws -> [Transcript] {
        var found: [Transcript] = []
        while let work = isReversed ? works.last : works.first {
            for event in try await take(await work.outcome()) {
                if case .final(let transcript) = event { found.append(transcript) }
            }
            if once { break }
        }
        return found
    }
}
