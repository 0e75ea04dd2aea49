import Conversation
import Speech
import Transport
import VoiceConfiguration

/// How the client of `/dialogue` wants it: the query of the handshake, then the members of its first message.
struct DialogueSetup: Sendable {
    /// Hz of the sound that the client sends.
    var sampleRate = 16_000
    var options = DialogueOptions()
    var voice: VoiceChoice
    /// Whether more than the seed's messages is sent; spoken turns switch it on.
    var sendsEvents = false
    /// What was asked for and is not known.
    private(set) var ignored: [String] = []

    /// - Parameters:
    ///   - query: of the handshake.
    ///   - configuration: what holds where the client says nothing.
    /// - Throws: ``ListenFault`` naming the parameter and what it takes.
    init(_ query: [String: String], configuration: Configuration) throws(ListenFault) {
        voice = VoiceChoice(configuration.tts)
        options.recognition = RecognitionOptions(configuration.asr)
        options.rules = TurnRules(configuration.dialogue, configuration.llm)
        let limit = configuration.limits.textCharacters
        options.rules.limits.questionCharacters = min(options.rules.limits.questionCharacters, limit)
        try apply(query.mapValues { JSON.string($0) }, location: "query")
    }

    /// The members of a first message that has `audio`.
    mutating func apply(_ members: [String: JSON], location: String) throws(ListenFault) {
        do throws(HTTPFailure) {
            var parameters = Parameters(members, location: location)
            // The key was asked for at the door.
            for name in ["token", "type", "audio", "text"] { _ = parameters.value(name) }
            sampleRate = try parameters.integer("sample_rate", in: UserSound.sampleRates) ?? sampleRate
            sendsEvents = try parameters.flag("events") ?? sendsEvents
            try options.recognition.apply(&parameters, languageName: "language")
            try voice.apply(&parameters)
            try options.rules.apply(&parameters)
            ignored += parameters.ignored
        } catch {
            throw ListenFault(error.code, error.message, closing: 1007)
        }
    }
}

extension RecognitionOptions {
    /// How the configuration wants live streams to be heard.
    init(_ asr: Configuration.ASR) {
        self.init(language: asr.language.flatMap { Language($0) })
        endpointing = Endpointing(asr)
    }

    /// Names of detectors that clients send; there is one detector.
    private static let detectors: [String: Bool] = [
        "silero": true, "webrtc": true, "webrtcvad": true, "auto": true, "none": false, "off": false,
    ]

    /// - Parameters:
    ///   - parameters: `vad`, `vad_silence_ms`, `vad_threshold`, `partials` and the language are taken.
    ///   - languageName: what the language is called here.
    /// - Throws: 422 naming the parameter and what it takes.
    mutating func apply(_ parameters: inout Parameters, languageName: String) throws(HTTPFailure) {
        var endpointing = self.endpointing ?? .streaming
        if let silence = try parameters.number("vad_silence_ms", in: 100...10_000) {
            endpointing.minimumSilence = silence / 1000
        }
        if let threshold = try parameters.number("vad_threshold", in: 0.05...0.95) {
            endpointing.threshold = Float(threshold)
            endpointing.releaseThreshold = max(0.01, Float(threshold) - 0.15)
        }
        self.endpointing = endpointing
        if let name = try parameters.string("vad") {
            guard let detects = Self.detectors[name.lowercased()] else {
                throw parameters.failure("vad", "vad is silero or none")
            }
            detectsEndpoints = detects
        }
        partials = try parameters.flag("partials") ?? partials
        if let name = try parameters.string(languageName), !name.isEmpty {
            language = try Language.chosen(name, as: languageName, in: parameters)
        }
    }
}

extension Language {
    /// Codes of countries that clients send for their languages.
    private static let countries = ["jp": "ja", "kr": "ko", "cn": "zh"]

    /// - Returns: nil for `auto`.
    /// - Throws: 422 for a name that is none.
    static func chosen(
        _ name: String,
        as parameter: String,
        in parameters: Parameters
    ) throws(HTTPFailure) -> Language? {
        guard name.lowercased() != "auto" else { return nil }
        if let language = Language(countries[name.lowercased()] ?? name) { return language }
        let wanted = "a name such as Chinese, a code such as zh or zh_CN, or auto"
        throw parameters.failure(parameter, "\(parameter) is \(wanted)")
    }
}

extension TurnRules {
    /// - Parameter parameters: `barge_in` and `lead_ms` are taken.
    /// - Throws: 422 naming the parameter and what it takes.
    mutating func apply(_ parameters: inout Parameters) throws(HTTPFailure) {
        if let word = try parameters.string("barge_in")?.lowercased() {
            guard let choice = BargeIn(word) else {
                throw parameters.failure("barge_in", "barge_in is speech, words or never")
            }
            bargeIn = choice
        }
        if let lead = try parameters.number("lead_ms", in: 0...600_000) {
            // 0 is "as fast as it is made".
            limits.lead = lead == 0 ? nil : .milliseconds(Int(lead))
        }
    }
}

extension TurnRules.BargeIn {
    /// - Parameter word: one of the words, or a flag.
    fileprivate init?(_ word: String) {
        switch word {
        case "true", "1", "on", "yes": self = .speech
        case "false", "0", "off", "no": self = .never
        default: self.init(rawValue: word)
        }
    }
}
