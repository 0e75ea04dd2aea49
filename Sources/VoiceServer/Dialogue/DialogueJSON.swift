import Conversation
import NIOCore
import Speech
import SpeechSignal
import Transport

extension DialogueEvent {
    /// What is told about a turn that is over: how it ended, where its time went, what became of its sound.
    func members(of report: TurnReport) -> [String: JSON] {
        var members: [String: JSON] = [
            "turn": .integer(turn),
            "latency_ms": latency.json,
            "audio_ms": [
                "generated": .rounded(report.generated, places: 1),
                "sent": .rounded(report.sent, places: 1),
                "played": .rounded(report.played, places: 1),
            ],
        ]
        if report.isTruncated { members["truncated"] = true }
        switch report.outcome {
        case .done: members["outcome"] = "done"
        case .cancelled(let reason):
            members["outcome"] = "cancelled"
            members["reason"] = .string(reason.rawValue)
            members["heard"] = .string(report.heard)
        case .failed(let failure):
            members["outcome"] = "failed"
            members["heard"] = .string(report.heard)
            members.merge(failure.members) { $1 }
        }
        return members
    }
}

extension TurnFailure {
    /// Where it went wrong, a word for programs, a sentence for people.
    var members: [String: JSON] {
        ["stage": .string(stage.rawValue), "code": .string(code), "message": .string(message)]
    }
}

extension TurnLatency {
    /// Milliseconds by step; steps that the turn did not have are missing.
    var json: JSON { .object(milliseconds.mapValues { .rounded($0, places: 1) }) }
}

extension Transcript {
    /// Whether no later partial changes anything of it.
    var isStable: Bool { stableCharacters >= text.count }

    /// Unicode scalars that no later partial changes: what Python counts as characters.
    var stableScalars: Int { text.prefix(stableCharacters).unicodeScalars.count }
}

extension WebSocketMessage {
    /// A text frame.
    init(_ members: [String: JSON]) { self = .text(String(decoding: JSON.object(members).bytes, as: UTF8.self)) }

    /// Sound as a binary frame.
    init(_ chunk: AudioChunk) { self = .binary(ByteBuffer(bytes: PCM16.encode(chunk.samples))) }

    /// The frame that says at which rate the sound after it is: unsigned, 32 bits, little-endian.
    static func sampleRate(_ rate: Int) -> WebSocketMessage {
        var bytes = ByteBuffer()
        bytes.writeInteger(UInt32(clamping: rate), endianness: .little)
        return .binary(bytes)
    }
}
