package import Conversation
import Speech
package import Transport

/// Tells a dialogue in the messages of `/dialogue`: for each turn a frame with the sample rate, frames of sound, and
/// `{"done":true,"chunks":N}`. Who speaks, or asks for it, is told everything else, too.
package struct DialogueFrameWriter: DialogueWriting {
    let phase: DialoguePhase
    /// Board whose NPU was simulated; nil where none was.
    let simulated: String?
    package private(set) var isOver = false
    /// The turn that sounds, and the binary frames sent for it; its header counts.
    private var sounding = (turn: 0, chunks: 0)

    /// - Parameters:
    ///   - phase: says whether events are told.
    ///   - simulated: board whose NPU was simulated; nil where none was.
    package init(phase: DialoguePhase, simulated: String?) {
        self.phase = phase
        self.simulated = simulated
    }

    package mutating func frames(for event: DialogueEvent) throws(ListenFault) -> [WebSocketMessage] {
        switch event.content {
        case .audio(let chunk): return sound(chunk, of: event.turn)
        case .ended(let report): return [ended(report, event)]
        case .closed(let failure):
            isOver = true
            guard let failure else { return [] }
            throw ListenFault(failure.code, failure.message, closing: 1011)
        default:
            guard phase.sendsEvents, let members = told(event) else { return [] }
            return [WebSocketMessage(members)]
        }
    }

    private mutating func sound(_ chunk: AudioChunk, of turn: Int) -> [WebSocketMessage] {
        var frames = [WebSocketMessage(chunk)]
        if sounding.turn != turn {
            sounding = (turn, 0)
            frames.insert(.sampleRate(chunk.sampleRate), at: 0)
        }
        sounding.chunks += frames.count
        return frames
    }

    private func ended(_ report: TurnReport, _ event: DialogueEvent) -> WebSocketMessage {
        var members = event.members(of: report)
        members["type"] = "done"
        members["chunks"] = .integer(sounding.turn == event.turn ? sounding.chunks : 0)
        members["simulated"] = simulated.map { .string($0) }
        guard case .failed(let failure) = report.outcome else {
            members["done"] = true
            return WebSocketMessage(members)
        }
        members["type"] = "error"
        // The words are those of the system this one replaces, so that its clients know them.
        members["error"] = failure.code == "empty_text" ? "empty text" : "dialogue streaming failed"
        return WebSocketMessage(members)
    }

    /// What is told beside sound and ends of turns.
    private func told(_ event: DialogueEvent) -> [String: JSON]? {
        var members: [String: JSON] = ["turn": .integer(event.turn)]
        switch event.content {
        case .speechStarted: members["type"] = "speech_started"
        case .endpoint: members["type"] = "speech_ended"
        case .partial(let transcript):
            members.merge(transcript.members) { $1 }
            members["type"] = "partial"
        case .question(let transcript):
            members.merge(transcript.members) { $1 }
            members["type"] = "final"
            members["latency_ms"] = event.latency.json
        case .answer(let text): members.merge(["type": "answer", "delta": .string(text)]) { $1 }
        case .sentenceStarted(let text): members.merge(["type": "sentence", "text": .string(text)]) { $1 }
        case .sentenceEnded(let text): members.merge(["type": "sentence_done", "text": .string(text)]) { $1 }
        case .trouble(let failure):
            members.merge(failure.members) { $1 }
            members["type"] = "trouble"
        case .truncated(let report):
            members = event.members(of: report)
            members["type"] = "truncated"
        case .audio, .ended, .closed: return nil
        }
        return members
    }
}

extension Transcript {
    /// What is told of a partial or final text.
    fileprivate var members: [String: JSON] {
        [
            "text": .string(text),
            "is_stable": .bool(isStable),
            "stable_chars": .integer(stableScalars),
            "language": JSON(language?.tag),
        ]
    }
}
