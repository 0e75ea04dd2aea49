import Conversation
import Speech
import VoiceServer

/// The same work on the models of this process, without a server: what a server's figures are compared with.
struct DirectRuns: Sendable {
    let recognizers: SpeechCatalog.Recognition
    let voice: SpeechCatalog.Synthesis
    /// The pause that ends an utterance in a dialogue, in milliseconds.
    let silence: Int

    /// The first PCM sample of a sentence.
    func firstSound(_ figure: LoadFigure, _ text: String, seed: Int, latency: Latency) async throws -> LoadOutcome {
        let start = ContinuousClock.now
        var first: Double?
        for try await event in narration(text, seed, latency) {
            guard case .audio = event, first == nil else { continue }
            first = (.now - start) / .milliseconds(1)
        }
        return LoadOutcome(figures: first.map { [figure: $0] } ?? [:])
    }

    /// The real-time factor of a whole reply.
    func speech(_ text: String, seed: Int) async throws -> LoadOutcome {
        var seconds = 0.0
        let ((), time) = try await timed {
            for try await event in narration(text, seed, .balanced) {
                if case .audio(let chunk) = event { seconds += chunk.seconds }
            }
        }
        return LoadOutcome(figures: [.speechFactor: time / 1000 / seconds])
    }

    private func narration(_ text: String, _ seed: Int, _ latency: Latency) -> Narration {
        let manner = Utterance("", seed: UInt64(seed), latency: latency)
        return Narration(model: voice.synthesizer, text: text, manner: manner)
    }

    /// The real-time factor of a file.
    func recognition(_ clip: SpokenClip) async throws -> LoadOutcome {
        let start = ContinuousClock.now
        try await hear(clip, recognizers.offline)
        return LoadOutcome(figures: [.recognitionFactor: (.now - start) / .seconds(1) / clip.sound.seconds])
    }

    private func hear(_ clip: SpokenClip, _ recognizer: some SpeechRecognizer) async throws {
        let rate = recognizer.sampleRate
        let audio = FileAudio(bytes: clip.file, sampleRate: rate, maximumSeconds: SpokenClip.longest)
        let options = RecognitionOptions(language: Language(clip.language))
        for try await _ in recognizer.transcripts(of: audio, options) {}
    }

    /// A clip at the pace of real time.
    func stream(_ clip: SpokenClip) async throws -> LoadOutcome {
        let (events, end) = try await streamed(clip, recognizers.streaming, options(clip))
        var (partial, final): (Double?, Double) = (nil, 0)
        for timed in events {
            switch timed.event {
            case .partial: partial = partial ?? timed.seconds
            case .final: final = timed.seconds
            default: break
            }
        }
        return ServedRuns.outcome(of: clip, Microphone(clip), partial, final: final, "", end: end)
    }

    private func streamed(
        _ clip: SpokenClip,
        _ recognizer: some SpeechRecognizer,
        _ options: RecognitionOptions
    ) async throws -> ([TimedEvent], end: Double) {
        try await ClipStream(recognizer: recognizer, options: options).real(clip.sound)
    }

    /// A spoken turn that the same echo answers.
    func talk(_ clip: SpokenClip) async throws -> LoadOutcome {
        var settings = DialogueOptions()
        settings.recognition = options(clip, silence: silence)
        settings.manner = Utterance("", seed: 1, latency: .low)
        settings.rules.limits.lead = nil
        let dialogue = Dialogue(
            recognizer: recognizers.streaming,
            chat: EchoChat(),
            synthesizer: voice.synthesizer,
            options: settings
        )
        let inputs = Letterbox<DialogueInput>(capacity: 100)
        let microphone = Microphone(clip)
        async let sent: Void = {
            defer { inputs.finish() }
            _ = try await microphone.speak(thenSilent: ServedRuns.patience) { await inputs.send(.audio($0)) }
        }()
        let wait = await Self.answer(of: dialogue, inputs, microphone)
        microphone.switchOff()
        inputs.finish()
        try await sent
        return LoadOutcome(figures: wait.map { [.voiceToVoice: $0] } ?? [:])
    }

    /// - Returns: milliseconds from the last voiced sample to the first PCM sample; nil without an answer.
    @inline(never)
    private static func answer(
        of dialogue: Dialogue,
        _ inputs: Letterbox<DialogueInput>,
        _ microphone: Microphone
    ) async -> Double? {
        var wait: Double?
        for await event in dialogue.events(of: inputs) {
            if case .audio = event.content, wait == nil, let voiced = microphone.lastVoiced {
                wait = 1000 * (microphone.now - voiced)
                microphone.switchOff()
            }
            if case .ended = event.content { break }
        }
        return wait
    }

    /// As the server listens where a client says nothing else.
    private func options(_ clip: SpokenClip, silence: Int? = nil) -> RecognitionOptions {
        var endpointing = Endpointing.streaming
        endpointing.preRoll = 0.3
        if let silence { endpointing.minimumSilence = Double(silence) / 1000 }
        return RecognitionOptions(language: Language(clip.language), endpointing: endpointing)
    }
}
