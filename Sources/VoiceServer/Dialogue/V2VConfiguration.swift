import Conversation
import Speech
import Transport
package import VoiceConfiguration

/// The first message of `/v2v/stream`, version 1: what is heard and what is spoken.
package struct V2VConfiguration: Sendable {
    /// Hz of the sound that the client sends.
    var sampleRate = 16_000
    /// Whether sound is written down: `asr_language` is there.
    package var hears = false
    /// Whether text is spoken: `tts_language` is there.
    package var speaks = false
    /// Whether it listens on after an utterance.
    var isMultiUtterance = false
    /// Whether the server answers what it hears. If not, the client brings what is spoken.
    var answers = false
    var options = DialogueOptions()
    var voice: VoiceChoice
    /// What was asked for and is not done here; the client is told.
    package private(set) var ignored: [String] = []

    /// - Parameters:
    ///   - members: of the message.
    ///   - configuration: what holds where the client says nothing.
    /// - Throws: ``ListenFault`` naming the member and what it takes; the socket closes with 1003.
    package init(_ members: [String: JSON], configuration: Configuration) throws(ListenFault) {
        voice = VoiceChoice(configuration.tts)
        options.recognition = RecognitionOptions(configuration.asr)
        options.rules = TurnRules(configuration.dialogue, configuration.llm)
        do throws(HTTPFailure) {
            try read(Parameters(members, location: "config"))
        } catch {
            throw ListenFault("invalid_config", error.message, closing: 1003)
        }
    }

    private mutating func read(_ parameters: Parameters) throws(HTTPFailure) {
        var parameters = parameters
        guard try parameters.string("type") == "config" else {
            throw parameters.failure("type", "the first message is {\"type\":\"config\", ...}")
        }
        hears = try !(parameters.string("asr_language") ?? "").isEmpty
        speaks = try !(parameters.string("tts_language") ?? "").isEmpty
        guard hears || speaks else {
            throw parameters.failure("asr_language", "a config has asr_language, tts_language or both")
        }
        sampleRate = try parameters.integer("sample_rate", in: UserSound.sampleRates) ?? sampleRate
        isMultiUtterance = try parameters.flag("multi_utterance") ?? false
        answers = try parameters.flag("server_loop") ?? false
        guard !answers || hears && speaks else {
            throw parameters.failure("server_loop", "server_loop needs both asr_language and tts_language")
        }
        // The detector's default is to end utterances, also where only the client's end was meant: `none` says that.
        try options.recognition.apply(&parameters, languageName: "asr_language")
        try voice.apply(&parameters, prefix: "tts_")
        try options.rules.apply(&parameters)
        options.rules.answersSpeech = answers
        // Who only reads texts aloud has nobody who could interrupt, and may want the sound as fast as it is made.
        if !hears, parameters.value("lead_ms") == nil { options.rules.limits.lead = nil }
        for name in ["punctuate", "speaker_embedding", "diarize"] where try parameters.flag(name) == true {
            ignored.append(name)
        }
        ignored += parameters.ignored
    }
}
