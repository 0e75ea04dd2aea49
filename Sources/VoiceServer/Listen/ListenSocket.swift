import Logging
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
    let connection: WebSocketConnection

    /// Listens until the client is done or gone.
    /// - Throws: what ended the stream, after the client was told.
    func run() async throws {
        do {
            let phase = ListenPhase(isMultiUtterance: parameters.isMultiUtterance)
            while try await listen(phase) == .reset {
                try await connection.send(.text(ServerMessage.forgotten.json))
            }
            await connection.close(1000)
        } catch let error as ListenFault {
            try await refuse(error)
        } catch let error as SpeechError where error.code != .cancelled {
            try await refuse(ListenFault(error))
        }
    }

    private func refuse(_ fault: ListenFault) async throws {
        metrics.failed(code: fault.code)
        try await connection.send(.text(ServerMessage.failure(fault).json))
        // A reason has at most 123 bytes (RFC 6455 section 5.5.1).
        await connection.close(fault.closeCode ?? 1011, String(fault.message.prefix(40)))
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
