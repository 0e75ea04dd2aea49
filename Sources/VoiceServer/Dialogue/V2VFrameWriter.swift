package import Conversation
import Speech
package import Transport

/// Tells a dialogue in the messages of `/v2v/stream`, version 1.
package struct V2VFrameWriter: DialogueWriting {
    let configuration: V2VConfiguration
    let phase: V2VPhase
    /// Board whose NPU was simulated; nil where none was.
    let simulated: String?
    package private(set) var isOver = false
    private var life: V2VLife
    private var isHeaderSent = false
    /// An utterance ended at a pause; its text is still to come.
    private var isPauseFound = false
    /// The turn whose words are spoken.
    private var replying: Int?
    private var lastText = ""

    /// - Parameters:
    ///   - configuration: the first message.
    ///   - phase: shared with the reader.
    ///   - simulated: board whose NPU was simulated; nil where none was.
    package init(_ configuration: V2VConfiguration, phase: V2VPhase, simulated: String? = nil) {
        self.configuration = configuration
        self.phase = phase
        self.simulated = simulated
        life = V2VLife(
            hears: configuration.hears,
            speaks: configuration.speaks,
            isMultiUtterance: configuration.isMultiUtterance,
            answers: configuration.answers
        )
    }

    package mutating func frames(for event: DialogueEvent) throws(ListenFault) -> [WebSocketMessage] {
        defer { isOver = isOver || life.isOver }
        switch event.content {
        case .speechStarted: return phase.isDeaf ? [] : [told("vad_event", ["event": "speech_start"])]
        case .partial(let transcript): return partial(transcript)
        case .endpoint: return endpoint()
        case .question(let transcript): return question(transcript, event)
        case .answer(let text):
            replying = event.turn
            return configuration.answers ? [told("reply_delta", ["text": .string(text)])] : []
        case .sentenceStarted(let text):
            replying = event.turn
            return [told("tts_started", ["sentence": .string(text)])]
        case .sentenceEnded(let text): return [told("tts_sentence_done", ["sentence": .string(text)])]
        case .audio(let chunk):
            defer { isHeaderSent = true }
            let sound = WebSocketMessage(chunk)
            return isHeaderSent ? [sound] : [.sampleRate(chunk.sampleRate), sound]
        case .trouble(let failure): return [error(failure)]
        case .ended(let report): return try ended(report, event)
        case .truncated(let report): return [told("tts_truncated", event.members(of: report))]
        case .closed(let failure):
            isOver = true
            guard let failure else { return [] }
            throw ListenFault(failure.code, failure.message, closing: 1011)
        }
    }

    private mutating func partial(_ transcript: Transcript) -> [WebSocketMessage] {
        guard !phase.isDeaf, !transcript.text.isEmpty, transcript.text != lastText else { return [] }
        lastText = transcript.text
        let members: [String: JSON] = [
            "text": .string(transcript.text),
            "is_stable": .bool(transcript.isStable),
            "stable_chars": .integer(transcript.stableScalars),
        ]
        return [told("asr_partial", members)]
    }

    private mutating func endpoint() -> [WebSocketMessage] {
        // What the client ended itself it knows.
        guard !phase.isDeaf, !phase.isEnding else { return [] }
        isPauseFound = true
        return [told("vad_event", ["event": "speech_end"]), told("asr_endpoint", [:])]
    }

    private mutating func question(_ transcript: Transcript, _ event: DialogueEvent) -> [WebSocketMessage] {
        guard !phase.isDeaf else { return [] }
        var frame: [String: JSON] = ["latency_ms": event.latency.json, "turn": .integer(event.turn)]
        if let language = transcript.language { frame["language"] = .string(language.tag) }
        return [final(transcript.text, frame)]
    }

    /// The text of an utterance; after the last one nothing more is heard.
    private mutating func final(_ text: String, _ members: [String: JSON] = [:]) -> WebSocketMessage {
        let isLast = life.endsHearing(isClosing: phase.isEnding && !isPauseFound)
        var members = members
        members["text"] = .string(text)
        members["simulated"] = simulated.map { .string($0) }
        members["session_complete"] = .bool(isLast)
        members["duplicate_of_streamed"] = .bool(!text.isEmpty && text == lastText)
        isPauseFound = false
        lastText = ""
        if isLast {
            phase.isDeaf = true
            life.hearingEnds(isEmpty: text.isEmpty, isReplying: replying != nil)
        }
        return told("asr_final", members)
    }

    private mutating func ended(_ report: TurnReport, _ event: DialogueEvent) throws(ListenFault) -> [WebSocketMessage]
    {
        guard replying == event.turn else { return try endedUnspoken(report, event) }
        replying = nil
        var frames: [WebSocketMessage] = []
        if case .failed(let failure) = report.outcome {
            guard configuration.isMultiUtterance || failure.stage == .question else {
                throw ListenFault(failure.code, failure.message, closing: 1011)
            }
            frames.append(error(failure))
        }
        life.replyEnds(isWhole: report.outcome == .done)
        var members = event.members(of: report)
        members["session_complete"] = .bool(life.isOver)
        members["simulated"] = simulated.map { .string($0) }
        return frames + [told("tts_done", members)]
    }

    /// The end of a turn of which nothing was spoken: of an utterance that the client answers, of one without a word,
    /// of one that failed before its first word.
    private mutating func endedUnspoken(
        _ report: TurnReport,
        _ event: DialogueEvent
    ) throws(ListenFault) -> [WebSocketMessage] {
        switch report.outcome {
        case .cancelled(.nothingHeard):
            let isClosing = phase.isEnding && !isPauseFound
            isPauseFound = false
            return isClosing && !phase.isDeaf ? [final("")] : []
        case .failed(let failure):
            guard configuration.isMultiUtterance || failure.stage == .question else {
                throw ListenFault(failure.code, failure.message, closing: 1011)
            }
            if configuration.answers { life.replyEnds(isWhole: false) }
            return [error(failure)]
        case .done, .cancelled: return []
        }
    }

    private func error(_ failure: TurnFailure) -> WebSocketMessage {
        told("error", ["error": .string(failure.message)].merging(failure.members) { $1 })
    }

    private func told(_ type: String, _ members: [String: JSON]) -> WebSocketMessage {
        WebSocketMessage(members.merging(["type": .string(type)]) { $1 })
    }
}

/// Errors as version 1 tells them.
struct V2VFaultFrames: DialogueFaults {
    /// Connections that may be open; told with a refusal.
    var slots: Int?

    func told(_ fault: ListenFault) -> WebSocketMessage {
        var members: [String: JSON] = [
            "type": "error", "error": .string(fault.message), "code": .string(fault.code),
        ]
        if fault.closeCode == 4429 {
            members["status"] = 4429
            members["max_slots"] = slots.map { .integer($0) }
        }
        return WebSocketMessage(members)
    }
}
