import SpeechText

/// One running `rkvoice-espeak`. It ends with this object, or when this process does: its stdin closes then.
final class EspeakProcess {
    /// What espeak-ng says of itself.
    let version: String
    private let child: ChildProcess

    var identifier: Int32 { child.identifier }

    /// Starts the program and waits until espeak-ng has read its data.
    ///
    /// - Throws: `notInstalled` if the program or the data is missing, else `phonemizerFailed` or `cancelled`.
    init(_ launch: EspeakLaunch, deadline: ContinuousClock.Instant) throws(PhonemeError) {
        do {
            child = try ChildProcess(path: launch.executable, arguments: launch.arguments)
        } catch {
            throw launch.cannotStart(error)
        }
        do throws(ChildProcess.Failure) {
            let answer = try Self.receive(from: child, deadline: deadline)
            guard answer.status == .ok else { throw .ended }
            version = String(decoding: answer.payload, as: UTF8.self)
        } catch {
            if error == .cancelled { throw PhonemeError(.cancelled, "The start of rkvoice-espeak was cancelled.") }
            throw launch.cannotStart(exit: child.end())
        }
    }

    /// Sends one request and waits for its answer. After a failure the stream has no known position: let the object go.
    func exchange(
        _ request: EspeakRequest,
        deadline: ContinuousClock.Instant
    ) throws(ChildProcess.Failure) -> EspeakAnswer {
        try child.send(request.bytes, deadline: deadline)
        return try Self.receive(from: child, deadline: deadline)
    }

    private static func receive(
        from child: ChildProcess,
        deadline: ContinuousClock.Instant
    ) throws(ChildProcess.Failure) -> EspeakAnswer {
        let head = try child.receive(EspeakAnswer.headLength, deadline: deadline)
        guard let (status, length) = EspeakAnswer.head(head) else { throw .ended }
        return EspeakAnswer(status: status, payload: try child.receive(length, deadline: deadline))
    }
}

/// How to start `rkvoice-espeak`, and what to say when it does not.
struct EspeakLaunch: Sendable {
    let executable: String
    let data: String?

    var arguments: [String] { data.map { ["--data", $0] } ?? [] }

    /// What to say when the program is not there, or is no program.
    func cannotStart(_ number: ChildProcess.SpawnError) -> PhonemeError {
        PhonemeError(
            .notInstalled,
            "\(executable) does not start: \(number.description). "
                + "Build it with `swift build -c release --product rkvoice-espeak`."
        )
    }

    /// What to say when the program ends before espeak-ng is ready.
    func cannotStart(exit: ChildProcess.Exit) -> PhonemeError {
        switch exit {
        case .code(1):
            PhonemeError(
                .notInstalled,
                "espeak-ng did not find its data. Install it: sudo apt-get install espeak-ng-data"
            )
        case .code(127):
            PhonemeError(
                .notInstalled,
                "\(executable) lacks the espeak-ng library. Install it: "
                    + "sudo apt-get install libespeak-ng1 espeak-ng-data"
            )
        default:
            PhonemeError(.phonemizerFailed, "\(executable) ended while it started (\(exit)); is it rkvoice-espeak?")
        }
    }
}
