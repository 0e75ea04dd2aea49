import HTTPTypes
package import Speech
import SpeechSignal
package import Transport

extension HTTPFailure {
    /// The answer to an error of speech. The one place where codes become statuses.
    ///
    /// A failed model says nothing of its inside to the client; whoever answers with this logs the error itself.
    package init(_ error: SpeechError) {
        switch error.code {
        case .invalidAudio: self.init(error, cause: error.cause as? AudioError)
        case .invalidText: self.init(.unprocessableContent, "empty_text", error.message, parameter: "text")
        case .unsupported: self.init(.unprocessableContent, "unsupported", error.message)
        case .overloaded: self.init(.tooManyRequests, "too_many_requests", error.message, retryAfter: 1)
        case .unavailable:
            self.init(.serviceUnavailable, "unavailable", "a part of the model is out of reach; try again")
        case .cancelled: self.init(.serviceUnavailable, "cancelled", "the work was stopped before its end")
        default: self.init(.internalServerError, "model_failed", "the model failed; the server's log says more")
        }
    }

    private init(_ error: SpeechError, cause: AudioError?) {
        switch cause?.code {
        case .empty: self.init(.badRequest, "empty_audio", error.message)
        case .tooLong: self.init(.contentTooLarge, "audio_too_long", error.message)
        default: self.init(.badRequest, "invalid_audio", error.message)
        }
    }

    /// A parameter that cannot be taken.
    static func invalid(
        _ parameter: String,
        _ message: String,
        code: String = "invalid_parameter",
        location: String = "body"
    ) -> HTTPFailure {
        var failure = HTTPFailure(.unprocessableContent, code, message, parameter: parameter)
        failure.location = location
        return failure
    }
}
