import Conversation
import NIOCore
import Speech
import Testing
import Transport
import VoiceConfiguration
import VoiceServer

@Suite("/v2v/stream, version 1") struct V2VTests {
    private static func config(_ text: String) throws -> V2VConfiguration {
        guard case .object(let members) = try JSONReader.read(Array(text.utf8)) else {
            throw JSONError(message: "no object")
        }
        return try V2VConfiguration(members, configuration: Configuration())
    }

    @Test(
        "A config that cannot be followed is refused with 1003",
        arguments: [
            "{}", #"{"type":"config"}"#, #"{"type":"text","asr_language":"en"}"#,
            #"{"type":"config","asr_language":"Klingon"}"#, #"{"type":"config","asr_language":"en","vad":"ears"}"#,
            #"{"type":"config","asr_language":"en","sample_rate":7}"#,
            #"{"type":"config","asr_language":"en","server_loop":true}"#,
            #"{"type":"config","tts_language":"en","tts_speed":9}"#,
            #"{"type":"config","tts_language":"en","lead_ms":-1}"#,
        ]
    )
    func refused(text: String) {
        let fault = #expect(throws: ListenFault.self) { try Self.config(text) }
        #expect(fault?.code == "invalid_config")
        #expect(fault?.closeCode == 1003)
    }

    @Test("What is not done here is remembered, to be told") func ignored() throws {
        let config = try Self.config(
            #"{"type":"config","asr_language":"auto","punctuate":true,"diarize":false,"color":"blue"}"#
        )
        #expect(config.ignored == ["punctuate", "color"])
        #expect(config.hears)
        #expect(!config.speaks)
    }

    @Test("Messages have their meaning, and sound after the end is ignored") func messages() throws {
        let config = try Self.config(#"{"type":"config","asr_language":"auto","tts_language":"auto"}"#)
        let phase = V2VPhase()
        var reader = V2VFrameReader(config, phase: phase, modelRate: 16_000)
        let frames: [WebSocketMessage] = [
            .text(#"{"type":"text","text":"Hel"}"#), .text(#"{"type":"text","text":"lo."}"#),
            .text(#"{"type":"tts_flush"}"#), .text(#"{"type":"abort"}"#), .text(#"{"type":"asr_prepare"}"#),
            .binary(ByteBuffer(bytes: [0, 0])), .text(#"{"type":"asr_eos"}"#), .binary(ByteBuffer(bytes: [0, 0])),
            .text(#"{"type":"asr_eos"}"#),
        ]
        let inputs = try frames.flatMap { try reader.inputs(of: $0) }.map(\.shown)
        let expected = ["words Hel", "words lo.", "words ended", "abort", "pause", "audio 1", "end of utterance"]
        #expect(inputs == expected)
        #expect(phase.isEnding)
    }

    @Test(
        "What does not fit the config is told, and the connection goes on",
        arguments: [
            (#"{"type":"text","text":1}"#, "invalid_parameter"), (#"{"type":"tts_flush"}"#, "empty_text"),
            (#"{"type":"tool_result"}"#, "not_implemented"), (#"{"type":"dance"}"#, "unknown_type"),
            (#"{"text":"hello"}"#, "unknown_type"), ("hello", "invalid_json"),
        ]
    )
    func faults(text: String, code: String) throws {
        let config = try Self.config(#"{"type":"config","tts_language":"auto"}"#)
        var reader = V2VFrameReader(config, phase: V2VPhase(), modelRate: 16_000)
        let fault = #expect(throws: ListenFault.self) { try reader.inputs(of: .text(text)) }
        #expect(fault?.code == code)
        #expect(fault?.closeCode == nil)
    }

    @Test("Text alone: the rate once, then sound; tts_done ends it") func speaking() throws {
        let config = try Self.config(#"{"type":"config","tts_language":"auto"}"#)
        var writer = V2VFrameWriter(config, phase: V2VPhase())
        var dialogue = ToldDialogue(answersSpeech: false)
        let events = dialogue.hear(
            .words("Hello."),
            .wordsEnded,
            .sound(turn: 1, frames: 800),
            .sent(turn: 1, frames: 800),
            .sentenceSpoken(turn: 1)
        )
        let frames = try events.flatMap { try writer.frames(for: $0) }
        #expect(frames.map(shown) == ["tts_started", "4 bytes", "1600 bytes", "tts_sentence_done", "tts_done"])
        #expect(member("session_complete", of: frames.last) == true)
        #expect(writer.isOver)
    }

    @Test("Listening alone: the first final is the last") func listening() throws {
        let config = try Self.config(#"{"type":"config","asr_language":"auto"}"#)
        var writer = V2VFrameWriter(config, phase: V2VPhase())
        var dialogue = ToldDialogue(answersSpeech: false)
        let said = Transcript(text: "hello")
        let events = dialogue.hear(
            .speechStarted,
            .partial(said),
            .endpoint(lastVoiced: nil),
            .final(said, endedAt: nil)
        )
        let frames = try events.flatMap { try writer.frames(for: $0) }
        #expect(frames.map(shown) == ["vad_event", "asr_partial", "vad_event", "asr_endpoint", "asr_final"])
        #expect(member("session_complete", of: frames.last) == true)
        #expect(member("duplicate_of_streamed", of: frames.last) == true)
        #expect(writer.isOver)
    }

    @Test("Several utterances: each has a final, the client's end the last one") func severalUtterances() throws {
        let config = try Self.config(#"{"type":"config","asr_language":"auto","multi_utterance":true}"#)
        let phase = V2VPhase()
        var writer = V2VFrameWriter(config, phase: phase)
        var dialogue = ToldDialogue(answersSpeech: false)
        let said = Transcript(text: "hello")
        let first = dialogue.hear(.speechStarted, .endpoint(lastVoiced: nil), .final(said, endedAt: nil))
        let frames = try first.flatMap { try writer.frames(for: $0) }
        #expect(member("session_complete", of: frames.last) == false)
        #expect(!writer.isOver)
        phase.isEnding = true
        let last = dialogue.hear(.speechStarted, .final(Transcript(text: ""), endedAt: .seconds(1)))
        let closing = try last.flatMap { try writer.frames(for: $0) }
        #expect(member("text", of: closing.last) == "")
        #expect(member("session_complete", of: closing.last) == true)
        #expect(writer.isOver)
    }
}

@Suite("When a connection of /v2v/stream is over") struct V2VLifeTests {
    @Test("Both directions: after the final and a whole reply, in either order", arguments: [true, false])
    func both(finalFirst: Bool) {
        var life = V2VLife(hears: true, speaks: true, isMultiUtterance: false, answers: false)
        if finalFirst { life.hearingEnds(isEmpty: false, isReplying: false) } else { life.replyEnds(isWhole: true) }
        #expect(!life.isOver)
        if finalFirst { life.replyEnds(isWhole: true) } else { life.hearingEnds(isEmpty: false, isReplying: false) }
        #expect(life.isOver)
    }

    @Test("A reply that was interrupted is not the last") func interrupted() {
        var life = V2VLife(hears: true, speaks: true, isMultiUtterance: true, answers: false)
        life.hearingEnds(isEmpty: false, isReplying: true)
        life.replyEnds(isWhole: false)
        #expect(!life.isOver)
        life.replyEnds(isWhole: true)
        #expect(life.isOver)
    }

    @Test("With several utterances a reply ends nothing while somebody listens") func several() {
        var life = V2VLife(hears: true, speaks: true, isMultiUtterance: true, answers: false)
        life.replyEnds(isWhole: true)
        #expect(!life.isOver)
        // Nothing was said after the last reply.
        life.hearingEnds(isEmpty: true, isReplying: false)
        #expect(life.isOver)
    }

    @Test("Several texts are spoken until the client closes") func texts() {
        var life = V2VLife(hears: false, speaks: true, isMultiUtterance: true, answers: false)
        life.replyEnds(isWhole: true)
        #expect(!life.isOver)
    }
}
