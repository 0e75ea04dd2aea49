/// What went wrong, said once, at the boundary of the library.
public struct SpeechError: Error, Sendable, CustomStringConvertible {
    /// The kind of failure; callers switch on equality, new codes may be added.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        enum Value: String {
            case invalidAudio, invalidText, unsupported, modelFailed, overloaded, unavailable, cancelled
        }
        var value: Value

        /// The audio cannot be used: empty, wrong rate, not finite.
        public static let invalidAudio = Code(value: .invalidAudio)
        /// The text holds nothing that can be spoken.
        public static let invalidText = Code(value: .invalidText)
        /// The model cannot do what was asked (language, voice, speed).
        public static let unsupported = Code(value: .unsupported)
        /// A model stage failed while running.
        public static let modelFailed = Code(value: .modelFailed)
        /// Too much work at once; try again later.
        public static let overloaded = Code(value: .overloaded)
        /// A model, runtime or process is missing or cannot be loaded.
        public static let unavailable = Code(value: .unavailable)
        /// The task was cancelled.
        public static let cancelled = Code(value: .cancelled)

        public var description: String { value.rawValue }
    }

    /// The kind of failure.
    public var code: Code
    /// One sentence for a person: what happened and what to do.
    public var message: String
    /// The error underneath, where there is one.
    public var cause: (any Error)?

    /// - Parameters:
    ///   - code: the kind of failure.
    ///   - message: what happened and what to do, in one sentence.
    ///   - cause: the error underneath.
    public init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    public var description: String { message }
}
