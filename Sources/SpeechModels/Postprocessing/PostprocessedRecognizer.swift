package import Speech

/// A recognizer whose final texts come as one writes them.
package struct PostprocessedRecognizer<Base: SpeechRecognizer>: SpeechRecognizer {
    private let base: Base
    private let processing: TextPostprocessing

    /// - Parameters:
    ///   - base: what hears.
    ///   - processing: what becomes of its texts.
    package init(_ base: Base, _ processing: TextPostprocessing) {
        self.base = base
        self.processing = processing
    }

    package var sampleRate: Int { base.sampleRate }
    package var languages: [Language] { base.languages }

    package func makeSession(_ options: RecognitionOptions) throws(SpeechError) -> PostprocessedSession<Base.Session> {
        PostprocessedSession(try base.makeSession(options), processing)
    }
}

/// One stream through a ``PostprocessedRecognizer``.
package struct PostprocessedSession<Base: RecognitionSession>: RecognitionSession {
    private var base: Base
    private let processing: TextPostprocessing
    /// What listeners were told is stable of the open utterance.
    private var told = ""

    init(_ base: Base, _ processing: TextPostprocessing) {
        self.base = base
        self.processing = processing
    }

    package static var worksAside: Bool { Base.worksAside }
    package var isListening: Bool { base.isListening }
    package var works: [RecognitionWork] { base.works }

    package mutating func step(_ input: RecognizerInput) async throws(SpeechError) -> [TranscriptEvent] {
        try await processed(base.step(input))
    }

    package mutating func take(_ outcome: RecognitionWork.Outcome) async throws(SpeechError) -> [TranscriptEvent] {
        try await processed(base.take(outcome))
    }

    private mutating func processed(_ events: [TranscriptEvent]) async throws(SpeechError) -> [TranscriptEvent] {
        var processed: [TranscriptEvent] = []
        for event in events {
            switch event {
            case .partial(let transcript):
                let partial = processing.partial(transcript, told: told)
                told = String(partial.text.prefix(partial.stableCharacters))
                processed.append(.partial(partial))
            case .final(let transcript):
                processed.append(.final(try await processing.final(transcript, told: told)))
                told = ""
            case .speechStarted, .endpoint: processed.append(event)
            }
        }
        return processed
    }
}
