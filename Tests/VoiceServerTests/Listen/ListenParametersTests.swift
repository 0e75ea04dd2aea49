import Speech
import Testing
import VoiceConfiguration
import VoiceServer

@Suite("What the query of a stream asks for") struct ListenParametersTests {
    private func parameters(_ query: [String: String]) throws -> ListenParameters {
        try ListenParameters(query, defaults: Configuration.ASR())
    }

    @Test("Nothing asked for: 16 kHz, any language, one utterance, the configured endpointing") func defaults() throws {
        let parameters = try parameters([:])
        #expect(parameters.sampleRate == 16_000)
        #expect(parameters.options.language == nil)
        #expect(!parameters.isMultiUtterance && !parameters.announcesPauses)
        #expect(parameters.options.endpointing?.minimumSilence == Configuration.ASR().vadSilenceSeconds)
    }

    @Test("vad= opts into several utterances, and none leaves the end to the client") func detector() throws {
        let silero = try parameters(["vad": "silero", "vad_silence_ms": "800", "language": "zh_CN"])
        #expect(silero.isMultiUtterance && silero.announcesPauses && silero.options.detectsEndpoints)
        #expect(silero.options.endpointing?.minimumSilence == 0.8)
        #expect(silero.options.language == Language("Chinese"))
        let none = try parameters(["vad": "none", "multi_utterance": "false"])
        #expect(!none.isMultiUtterance && !none.announcesPauses && !none.options.detectsEndpoints)
    }

    @Test("A translation and a prompt are passed on") func translation() throws {
        let options = try parameters(["task": "translate", "prompt": "Rockchip, Piper"]).options
        #expect(options.translates && options.prompt == "Rockchip, Piper")
        let usual = try parameters(["task": "transcribe", "prompt": ""]).options
        #expect(!usual.translates && usual.prompt == nil)
    }

    @Test(
        "A value that is none is refused by name",
        arguments: [
            (["sample_rate": "7999"], "sample_rate is a number from 8000 to 48000"),
            (["sample_rate": "nan"], "sample_rate is a number from 8000 to 48000"),
            (["sample_rate": "1e400"], "sample_rate is a number from 8000 to 48000"),
            (["sample_rate": "16000.5"], "sample_rate is a whole number of Hz"),
            (["vad_threshold": "-1"], "vad_threshold is a number from 0.05 to 0.95"),
            (["vad": "magic"], "vad is silero or none"),
            (["task": "sing"], "task is transcribe or translate"),
            (["language": "klingon"], "language is a name such as Chinese, a code such as zh or zh_CN, or auto"),
            (["multi_utterance": "maybe"], "multi_utterance is true or false"),
        ]
    )
    func refused(query: [String: String], message: String) {
        let fault = #expect(throws: ListenFault.self) { try parameters(query) }
        #expect(fault?.message == message)
        #expect(fault?.code == "invalid_parameter")
        #expect(fault?.closeCode == 1007)
    }
}
