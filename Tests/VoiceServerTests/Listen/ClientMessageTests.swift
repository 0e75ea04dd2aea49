import Testing
import VoiceServer

@Suite("What a client says in a text frame") struct ClientMessageTests {
    @Test(
        "Both families' words are known",
        arguments: [
            (#"{"type":"eou"}"#, ClientMessage.endOfUtterance), (#"{"type":"stop"}"#, .stop),
            (#"{"type":"prepare"}"#, .prepare), (#"{"type":"pre_eou"}"#, .prepare),
            (#"{"type":"prepare_finalize","extra":1}"#, .prepare), (#"{"command":"reset"}"#, .reset),
            (#"{"command":"end_utterance"}"#, .endUtterance),
        ]
    )
    func known(text: String, message: ClientMessage) throws { #expect(try ClientMessage(text) == message) }

    @Test(
        "Anything else is named, and the stream goes on",
        arguments: [
            ("", "invalid_json"), ("hello", "invalid_json"), ("[]", "invalid_json"), (#"{"type":1}"#, "invalid_json"),
            ("{}", "unknown_type"), (#"{"type":"dance"}"#, "unknown_type"), (#"{"command":"rm"}"#, "unknown_command"),
            (String(repeating: "[", count: 100_000), "invalid_json"),
        ]
    )
    func unknown(text: String, code: String) {
        let fault = #expect(throws: ListenFault.self) { try ClientMessage(text) }
        #expect(fault?.code == code)
        #expect(fault?.closeCode == nil)
    }

    @Test("A client's word is shown, cut and in one line") func shown() {
        let fault = #expect(throws: ListenFault.self) { try ClientMessage(#"{"type":"a\nb"}"#) }
        #expect(fault?.message == #""ab" is not a message type: eou, stop or prepare"#)
    }
}
