import HTTPTypes
import Speech
import Transport
import VoiceConfiguration

/// Decides what becomes of a request for a WebSocket.
struct SocketRoutes: Sendable {
    /// Path of streaming recognition.
    static let listenPath = "/asr/stream"

    let configuration: LiveConfiguration
    let catalog: SpeechCatalog
    let guardian: SocketGuard
    let streams: StreamCounter
    let metrics: ServerMetrics
    let readiness: Readiness
    let dialogues: DialogueRoutes

    func decide(_ handshake: WebSocketHandshake) async -> WebSocketDecision {
        let client: String
        do throws(HTTPFailure) { client = try guardian.check(handshake) } catch { return refusal(error) }
        if let body = dialogues.body(of: handshake, client: client) { return .accept(body) }
        guard handshake.path == Self.listenPath else { return .refuse }
        return .accept { connection in try await listen(handshake, connection) }
    }

    /// A browser cannot read the status of a handshake that was refused, and the served clients look for close codes:
    /// those two refusals are told over an open socket. The others go on to the router, which answers them.
    private func refusal(_ failure: HTTPFailure) -> WebSocketDecision {
        let code: UInt16
        switch failure.code {
        case "unauthorized": code = 4401
        case "rate_limited": code = 4429
        default: return .refuse
        }
        return .accept { connection in
            try await end(connection, ListenFault(failure.code, failure.message, closing: code))
        }
    }

    private func listen(_ handshake: WebSocketHandshake, _ connection: WebSocketConnection) async throws {
        do throws(ListenFault) {
            let recognition = try recognition()
            let permit = try permit()
            defer { permit.release() }
            let parameters = try ListenParameters(handshake.query, defaults: configuration.current.asr)
            let socket = ListenSocket(
                recognizer: recognition.streaming,
                parameters: parameters,
                metrics: metrics,
                model: recognition.id,
                simulated: configuration.current.runtime.npu.simulated?.rawValue,
                connection: connection
            )
            metrics.socketClosed(code: try await socket.run())
        } catch {
            if error.closeCode == 1011 { readiness.doubted(.recognition) }
            try await end(connection, error)
        }
    }

    private func end(_ connection: WebSocketConnection, _ fault: ListenFault) async throws {
        let code = fault.closeCode ?? 1011
        metrics.failed(code: fault.code)
        metrics.socketClosed(code: code)
        try await connection.send(.text(ServerMessage.failure(fault).json))
        await connection.close(code, fault.code)
    }

    private func permit() throws(ListenFault) -> StreamPermit {
        do throws(HTTPFailure) { return try streams.open() } catch {
            throw ListenFault(error.code, error.message, closing: error.status == .tooManyRequests ? 4429 : 1013)
        }
    }

    /// The words are those of the system this one replaces, so that its clients know them.
    private func recognition() throws(ListenFault) -> SpeechCatalog.Recognition {
        switch catalog.recognition {
        case .ready(let recognition): return recognition
        case .loading: throw ListenFault("not_ready", "ASR not ready", closing: 1013)
        case .failed(let error): throw ListenFault("not_ready", "ASR not ready: \(error.message)", closing: 1013)
        case .disabled: throw ListenFault("disabled", "ASR not ready: it is switched off", closing: 1013)
        }
    }
}
