import Speech
import Transport

/// What a recognizer says into frames for the client.
struct ListenWriter {
    let connection: WebSocketConnection
    let phase: ListenPhase
    let announcesPauses: Bool
    let metrics: ServerMetrics
    let model: String
    let simulated: String?
    private(set) var text = StreamText()
    private var isPauseFound = false
    private var isComplete = false

    init(_ socket: ListenSocket, _ phase: ListenPhase) {
        connection = socket.connection
        announcesPauses = socket.parameters.announcesPauses
        metrics = socket.metrics
        model = socket.model
        simulated = socket.simulated
        self.phase = phase
    }

    mutating func write(_ event: TranscriptEvent) async throws {
        switch event {
        case .partial(let transcript): try await partial(transcript)
        case .endpoint:
            isPauseFound = true
            if announcesPauses { try await send(.pauseFound) }
        case .final(let transcript):
            if let cost = transcript.metrics { count(cost) }
            try await final(transcript, isLast: phase.isClosing && !isPauseFound)
            isPauseFound = false
        default: break
        }
    }

    /// The stream is over: its last message is a final, even when nothing was said.
    mutating func finish() async throws {
        if !isComplete { try await final(Transcript(text: ""), isLast: true) }
    }

    private mutating func partial(_ transcript: Transcript) async throws {
        let utterance = transcript.text
        let whole = text.with(utterance)
        guard !utterance.isEmpty, whole != text.lastSent else { return }
        _ = text.send(whole)
        if let seconds = phase.takeSecondsSinceFirstSound() { metrics.firstPartial(seconds: seconds) }
        let stable = utterance.prefix(transcript.stableCharacters).unicodeScalars.count
        var message = ServerMessage(type: .partial, text: whole, utterance: utterance, isFinal: false)
        message.isStable = stable == utterance.unicodeScalars.count
        message.stableCharacters = text.offset(of: utterance) + stable
        message.language = transcript.language?.tag
        try await send(message)
    }

    private mutating func final(_ transcript: Transcript, isLast: Bool) async throws {
        text.finish(transcript.text)
        isComplete = isLast
        let whole = text.finished
        var message = ServerMessage(type: .final, text: whole, utterance: transcript.text, isFinal: true)
        message.isStable = true
        message.stableCharacters = whole.unicodeScalars.count
        message.language = transcript.language?.tag
        message.simulated = simulated
        message.ending = ServerMessage.Ending(
            isComplete: isLast,
            isDuplicate: text.send(whole),
            endpoint: isPauseFound ? "vad" : "client",
            finalizeMilliseconds: transcript.metrics.map { $0.finalizeSeconds * 1000 },
            mode: transcript.metrics.map { "\($0.mode)" },
            emotion: transcript.segments.first?.emotion,
            event: transcript.segments.first?.event
        )
        try await send(message)
    }

    private func count(_ cost: RecognitionMetrics) {
        metrics.recognized(
            audioSeconds: cost.audioSeconds,
            inferenceSeconds: cost.inferenceSeconds,
            finalizeSeconds: cost.finalizeSeconds,
            stageMilliseconds: cost.stageMilliseconds,
            model: model
        )
    }

    private func send(_ message: ServerMessage) async throws { try await connection.send(.text(message.json)) }
}
