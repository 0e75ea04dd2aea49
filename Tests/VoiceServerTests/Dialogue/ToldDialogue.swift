import Conversation
import NIOCore
import Speech
import Transport
import VoiceServer

/// A dialogue without models: what its machine tells when a test says what happened.
struct ToldDialogue {
    private var machine: TurnMachine
    private var now = Duration.zero

    init(answersSpeech: Bool = true) {
        var rules = TurnRules()
        rules.answersSpeech = answersSpeech
        machine = TurnMachine(rules: rules, sampleRate: 16_000)
    }

    /// What is told, 10 ms after the event before.
    mutating func hear(_ events: TurnEvent...) -> [DialogueEvent] {
        events.flatMap { event in
            now += .milliseconds(10)
            return machine.handle(event, at: now).compactMap { told($0, by: event) }
        }
    }

    private func told(_ effect: TurnEffect, by event: TurnEvent) -> DialogueEvent? {
        switch (effect, event) {
        case (.tell(let event), _): return event
        case (.forward(let turn), .sound(_, let frames)):
            let samples = [Float](repeating: 0.5, count: frames)
            return DialogueEvent(turn: turn, .audio(AudioChunk(samples: samples, sampleRate: 16_000)))
        default: return nil
        }
    }

    /// A typed question and its answer, spoken in two stretches of 800 frames.
    mutating func answered(_ question: String, turn: Int) -> [DialogueEvent] {
        hear(
            .question(question, interrupts: false),
            .delta(turn: turn, "Hello."),
            .answerEnded(turn: turn),
            .sound(turn: turn, frames: 800),
            .sent(turn: turn, frames: 800),
            .sound(turn: turn, frames: 800),
            .sent(turn: turn, frames: 800),
            .sentenceSpoken(turn: turn)
        )
    }
}

/// A frame as a test compares it: the type of a message, or the number of bytes.
func shown(_ frame: WebSocketMessage) -> String {
    switch frame {
    case .binary(let bytes): return "\(bytes.readableBytes) bytes"
    case .text(let text):
        guard case .object(let members)? = try? JSONReader.read(Array(text.utf8)),
            case .string(let type)? = members["type"]
        else { return text }
        return type
    }
}

/// The member of a message; nil for sound and for messages that lack it.
func member(_ name: String, of frame: WebSocketMessage?) -> JSON? {
    guard case .text(let text)? = frame, let value = try? JSONReader.read(Array(text.utf8)) else { return nil }
    return value[name]
}

extension DialogueInput {
    /// As a test compares it.
    var shown: String {
        switch self {
        case .audio(let chunk): "audio \(chunk.frames)"
        case .pause: "pause"
        case .endOfUtterance: "end of utterance"
        case .audioEnded: "audio ended"
        case .question(let text, let interrupts): (interrupts ? "question! " : "question ") + text
        case .words(let text): "words " + text
        case .wordsEnded: "words ended"
        case .abort: "abort"
        case .played(let turn, let length): "played \(turn) \(Int(length.milliseconds))"
        }
    }
}
