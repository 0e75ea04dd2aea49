import Speech
import SpeechModels
import SpeechText
import Testing

/// Writes `twenty five` as `25`, and notes what it was asked.
private struct TwentyFive: WrittenForm {
    func written(_ spoken: String, language: String?) -> String {
        language == "fr" ? spoken : spoken.replacing("twenty five", with: "25")
    }
}

/// Says what it is told to, one event for each input.
private struct Scripted: SpeechRecognizer {
    var events: [TranscriptEvent]
    let sampleRate = 16_000
    let languages = ["en", "fr"].compactMap { Language($0) }

    func makeSession(_ options: RecognitionOptions) throws(SpeechError) -> Session { Session(events: events[...]) }

    struct Session: RecognitionSession {
        var events: ArraySlice<TranscriptEvent>
        mutating func step(_ input: RecognizerInput) async throws(SpeechError) -> [TranscriptEvent] {
            events.popFirst().map { [$0] } ?? []
        }
    }
}

@Suite("Texts behind a recognizer") struct PostprocessingTests {
    private func heard(_ events: [TranscriptEvent]) async throws -> [TranscriptEvent] {
        var processing = TextPostprocessing()
        processing.writtenForm = TwentyFive()
        var session = try PostprocessedRecognizer(Scripted(events: events), processing).makeSession(
            RecognitionOptions()
        )
        var heard: [TranscriptEvent] = []
        for _ in events { heard += try await session.step(.pause) }
        return heard
    }

    private func partial(_ text: String) -> TranscriptEvent { .partial(Transcript(text: text)) }

    private func final(_ texts: String..., language: String? = nil) -> TranscriptEvent {
        let segments = texts.enumerated().map { index, text in
            Transcript.Segment(
                start: Double(index),
                end: Double(index) + 1,
                text: text,
                language: language.flatMap { Language($0) },
                words: [.init(text: text, start: Double(index), end: Double(index) + 1)]
            )
        }
        return .final(Transcript(text: texts.joined(separator: " "), segments: segments))
    }

    private func transcripts(_ events: [TranscriptEvent]) -> [Transcript] {
        events.compactMap {
            switch $0 {
            case .partial(let transcript), .final(let transcript): transcript
            case .speechStarted, .endpoint: nil
            }
        }
    }

    @Test("A final text and its segments are written, partial ones and words stay as they were said")
    func finals() async throws {
        let events = try await heard([
            .speechStarted(at: 0), partial("it is twenty five"), .endpoint(at: 2),
            final("it is twenty five degrees", "on twenty five days"),
        ])
        let texts = transcripts(events)
        #expect(events.count == 4 && texts[0].text == "it is twenty five")
        #expect(texts[1].text == "it is 25 degrees on 25 days")
        #expect(texts[1].segments.map(\.text) == ["it is 25 degrees", "on 25 days"])
        #expect(texts[1].segments[0].words.map(\.text) == ["it is twenty five degrees"])
        #expect(texts[1].stableCharacters == texts[1].text.count)
    }

    @Test("The language of a segment chooses the rules")
    func language() async throws {
        let texts = transcripts(try await heard([final("twenty five", language: "fr")]))
        #expect(texts[0].text == "twenty five")
    }

    @Test("What a partial text calls stable stands in the final one, whatever a number does to the words before it")
    func stable() async throws {
        let long = "the first thing to say is that it was not"
        let events = [
            partial(long), partial(long + " twenty"), partial(long + " twenty five or so, and there is no more of it"),
            final(long + " twenty five or so, and there is no more of it"),
        ]
        let texts = transcripts(try await heard(events))
        let final = try #require(texts.last)
        #expect(final.text == long + " 25 or so, and there is no more of it")
        var before = ""
        for partial in texts.dropLast() {
            let stable = String(partial.text.prefix(partial.stableCharacters))
            #expect(stable.hasPrefix(before) && final.text.hasPrefix(stable), "\(stable)")
            before = stable
        }
        // Something is stable long before the end.
        #expect(before.hasPrefix("the first thing to say"))
    }

    @Test("A rule that changes what was called stable does not: the text stays as it was said")
    func promise() async throws {
        /// Rewrites everything once a text is long enough.
        struct Late: WrittenForm {
            func written(_ spoken: String, language: String?) -> String {
                spoken.count > 60 ? spoken.uppercased() : spoken
            }
        }
        var processing = TextPostprocessing()
        processing.writtenForm = Late()
        let text = String(repeating: "a word ", count: 8) + "and"
        let events = [partial(text), final(text + " the end of it"), final(text + " the end of it")]
        var session = try PostprocessedRecognizer(Scripted(events: events), processing).makeSession(
            RecognitionOptions()
        )
        var texts: [Transcript] = []
        for _ in events { texts += transcripts(try await session.step(.pause)) }
        #expect(texts[0].stableCharacters > 0)
        #expect(texts[1].text == text + " the end of it")
        // The next utterance has promised nothing.
        #expect(texts[2].text == (text + " the end of it").uppercased())
    }

    @Test("Without anything to do the recognizer is the same")
    func nothing() {
        let recognizer = TextPostprocessing().behind(Scripted(events: []))
        #expect(recognizer is Scripted)
    }
}
