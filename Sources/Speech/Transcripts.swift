/// A stream of transcript events, computed as it is read. See ``SpeechRecognizer/transcripts(of:_:)``.
public struct Transcripts<Recognizer: SpeechRecognizer, Source: AsyncSequence<RecognizerInput, SpeechError> & Sendable>:
    AsyncSequence, Sendable
{
    let recognizer: Recognizer
    let options: RecognitionOptions
    let source: Source

    public func makeAsyncIterator() -> Iterator {
        Iterator(recognizer: recognizer, options: options, upstream: source.makeAsyncIterator())
    }

    /// Owns the session and steps it when asked for the next event.
    public struct Iterator: AsyncIteratorProtocol {
        let recognizer: Recognizer
        let options: RecognitionOptions
        var upstream: Source.AsyncIterator
        var session: Recognizer.Session?
        var ready: ArraySlice<TranscriptEvent> = []

        public mutating func next() async throws(SpeechError) -> TranscriptEvent? {
            try await next(isolation: #isolation)
        }

        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(SpeechError) -> TranscriptEvent? {
            if ready.isEmpty {
                // Take the state out before stepping it: a second reference would copy its buffers.
                var session: Recognizer.Session
                if let open = self.session.take() {
                    session = open
                } else {
                    session = try recognizer.makeSession(options)
                }
                while ready.isEmpty {
                    guard let input = try await upstream.next(isolation: actor) else { return nil }
                    ready = try await session.step(input)[...]
                }
                self.session = session
            }
            return ready.popFirst()
        }
    }
}
