import NIOCore
import ServiceLifecycle
import Speech
import SpeechSignal
import Transport

/// Frames of a client into what a recognizer hears.
struct ListenReader {
    /// Why reading ended.
    enum End: Sendable { case lastUtterance, reset, gone }

    let connection: WebSocketConnection
    let inbox: AudioInbox
    let phase: ListenPhase
    /// Hz of what the client sends, and of what the recognizer hears.
    let rates: (client: Int, model: Int)
    /// Made with the first sound: an idle stream holds no filter.
    private var resampler: Resampler?
    private var position = 0

    init(connection: WebSocketConnection, inbox: AudioInbox, phase: ListenPhase, rates: (client: Int, model: Int)) {
        self.connection = connection
        self.inbox = inbox
        self.phase = phase
        self.rates = rates
    }

    /// Reads until the stream's last utterance ended, a reset, or the client is gone.
    /// - Throws: ``ListenFault`` when the stream cannot go on.
    mutating func read() async throws -> End {
        while let message = try await connection.receive() {
            switch message {
            case .binary(let bytes) where bytes.readableBytes == 0: return await finishLast()
            case .binary(let bytes): try await hear(bytes)
            case .text(let text):
                do throws(ListenFault) {
                    if let end = try await obey(ClientMessage(text)) { return end }
                } catch {
                    // Nothing was lost: the client is told, the stream goes on.
                    try await connection.send(.text(ServerMessage.failure(error).json))
                }
            }
        }
        // A server that shuts down still says what it heard; a client that is gone has nobody to hear it.
        return Task.isShuttingDownGracefully ? await finishLast() : .gone
    }

    private mutating func obey(_ message: ClientMessage) async -> End? {
        switch message {
        case .stop: return await finishLast()
        case .endOfUtterance where !phase.isMultiUtterance: return await finishLast()
        case .endOfUtterance: await endUtterance()
        case .endUtterance:
            phase.isMultiUtterance = true
            await endUtterance()
        case .reset:
            phase.isMultiUtterance = true
            return .reset
        case .prepare: await inbox.send(.pause)
        }
        return nil
    }

    private mutating func hear(_ bytes: ByteBuffer) async throws {
        guard bytes.readableBytes.isMultiple(of: 2) else {
            let message = "a binary frame holds whole 16-bit samples; this one has \(bytes.readableBytes) bytes"
            throw ListenFault("odd_length", message, closing: 1007)
        }
        phase.heard()
        let samples = PCM16.decode(Array(bytes.readableBytesView))
        guard rates.client != rates.model else { return await send(samples) }
        let resampler = try self.resampler ?? Resampler(from: rates.client, to: rates.model)
        self.resampler = resampler
        await send(resampler.process(samples))
    }

    private mutating func send(_ samples: [Float]) async {
        guard !samples.isEmpty else { return }
        await inbox.send(.audio(AudioChunk(samples: samples, sampleRate: rates.model, position: position)))
        position += samples.count
    }

    /// What the filter still holds belongs to the utterance.
    private mutating func endUtterance() async {
        if let resampler { await send(resampler.finish()) }
        resampler = nil
        await inbox.send(.endOfUtterance)
    }

    private mutating func finishLast() async -> End {
        phase.isClosing = true
        await endUtterance()
        inbox.finish()
        return .lastUtterance
    }
}
