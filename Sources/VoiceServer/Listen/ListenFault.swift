import Speech

/// Something wrong with what a client sent over a stream. It is told in an error frame.
package struct ListenFault: Error, Sendable, Hashable {
    /// A stable word for programs.
    package var code: String
    /// One sentence for a person.
    package var message: String
    /// The WebSocket close code that follows; nil when the stream goes on.
    package var closeCode: UInt16?

    init(_ code: String, _ message: String, closing closeCode: UInt16? = nil) {
        self.code = code
        self.message = message
        self.closeCode = closeCode
    }

    /// A failure of the recognizer: the stream cannot go on.
    init(_ error: SpeechError) {
        // 1011 is "internal error", 1013 "try again later", 1007 "data not consistent" (RFC 6455 section 7.4.1 and
        // IANA's registry).
        let closeCode: UInt16 =
            switch error.code {
            case .overloaded, .unavailable: 1013
            case .invalidAudio, .unsupported: 1007
            default: 1011
            }
        self.init(error.code.description, error.message, closing: closeCode)
    }
}
