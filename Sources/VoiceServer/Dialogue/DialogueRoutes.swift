import Conversation
import HTTPTypes
import Speech
import Transport
import VoiceConfiguration

/// The sockets on which people talk: `/dialogue`, `/v2v/stream` and `/audio_dialogue`.
struct DialogueRoutes: Sendable {
    /// What becomes of an accepted handshake.
    typealias Body = @Sendable (WebSocketConnection) async throws -> Void

    let configuration: LiveConfiguration
    let catalog: SpeechCatalog
    let admission: AdmissionQueue
    let streams: StreamCounter
    let metrics: ServerMetrics
    let readiness: Readiness
    /// What answers.
    let chat: any ChatModel

    /// - Parameters:
    ///   - handshake: a request that passed the guard.
    ///   - client: who it counts for.
    /// - Returns: nil for a path that is not one of these.
    func body(of handshake: WebSocketHandshake, client: String) -> Body? {
        switch handshake.path {
        case "/dialogue":
            { connection in
                try await serve(connection, DialogueFaultFrames()) { () async throws(ListenFault) -> UInt16 in
                    try await dialogue(handshake, client, connection)
                }
            }
        case "/v2v/stream":
            { connection in
                let faults = V2VFaultFrames(slots: configuration.current.limits.streams)
                try await serve(connection, faults) { () async throws(ListenFault) -> UInt16 in
                    try await voiceToVoice(client, connection)
                }
            }
        case "/audio_dialogue":
            { connection in
                try await serve(connection, DialogueFaultFrames()) { () async throws(ListenFault) -> UInt16 in
                    // The words and the code are those of the system this one replaces.
                    let message = "Audio dialogue not available (AudioLLM not loaded)"
                    throw ListenFault("not_available", message, closing: 1000)
                }
            }
        default: nil
        }
    }

    /// Runs a dialogue within the limits; tells a fault before the socket closes.
    private func serve(
        _ connection: WebSocketConnection,
        _ faults: some DialogueFaults,
        _ body: () async throws(ListenFault) -> UInt16
    ) async throws {
        do throws(ListenFault) {
            let permit = try permit()
            defer { permit.release() }
            metrics.socketClosed(code: try await body())
        } catch {
            let code = error.closeCode ?? 1011
            metrics.failed(code: error.code)
            metrics.socketClosed(code: code)
            try await connection.send(faults.told(error))
            await connection.close(code, error.code)
        }
    }

    private func permit() throws(ListenFault) -> StreamPermit {
        do throws(HTTPFailure) { return try streams.open() } catch {
            throw ListenFault(error.code, error.message, closing: error.status == .tooManyRequests ? 4429 : 1013)
        }
    }
}

// MARK: - /dialogue

extension DialogueRoutes {
    private func dialogue(
        _ handshake: WebSocketHandshake,
        _ client: String,
        _ connection: WebSocketConnection
    ) async throws(ListenFault) -> UInt16 {
        let configuration = configuration.current
        // Before the first message, as clients of the seed expect it.
        let voice = try voice("Dialogue not available (TTS not loaded)")
        var setup = try DialogueSetup(handshake.query, configuration: configuration)
        guard let first = try await firstMessage(connection) else { return 1006 }
        if case .text(let text) = first, let members = try? DialogueFrameReader.members(of: text),
            members["audio"] == .bool(true)
        {
            try setup.apply(members, location: "message")
            setup.sendsEvents = true
        }
        if setup.sendsEvents { await tell(setup.ignored, connection) }
        let recognition = catalog.recognition.model
        let recognizer = recognition?.streaming
        let record = record(recognition, voice)
        setup.options.manner = try manner(setup.voice, voice, closing: 1007)
        let dialogue = Dialogue(
            recognizer: recognizer,
            chat: chat,
            synthesizer: admitted(voice, client, record),
            options: setup.options
        )
        let phase = DialoguePhase(sendsEvents: setup.sendsEvents)
        let rates = (client: setup.sampleRate, model: recognizer?.sampleRate)
        let simulated = configuration.runtime.npu.simulated?.rawValue
        return try await DialogueSocket(
            dialogue: dialogue,
            faults: DialogueFaultFrames(),
            record: record,
            connection: connection
        )
        .run(after: [first]) {
            DialogueFrameReader(phase: phase, sampleRate: rates.client, modelRate: rates.model)
        } writer: {
            DialogueFrameWriter(phase: phase, simulated: simulated)
        }
    }
}

// MARK: - /v2v/stream

extension DialogueRoutes {
    private func voiceToVoice(
        _ client: String,
        _ connection: WebSocketConnection
    ) async throws(ListenFault) -> UInt16 {
        guard let first = try await firstMessage(connection) else { return 1006 }
        var setup = try v2vSetup(first)
        let recognition = setup.hears ? try recognition() : nil
        let recognizer = recognition?.streaming
        let voice = setup.speaks ? try voice("TTS not ready", closing: 1011) : nil
        let record = record(recognition, voice)
        var synthesizer: any SpeechSynthesizer = MuteVoice()
        if let voice {
            setup.options.manner = try manner(setup.voice, voice, closing: 1003)
            synthesizer = admitted(voice, client, record)
        }
        await tell(setup.ignored, connection)
        let dialogue = Dialogue(
            recognizer: recognizer,
            chat: chat,
            synthesizer: synthesizer,
            options: setup.options
        )
        let phase = V2VPhase()
        let modelRate = recognizer?.sampleRate ?? 16_000
        let simulated = configuration.current.runtime.npu.simulated?.rawValue
        return try await DialogueSocket(
            dialogue: dialogue,
            faults: V2VFaultFrames(),
            record: record,
            connection: connection
        )
        .run { [setup] in
            V2VFrameReader(setup, phase: phase, modelRate: modelRate)
        } writer: { [setup] in
            V2VFrameWriter(setup, phase: phase, simulated: simulated)
        }
    }

    private func v2vSetup(_ first: WebSocketMessage) throws(ListenFault) -> V2VConfiguration {
        guard case .text(let text) = first else {
            let message = "the first message is {\"type\":\"config\", ...}, and this is sound"
            throw ListenFault("invalid_config", message, closing: 1003)
        }
        let members: [String: JSON]
        do throws(ListenFault) { members = try DialogueFrameReader.members(of: text) } catch {
            throw ListenFault("invalid_config", error.message, closing: 1003)
        }
        return try V2VConfiguration(members, configuration: configuration.current)
    }

    private func recognition() throws(ListenFault) -> SpeechCatalog.Recognition {
        guard let recognition = catalog.recognition.model else { throw notReady(catalog.recognition, "ASR not ready") }
        return recognition
    }
}

// MARK: - Parts

extension DialogueRoutes {
    /// What was asked for and is not done here is told once, before anything else.
    private func tell(_ ignored: [String], _ connection: WebSocketConnection) async {
        guard !ignored.isEmpty else { return }
        let names = ignored.prefix(32).map { String($0.prefix(64)) }
        // A client that is gone is noticed by whoever reads next.
        try? await connection.send(WebSocketMessage(["type": "warning", "ignored": JSON(names)]))
    }

    /// - Returns: nil where the client went away without a word.
    private func firstMessage(_ connection: WebSocketConnection) async throws(ListenFault) -> WebSocketMessage? {
        do { return try await connection.receive() } catch { return nil }
    }

    private func voice(
        _ missing: String,
        closing code: UInt16 = 1013
    ) throws(ListenFault) -> SpeechCatalog.Synthesis {
        guard let voice = catalog.synthesis.model else { throw notReady(catalog.synthesis, missing, closing: code) }
        return voice
    }

    /// Why a model is not there, in the words that clients know.
    private func notReady<Model>(
        _ slot: SpeechCatalog.Slot<Model>,
        _ message: String,
        closing code: UInt16 = 1011
    ) -> ListenFault {
        switch slot {
        case .disabled: ListenFault("disabled", "\(message): it is switched off", closing: code)
        case .failed(let error): ListenFault("not_ready", "\(message): \(error.message)", closing: code)
        case .loading, .ready: ListenFault("not_ready", message, closing: code)
        }
    }

    private func manner(
        _ choice: VoiceChoice,
        _ voice: SpeechCatalog.Synthesis,
        closing code: UInt16
    ) throws(ListenFault) -> Utterance {
        do throws(HTTPFailure) { return try choice.manner(for: voice) } catch {
            throw ListenFault(error.code, error.message, closing: code)
        }
    }

    /// A voice that takes its turn with everybody else's requests.
    private func admitted(
        _ voice: SpeechCatalog.Synthesis,
        _ client: String,
        _ record: DialogueRecord
    ) -> AdmittedSynthesizer {
        AdmittedSynthesizer(base: voice.synthesizer, admission: admission, client: client) { record.spoke($0) }
    }

    private func record(_ recognition: SpeechCatalog.Recognition?, _ voice: SpeechCatalog.Synthesis?) -> DialogueRecord
    {
        DialogueRecord(metrics: metrics, readiness: readiness, recognizer: recognition?.id, voice: voice?.id)
    }
}
