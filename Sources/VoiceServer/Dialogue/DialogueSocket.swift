import Conversation
import NIOCore
import ServiceLifecycle
import Transport

/// Frames of a client into what it does. A value, stepped by whoever reads the socket.
protocol DialogueReading {
    /// - Parameter message: a frame.
    /// - Returns: what it means, in order; nothing for a frame that changes how later ones are read.
    /// - Throws: ``ListenFault``, of which the client is told; the dialogue goes on if it has no close code.
    mutating func inputs(of message: WebSocketMessage) async throws(ListenFault) -> [DialogueInput]
}

/// What happens in a dialogue into frames for the client. A value, stepped by whoever writes the socket.
protocol DialogueWriting {
    /// - Parameter event: what happened.
    /// - Returns: the frames that tell it.
    /// - Throws: ``ListenFault`` when the dialogue cannot go on.
    mutating func frames(for event: DialogueEvent) throws(ListenFault) -> [WebSocketMessage]
    /// Whether nothing more is to be said: the socket closes.
    var isOver: Bool { get }
}

/// How a dialect of dialogues tells a fault.
protocol DialogueFaults: Sendable {
    func told(_ fault: ListenFault) -> WebSocketMessage
}

/// One dialogue over one socket: a task that reads frames, and one that pulls events and writes them. When one ends,
/// so does the other.
struct DialogueSocket: Sendable {
    /// Inputs that wait for the dialogue, which takes them at once unless its recognizer is far behind.
    private static let heldInputs = 16

    let dialogue: Dialogue
    let faults: any DialogueFaults
    let record: DialogueRecord
    let connection: WebSocketConnection

    /// Talks until the dialogue is over or the client gone.
    /// - Parameters:
    ///   - first: frames that were read already.
    ///   - reader: makes what understands frames; called once, in the task that reads.
    ///   - writer: makes what tells events; called once, in the task that writes.
    /// - Returns: the code that the socket closes with; 1006 where the client vanished.
    /// - Throws: ``ListenFault``, of which the client has yet to be told.
    func run(
        after first: [WebSocketMessage] = [],
        reader: @escaping @Sendable () -> any DialogueReading,
        writer: @escaping @Sendable () -> any DialogueWriting
    ) async throws(ListenFault) -> UInt16 {
        let inputs = Letterbox<DialogueInput>(capacity: Self.heldInputs)
        do {
            try await withThrowingTaskGroup(of: Bool.self) { group in
                group.addTask { try await read(first, reader(), inputs) }
                group.addTask {
                    try await write(inputs, writer())
                    return true
                }
                defer { group.cancelAll() }
                while let isOver = try await group.next(), !isOver {}
            }
            if Task.isShuttingDownGracefully { return 1001 }
            // Events end without an error when their task is cancelled: the client vanished.
            return Task.isCancelled ? 1006 : 1000
        } catch let error as ListenFault {
            throw error
        } catch WebSocketError.violation(let code, _) {
            return code
        } catch {
            // The client is gone, or the server is: there is nobody to tell.
            return Task.isShuttingDownGracefully ? 1001 : 1006
        }
    }

    /// - Returns: whether the client is gone.
    private func read(
        _ first: [WebSocketMessage],
        _ reader: any DialogueReading,
        _ inputs: Letterbox<DialogueInput>
    ) async throws -> Bool {
        var reader = reader
        for message in first { try await take(message, &reader, inputs) }
        while let message = try await connection.receive() { try await take(message, &reader, inputs) }
        guard Task.isShuttingDownGracefully else { return true }
        // A server that shuts down still answers what it heard.
        await inputs.send(.endOfUtterance)
        inputs.finish()
        return false
    }

    private func take(
        _ message: WebSocketMessage,
        _ reader: inout any DialogueReading,
        _ inputs: Letterbox<DialogueInput>
    ) async throws {
        do throws(ListenFault) {
            for input in try await reader.inputs(of: message) { await inputs.send(input) }
        } catch {
            guard error.closeCode == nil else { throw error }
            // Nothing was lost: the client is told, the dialogue goes on.
            record.metrics.failed(code: error.code)
            try await connection.send(faults.told(error))
        }
    }

    private func write(_ inputs: Letterbox<DialogueInput>, _ writer: any DialogueWriting) async throws {
        var writer = writer
        for await event in dialogue.events(of: inputs) {
            record.note(event)
            for frame in try writer.frames(for: event) { try await connection.send(frame) }
            if writer.isOver { return }
        }
    }
}
