/// A stream of transcript events, computed as it is read. See ``SpeechRecognizer/transcripts(of:_:)``.
public struct Transcripts<Recognizer: SpeechRecognizer, Source: AsyncSequence<RecognizerInput, SpeechError> & Sendable>:
    AsyncSequence, Sendable
{
    let recognizer: Recognizer
    let options: RecognitionOptions
    let source: Source

    public func makeAsyncIterator() -> Iterator { Iterator(recognizer: recognizer, options: options, source: source) }

    /// Owns the session and steps it when asked for the next event.
    ///
    /// A session that decodes beside the listening gets tasks of its own, one for its source and one for each of
    /// its decodes; they are cancelled when the iterator is dropped, fails or is cancelled.
    public struct Iterator: AsyncIteratorProtocol {
        private let recognizer: Recognizer
        private let options: RecognitionOptions
        private let source: Source
        private var upstream: Source.AsyncIterator?
        private var side: SideTasks?
        private var session: Recognizer.Session?
        private var ready: ArraySlice<TranscriptEvent> = []
        private var hasEnded = false

        init(recognizer: Recognizer, options: RecognitionOptions, source: Source) {
            self.recognizer = recognizer
            self.options = options
            self.source = source
        }

        public mutating func next() async throws(SpeechError) -> TranscriptEvent? {
            try await next(isolation: #isolation)
        }

        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(SpeechError) -> TranscriptEvent? {
            if ready.isEmpty, !hasEnded {
                hasEnded = true
                // Take the state out before stepping it: a second reference would copy its buffers.
                var session: Recognizer.Session
                if let open = self.session.take() {
                    session = open
                } else {
                    session = try recognizer.makeSession(options)
                }
                if Recognizer.Session.worksAside {
                    let side = self.side.take() ?? SideTasks(source)
                    try await listen(&session, side, isolation: actor)
                    self.side = side
                } else {
                    try await pull(&session, isolation: actor)
                }
                self.session = session
                hasEnded = ready.isEmpty
                if hasEnded { side = nil }
            }
            return ready.popFirst()
        }

        /// Input by input.
        private mutating func pull(
            _ session: inout Recognizer.Session,
            isolation actor: isolated (any Actor)?
        ) async throws(SpeechError) {
            var upstream = self.upstream.take() ?? source.makeAsyncIterator()
            while ready.isEmpty {
                guard let input = try await upstream.next(isolation: actor) else { return }
                ready = try await session.step(input)[...]
            }
            self.upstream = upstream
        }

        /// Inputs and outcomes of decodes, whichever comes first.
        private mutating func listen(
            _ session: inout Recognizer.Session,
            _ side: SideTasks,
            isolation actor: isolated (any Actor)?
        ) async throws(SpeechError) {
            while ready.isEmpty {
                switch await side.arrivals.next(isListening: session.isListening) {
                case nil: throw SpeechError(.cancelled, "cancelled")
                case .outcome(let outcome): ready = try await session.take(outcome)[...]
                case .input(let input):
                    guard let input = try input.get() else { return }
                    ready = try await session.step(input)[...]
                }
                side.run(session.works)
            }
        }
    }
}
