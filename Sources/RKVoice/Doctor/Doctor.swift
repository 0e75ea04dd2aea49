import Inference
package import ModelStore
package import VoiceConfiguration

/// Looks at a machine and at what is installed on it. Downloads nothing and changes nothing.
package struct Doctor: Sendable {
    let settings: Settings
    let host: Host
    /// Whether nothing else downloads, either.
    let isOffline: Bool
    let configuration: Configuration?
    private let problem: String?

    /// - Parameters:
    ///   - configuration: what the server would be started with; nil when it cannot be read.
    ///   - problem: why it cannot be read.
    ///   - settings: where models live and how they run.
    ///   - machine: what is looked at.
    package init(
        _ configuration: Configuration?,
        problem: String? = nil,
        settings: Settings,
        machine: Machine = Machine()
    ) {
        isOffline = settings.isOffline
        var settings = settings
        settings.isOffline = true
        self.settings = settings
        self.configuration = configuration
        self.problem = problem
        var question = HostQuestion(settings.accelerator.npu, port: configuration?.server.port)
        if question.board == nil { question.board = configuration?.platform.flatMap { try? Board.named($0.rawValue) } }
        question.rkllmPath = settings.accelerator.decoders.path
        question.rkllmVersion = settings.accelerator.decoders.version
        host = Host(machine, question)
    }

    /// Looks. Models are read whole, which takes a second for each gigabyte or so.
    /// - Parameter progress: called on a working thread while a model is read, about ten times a second.
    /// - Returns: everything there is to find.
    package func report(progress: @escaping ProgressHandler = { _ in }) async -> DoctorReport {
        var findings = [await onnxFinding(), await codecFinding(), await espeakFinding()]
        findings += serverFindings
        findings += await modelFindings(progress)
        findings += placementFindings
        return DoctorReport(
            board: host.board.id,
            isSimulated: host.question.isSimulated,
            findings: host.machine.findings(host.question) + findings.map(host.machine.redaction.applied)
        )
    }

    private var serverFindings: [Finding] {
        if let problem {
            return [Finding(.configuration, .fail, problem, fix: "correct it; rkvoice config shows every setting")]
        }
        guard let server = configuration?.server else { return [] }
        let read = Finding(.configuration, .ok, "it can be read")
        if server.isLoopback { return [read, Finding(.exposure, .ok, "only this machine can reach the server")] }
        let key = "set server.api_keys_file (--api-key-file), or listen on 127.0.0.1"
        if server.apiKeys.isEmpty {
            return [read, Finding(.exposure, .warn, "other machines can use the server without a key", fix: key)]
        }
        guard server.certificatePath != nil else {
            let tls = "set server.tls_certificate and server.tls_key, or put a proxy with TLS before it"
            let text = "other machines can reach the server with a key, which is sent without encryption"
            return [read, Finding(.exposure, .warn, text, fix: tls)]
        }
        return [read, Finding(.exposure, .ok, "other machines can reach the server with a key, over TLS")]
    }
}

extension HostQuestion {
    /// - Parameters:
    ///   - npu: which board, and how its NPU is used.
    ///   - port: where the server would listen.
    init(_ npu: Configuration.NPU, port: Int?) {
        self.init()
        // Every word of the choices is a board of the table.
        board = (npu.simulated?.rawValue ?? npu.board?.rawValue).flatMap { try? Board.named($0) }
        isSimulated = npu.simulated != nil
        rknnPath = npu.rknnPath
        memoryLimit = npu.memoryBytes
        if let port { self.port = port }
    }
}
