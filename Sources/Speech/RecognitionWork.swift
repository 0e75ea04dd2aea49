/// A decode that a session wants done while it goes on listening.
///
/// Whoever steps the session runs it beside the listening and hands the outcome to ``RecognitionSession/take(_:)``. It
/// is cancelled as soon as it is none of those that the session wants.
public struct RecognitionWork: Sendable {
    /// Tells the works of one session apart.
    public let id: Int
    /// The decode. Cancelling its task stops it within milliseconds.
    public let run: @Sendable () async throws(SpeechError) -> Transcript

    /// - Parameters:
    ///   - id: different from every other work of the session.
    ///   - run: the decode.
    public init(id: Int, run: @escaping @Sendable () async throws(SpeechError) -> Transcript) {
        self.id = id
        self.run = run
    }

    /// What came of it.
    public struct Outcome: Sendable {
        /// Whose outcome it is.
        public var id: Int
        /// The text, or why there is none.
        public var result: Result<Transcript, SpeechError>
        /// Seconds that it took.
        public var seconds: Double

        /// - Parameters:
        ///   - id: whose outcome it is.
        ///   - result: the text, or why there is none.
        ///   - seconds: what it took.
        public init(id: Int, result: Result<Transcript, SpeechError>, seconds: Double) {
            self.id = id
            self.result = result
            self.seconds = seconds
        }
    }

    /// Runs it to its end and takes the time.
    public func outcome() async -> Outcome {
        let start = ContinuousClock.now
        let result: Result<Transcript, SpeechError>
        do throws(SpeechError) { result = .success(try await run()) } catch { result = .failure(error) }
        return Outcome(id: id, result: result, seconds: (.now - start) / .seconds(1))
    }
}
