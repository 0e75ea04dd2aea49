import Speech
import Transport
import VoiceConfiguration

/// Which voice a client of a dialogue wants, before it is known what voices there are.
struct VoiceChoice: Sendable {
    private var request: SpeechRequest

    /// - Parameter tts: what holds where the client says nothing.
    init(_ tts: Configuration.TTS) {
        request = SpeechRequest(
            text: "",
            speed: tts.speed,
            volume: 1,
            seed: tts.seed,
            // In a dialogue the first sound is what is waited for.
            latency: .low,
            ignored: []
        )
    }

    /// - Parameters:
    ///   - parameters: voice, speaker, speed, seed and latency are taken, with the prefix of the dialect.
    ///   - prefix: such as `tts_`.
    /// - Throws: 422 naming the parameter and what it takes.
    mutating func apply(_ parameters: inout Parameters, prefix: String = "") throws(HTTPFailure) {
        if let name = try parameters.string(prefix + "voice"), !name.isEmpty { request.voice = name }
        let speakers = 0...Int(Int32.max)
        if let sid = try parameters.integer(prefix + "speaker_id", in: speakers) { request.sid = sid }
        if let sid = try parameters.integer("sid", in: speakers) { request.sid = sid }
        if let speed = try parameters.number(prefix + "speed", in: SpeechRequest.speeds) { request.speed = speed }
        if let seed = try parameters.integer("seed", in: 0...Int.max) { request.seed = UInt64(seed) }
        if let name = try parameters.string("latency") {
            guard let latency = Latency(rawValue: name) else {
                throw parameters.failure("latency", "latency is low, balanced or quality")
            }
            request.latency = latency
        }
        if let name = try parameters.string("tts_language"), !name.isEmpty {
            request.language = try Language.chosen(name, as: "tts_language", in: parameters)
        }
    }

    /// How the loaded voice speaks.
    /// - Throws: 422 naming the parameter that this voice cannot follow.
    func manner(for voice: SpeechCatalog.Synthesis) throws(HTTPFailure) -> Utterance {
        try request.utterance(for: voice)
    }
}
