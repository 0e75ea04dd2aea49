import Speech
import SpeechSignal
import VoiceServer

/// What a client of a server measures.
struct ServedRuns: Sendable {
    /// How long the microphone stays open for an answer, in seconds.
    static let patience = 30.0

    let client: ServerClient
    /// The pause that ends an utterance in a dialogue, in milliseconds.
    let silence: Int

    /// The first PCM sample of a sentence, from the request on; the header with the rate does not count.
    func firstSound(_ figure: LoadFigure, _ text: String, seed: Int) async throws -> LoadOutcome {
        let answer = try await client.post("/tts/stream", "application/json", order(text, seed), skipping: 4)
        return LoadOutcome(figures: [figure: answer.first])
    }

    /// The same on a WebSocket that is open already, from the text on.
    func firstSoundOnSocket(_ figure: LoadFigure, _ text: String, seed: Int) async throws -> LoadOutcome {
        let config: JSON = ["type": "config", "tts_language": "en", "seed": .integer(seed)]
        return try await client.socket("/v2v/stream") { writer, reader in
            try await writer.send(config)
            let start = ContinuousClock.now
            try await writer.send(["type": "text", "text": .string(text)])
            try await writer.send(["type": "tts_flush"])
            var (first, frames): (Double?, Int) = (nil, 0)
            while let message = try await reader.next() {
                guard case .sound = message else { continue }
                frames += 1
                // The first binary frame is the rate.
                if frames == 2 { first = (.now - start) / .milliseconds(1) }
            }
            guard let first else { throw CommandError(.badData, "WS /v2v/stream: a text was answered by no sound") }
            return LoadOutcome(figures: [figure: first])
        }
    }

    /// The real-time factor of a whole reply.
    func speech(_ text: String, seed: Int) async throws -> LoadOutcome {
        let answer = try await client.post("/tts?format=raw", "application/json", order(text, seed))
        guard answer.body.count > 4 else { throw CommandError(.badData, "POST /tts: there is no sound in the answer") }
        let rate = answer.body.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
        guard rate > 0 else { throw CommandError(.badData, "POST /tts: the answer has no sample rate") }
        let seconds = Double(answer.body.count - 4) / 2 / Double(rate)
        return LoadOutcome(figures: [.speechFactor: answer.total / 1000 / seconds])
    }

    /// The real-time factor of a file, and what was understood.
    func recognition(_ clip: SpokenClip) async throws -> LoadOutcome {
        let answer = try await client.post("/asr?language=\(clip.language)", "audio/wav", clip.file)
        guard let text = (try? JSONReader.read(answer.body))?["text"]?.text else {
            throw CommandError(.badData, "POST /asr: there is no text in the answer")
        }
        let factor = answer.total / 1000 / clip.sound.seconds
        return LoadOutcome(figures: [.recognitionFactor: factor], heard: (clip.text, text))
    }

    /// A clip at the pace of real time: the first partial after the first voiced sample, the final after the last one.
    func stream(_ clip: SpokenClip) async throws -> LoadOutcome {
        let path = "/asr/stream?sample_rate=\(SpokenClip.sampleRate)&language=\(clip.language)"
        return try await client.socket(path, limit: .seconds(60 + clip.sound.seconds)) { writer, reader in
            let microphone = Microphone(clip)
            async let sent = {
                let end = try await microphone.speak(thenSilent: 0) { try await writer.send(PCM16.encode($0.samples)) }
                try await writer.send(["type": "stop"])
                return end
            }()
            var (partial, final, text): (Double?, Double, String) = (nil, 0, "")
            while let message = try await reader.next() {
                guard case .told(let told) = message else { continue }
                if told["type"] == "partial" { partial = partial ?? microphone.now }
                guard told["type"] == "final" else { continue }
                (final, text) = (microphone.now, told["text"]?.text ?? "")
            }
            return Self.outcome(of: clip, microphone, partial, final: final, text, end: try await sent)
        }
    }

    /// The figures of a stream, from the seconds at which the first partial and the last final came, and the last sample
    /// was sent.
    static func outcome(
        of clip: SpokenClip,
        _ microphone: Microphone,
        _ partial: Double?,
        final: Double,
        _ text: String,
        end: Double
    ) -> LoadOutcome {
        var figures: [LoadFigure: Double] = [.finalize: 1000 * (final - end)]
        // One that comes after the end tells of the end, not of how soon text is shown.
        if let partial, partial < end { figures[.firstPartial] = 1000 * (partial - microphone.firstVoiced) }
        return LoadOutcome(figures: figures, heard: (clip.text, text))
    }

    private func order(_ text: String, _ seed: Int) -> [UInt8] {
        let order: JSON = ["text": .string(text), "language": "en", "seed": .integer(seed)]
        return order.bytes
    }
}
