import Speech
import SpeechSignal
import VoiceServer

extension ServedRuns {
    /// A spoken turn that the server answers itself: from the last voiced sample sent to the first PCM sample received.
    func talk(_ clip: SpokenClip) async throws -> LoadOutcome {
        let config: JSON = [
            "type": "config", "asr_language": .string(clip.language), "tts_language": .string(clip.language),
            "sample_rate": .integer(SpokenClip.sampleRate), "server_loop": true, "vad_silence_ms": .integer(silence),
            "lead_ms": 0, "seed": 1,
        ]
        let limit = Duration.seconds(60 + clip.sound.seconds + Self.patience)
        return try await client.socket("/v2v/stream", limit: limit) { writer, reader in
            try await writer.send(config)
            let microphone = Microphone(clip)
            async let sent: Void = {
                _ = try await microphone.speak(thenSilent: Self.patience) {
                    try await writer.send(PCM16.encode($0.samples))
                }
                try await writer.send(["type": "asr_eos"])
            }()
            var turn = ServedTurn(clip)
            while !turn.isOver, let message = try await reader.next() { try turn.take(message, microphone) }
            microphone.switchOff()
            // The server may have closed the socket by now.
            try? await sent
            return turn.outcome
        }
    }
}

/// A turn of `/v2v/stream` as its client meets it.
private struct ServedTurn {
    private let said: String
    private var understood = ""
    private var binaryFrames = 0
    /// When the first PCM sample came after the last voiced one had gone, in seconds; nil without an answer.
    private var wait: Double?
    private var isCutShort = false
    private var steps: [String: Double] = [:]
    private(set) var isOver = false

    init(_ clip: SpokenClip) { said = clip.text }

    mutating func take(_ message: SocketReader.Message, _ microphone: Microphone) throws {
        switch message {
        case .sound:
            binaryFrames += 1
            // The first binary frame is the rate.
            guard binaryFrames == 2 else { return }
            if let voiced = microphone.lastVoiced { wait = microphone.now - voiced } else { isCutShort = true }
            microphone.switchOff()
        case .told(let told):
            switch told["type"]?.text {
            case "asr_final": understood += (understood.isEmpty ? "" : " ") + (told["text"]?.text ?? "")
            case "tts_done":
                isOver = true
                steps = (told["latency_ms"]?.members ?? [:]).compactMapValues(\.value)
                guard told["outcome"] == "done" else {
                    throw CommandError(.software, "WS /v2v/stream: a turn ended as \(told["outcome"]?.text ?? "none")")
                }
            default: break
            }
        }
    }

    var outcome: LoadOutcome {
        if isCutShort { return LoadOutcome(mishap: .cutShort) }
        guard let wait else { return LoadOutcome(heard: (said, understood), mishap: .unanswered) }
        var steps = steps
        let milliseconds = 1000 * wait
        // What the server does not see: the network, and where its detector puts the end of speech.
        if let total = steps.removeValue(forKey: "total") { steps["rest"] = milliseconds - total }
        return LoadOutcome(figures: [.voiceToVoice: milliseconds], steps: steps, heard: (said, understood))
    }
}
