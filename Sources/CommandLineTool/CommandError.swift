import ArgumentParser
import Inference
import ModelStore
import Speech
import SpeechSignal
import VoiceConfiguration

/// A failure of a command itself.
struct CommandError: Error {
    let status: ExitStatus
    let message: String

    init(_ status: ExitStatus, _ message: String) {
        self.status = status
        self.message = message
    }
}

/// A failure that has been told already; only the exit status is left.
struct AlreadyReported: Error {
    let cause: any Error
    init(_ cause: any Error) { self.cause = cause }
}

extension ExitStatus {
    /// The status of any failure.
    init(_ error: any Error) {
        switch error {
        case let error as AlreadyReported: self.init(error.cause)
        case let error as CommandError: self = error.status
        case let error as StoreError: self.init(error.code)
        case let error as ConfigurationError: self.init(error.code)
        case let error as AudioError: self.init(error.code)
        case let error as SpeechError: self.init(error)
        case let error as InferenceError: self.init(error.code)
        case is CancellationError: self = .interrupted
        default: self = .software
        }
    }

    private init(_ error: SpeechError) {
        if let cause = error.cause as? StoreError {
            self.init(cause.code)
        } else if let cause = error.cause as? AudioError {
            self.init(cause.code)
        } else {
            switch error.code {
            case .invalidAudio, .invalidText: self = .badData
            case .unsupported: self = .usage
            case .overloaded: self = .temporary
            case .unavailable: self = .unavailable
            case .cancelled: self = .interrupted
            default: self = .software
            }
        }
    }

    private init(_ code: InferenceError.Code) {
        switch code {
        case .missingFile: self = .noInput
        case .badModel, .invalidTensor: self = .badData
        case .runtimeUnavailable, .deviceUnavailable, .outOfMemory: self = .unavailable
        case .timedOut: self = .temporary
        case .cancelled: self = .interrupted
        default: self = .software
        }
    }

    private init(_ code: ConfigurationError.Code) {
        switch code {
        case .invalid: self = .usage
        case .malformed: self = .badData
        case .notFound: self = .noInput
        case .unreadable: self = .inputOutput
        case .unavailable: self = .unavailable
        }
    }

    private init(_ code: AudioError.Code) {
        switch code {
        case .unreadable: self = .noInput
        case .io: self = .inputOutput
        default: self = .badData
        }
    }
}

/// Runs the body of a command: an error becomes one line on standard error and its exit status.
func reportingErrors<Value>(_ body: () async throws -> Value) async throws -> Value {
    do {
        return try await body()
    } catch let exit as ExitCode {
        throw exit
    } catch {
        let status = ExitStatus(error)
        complain(error, status)
        throw status.exitCode
    }
}

/// One line for a failure, unless it was told before or nobody is left to tell.
private func complain(_ error: any Error, _ status: ExitStatus) {
    switch error {
    case is AlreadyReported: break
    case let error as CommandError where error.status == .readerGone: _ = error
    case let error as CommandError: Terminal.error(error.message)
    case _ where status == .interrupted: Terminal.error("interrupted")
    default: Terminal.error("\(error)")
    }
}
