import Conversation
import NIOCore
import Speech
import Testing
import Transport
import VoiceServer

@Suite("What a client of /dialogue says") struct DialogueFrameReaderTests {
    private func reader(_ phase: DialoguePhase = DialoguePhase(sendsEvents: false)) -> DialogueFrameReader {
        DialogueFrameReader(phase: phase, sampleRate: 16_000, modelRate: 16_000)
    }

    @Test(
        "Every message has its meaning",
        arguments: [
            (#"{"text":"Hello"}"#, ["question Hello"]), (#"{"text":"Hello","interrupt":true}"#, ["question! Hello"]),
            (#"{"text":""}"#, ["question "]), (#"{"audio":true}"#, []), (#"{"audio":false}"#, ["end of utterance"]),
            (#"{"type":"eou"}"#, ["end of utterance"]), (#"{"type":"stop"}"#, ["end of utterance"]),
            (#"{"type":"prepare"}"#, ["pause"]), (#"{"type":"abort"}"#, ["abort"]), (#"{"abort":true}"#, ["abort"]),
            (#"{"type":"played","turn":3,"ms":1200}"#, ["played 3 1200"]),
        ]
    )
    func known(text: String, inputs: [String]) throws {
        var reader = reader()
        #expect(try reader.inputs(of: .text(text)).map(\.shown) == inputs)
    }

    @Test(
        "Anything else is named, and the dialogue goes on",
        arguments: [
            ("", "invalid_json"), ("hello", "invalid_json"), ("[]", "invalid_json"), ("{}", "unknown_type"),
            (#"{"type":"dance"}"#, "unknown_type"), (#"{"type":7}"#, "unknown_type"),
            (#"{"text":1}"#, "invalid_parameter"), (#"{"audio":"yes"}"#, "invalid_parameter"),
            (#"{"audio":true,"sample_rate":1}"#, "invalid_parameter"),
            (#"{"type":"played","turn":-1,"ms":0}"#, "invalid_parameter"),
        ]
    )
    func unknown(text: String, code: String) {
        var reader = reader()
        let fault = #expect(throws: ListenFault.self) { try reader.inputs(of: .text(text)) }
        #expect(fault?.code == code)
        #expect(fault?.closeCode == nil)
    }

    @Test("Sound is taken whole, and asks for events") func sound() throws {
        let phase = DialoguePhase(sendsEvents: false)
        var reader = reader(phase)
        let inputs = try reader.inputs(of: .binary(ByteBuffer(bytes: [UInt8](repeating: 0, count: 640))))
        #expect(inputs.map(\.shown) == ["audio 320"])
        #expect(phase.sendsEvents)
        #expect(try reader.inputs(of: .binary(ByteBuffer())).map(\.shown) == ["end of utterance"])
    }

    @Test("Half a sample ends the dialogue") func halfASample() {
        var reader = reader()
        let fault = #expect(throws: ListenFault.self) {
            try reader.inputs(of: .binary(ByteBuffer(bytes: [1, 2, 3])))
        }
        #expect(fault?.code == "odd_length")
        #expect(fault?.closeCode == 1007)
    }

    @Test("Without a recognizer sound is refused in words", arguments: [#"{"audio":true}"#, nil])
    func deaf(text: String?) {
        var reader = DialogueFrameReader(phase: DialoguePhase(sendsEvents: false), sampleRate: 16_000, modelRate: nil)
        let fault = #expect(throws: ListenFault.self) {
            try reader.inputs(of: text.map { .text($0) } ?? .binary(ByteBuffer(bytes: [0, 0])))
        }
        #expect(fault?.code == "not_ready")
        #expect(fault?.closeCode == 1011)
    }

    @Test("Sound of another rate comes out at the recognizer's, none of it lost") func rates() throws {
        var reader = reader()
        _ = try reader.inputs(of: .text(#"{"audio":true,"sample_rate":48000}"#))
        let second = ByteBuffer(bytes: [UInt8](repeating: 0, count: 96_000))
        let inputs = try reader.inputs(of: .binary(second)) + reader.inputs(of: .text(#"{"type":"eou"}"#))
        var frames = 0
        for case .audio(let chunk) in inputs { frames += chunk.frames }
        #expect(abs(frames - 16_000) < 32)
        #expect(inputs.last?.shown == "end of utterance")
    }
}
