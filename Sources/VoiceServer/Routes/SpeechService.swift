package import Conversation
import HTTPTypes
package import Logging
package import Speech
import Synchronization
import Transport
package import VoiceConfiguration

/// What every route works with.
package struct SpeechService: Sendable {
    let configuration: LiveConfiguration
    let catalog: SpeechCatalog
    let readiness: Readiness
    let admission: AdmissionQueue
    let metrics: ServerMetrics
    let version: String
    let logger: Logger
    let accelerator: AcceleratorStatus
    /// What answers in dialogues.
    package var chat: any ChatModel = EchoChat()
    let started = ContinuousClock.now

    /// - Parameters:
    ///   - configuration: limits and defaults, read once per request.
    ///   - catalog: the models.
    ///   - readiness: told about every success.
    ///   - admission: decides when a request may compute.
    ///   - metrics: told what was done.
    ///   - version: of the program.
    ///   - logger: where faults are told.
    ///   - accelerator: the board and its NPU.
    package init(
        configuration: LiveConfiguration,
        catalog: SpeechCatalog,
        readiness: Readiness,
        admission: AdmissionQueue,
        metrics: ServerMetrics,
        version: String,
        logger: Logger,
        accelerator: AcceleratorStatus = AcceleratorStatus()
    ) {
        self.configuration = configuration
        self.catalog = catalog
        self.readiness = readiness
        self.admission = admission
        self.metrics = metrics
        self.version = version
        self.logger = logger
        self.accelerator = accelerator
    }

    /// The loaded recognizer.
    /// - Throws: 503 `not_ready` saying why there is none yet.
    func recognition() throws(HTTPFailure) -> SpeechCatalog.Recognition {
        try Self.ready(catalog.recognition, "ASR")
    }

    /// The loaded voice.
    /// - Throws: 503 `not_ready` saying why there is none yet.
    func synthesis() throws(HTTPFailure) -> SpeechCatalog.Synthesis {
        try Self.ready(catalog.synthesis, "TTS")
    }

    private static func ready<Model>(_ slot: SpeechCatalog.Slot<Model>, _ name: String) throws(HTTPFailure) -> Model {
        // Clients of the system this one replaces compare this text.
        var failure = HTTPFailure(.serviceUnavailable, "not_ready", "\(name) not ready")
        switch slot {
        case .ready(let model): return model
        case .disabled: failure.members["reason"] = "it is switched off in the configuration"
        case .failed(let error): failure.members["reason"] = error.message
        case .loading(let step, let fraction):
            failure.retryAfter = 2
            let percent = fraction.map { ", \(Int(100 * min(1, max(0, $0)))) %" } ?? ""
            failure.members["reason"] = "loading: \(step)\(percent)"
        }
        throw failure
    }

    /// Does the work of one request, and counts it when it ended because nobody wants it any more.
    /// - Parameters:
    ///   - kind: what is counted, such as `tts`.
    ///   - isolation: whose actor the work runs on.
    ///   - body: the work.
    /// - Returns: what the work returns.
    /// - Throws: what the work throws; errors of speech as `HTTPFailure`.
    func counted<Result: Sendable>(
        _ kind: String,
        isolation: isolated (any Actor)? = #isolation,
        _ body: () async throws -> Result
    ) async throws -> Result {
        let cancelledAt = Mutex<ContinuousClock.Instant?>(nil)
        do {
            return try await withTaskCancellationHandler(
                operation: body,
                onCancel: { cancelledAt.withLock { $0 = .now } }
            )
        } catch {
            if let instant = cancelledAt.withLock({ $0 }) {
                metrics.cancelled(kind, stoppedAfter: (.now - instant) / .seconds(1))
            }
            throw failure(error, kind)
        }
    }

    /// The error as an answer; what is our fault is logged.
    private func failure(_ error: any Error, _ kind: String) -> any Error {
        guard let error = error as? SpeechError else { return error }
        let failure = HTTPFailure(error)
        if failure.status.code >= 500, error.code != .cancelled {
            readiness.doubted(kind == "asr" ? .recognition : .synthesis)
            logger.error("a request failed", metadata: ["kind": "\(kind)", "error": "\(error)"])
        }
        return failure
    }
}
