import ServiceLifecycle
import Speech
import Transport

/// One stream of `/asr/stream`: a task that reads frames, a task that writes transcripts. When one ends, so does the
/// other.
struct ListenSocket: Sendable {
    /// Sound held for a recognizer that is busy, in seconds. Then the client is held back by TCP.
    static let heldSeconds = 10.0

    let recognizer: any SpeechRecognizer
    let parameters: ListenParameters
    let metrics: ServerMetrics
    let model: String
    /// Board whose NPU is simulated; nil where none is.
    var simulated: String?
    let connection: WebSocketConnection

    /// Listens until the client is done or gone.
    /// - Returns: the code that the socket closes with; 1006 where the client vanished.
    /// - Throws: ``ListenFault``, of which the client has yet to be told.
    func run() async throws(ListenFault) -> UInt16 {
        do {
            let phase = ListenPhase(isMultiUtterance: parameters.isMultiUtterance)
            while try await listen(phase) == .reset {
                try await connection.send(.text(ServerMessage.forgotten.json))
            }
            return Task.isShuttingDownGracefully ? 1001 : 1000
        } catch let error as ListenFault {
            throw error
        } catch let error as SpeechError where error.code != .cancelled {
            throw ListenFault(error)
        } catch WebSocketError.violation(let code, _) {
            return code
        } catch {
            // The client is gone, or the server is: there is nobody to tell.
            return Task.isShuttingDownGracefully ? 1001 : 1006
        }
    }

    private func listen(_ phase: ListenPhase) async throws -> ListenReader.End {
        let inbox = AudioInbox(capacity: Int(Self.heldSeconds * Double(recognizer.sampleRate)))
        return try await withThrowingTaskGroup(of: ListenReader.End?.self) { group in
            group.addTask {
                let rates = (client: parameters.sampleRate, model: recognizer.sampleRate)
                var reader = ListenReader(connection: connection, inbox: inbox, phase: phase, rates: rates)
                return try await reader.read()
            }
            group.addTask {
                try await write(recognizer, inbox, phase)
                return nil
            }
            defer { group.cancelAll() }
            var end: ListenReader.End?
            while let next = try await group.next() {
                end = next ?? end
                if next == .reset || next == .gone { break }
            }
            return end ?? .gone
        }
    }

    private func write(_ recognizer: some SpeechRecognizer, _ inbox: AudioInbox, _ phase: ListenPhase) async throws {
        var writer = ListenWriter(self, phase)
        for try await event in recognizer.transcripts(of: inbox, parameters.options) { try await writer.write(event) }
        try await writer.finish()
    }
}
