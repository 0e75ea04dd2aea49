/// What is measured of a server. The raw values are the names in JSON.
enum LoadFigure: String, CaseIterable, Sendable {
    case firstSoundShort = "first_pcm_short_ms"
    case firstSoundLong = "first_pcm_6s_ms"
    case firstSoundShortSocket = "first_pcm_short_ws_ms"
    case firstSoundLongSocket = "first_pcm_6s_ws_ms"
    case speechFactor = "tts_rtf"
    case recognitionFactor = "asr_rtf"
    case firstPartial = "first_partial_ms"
    case finalize = "finalize_ms"
    case voiceToVoice = "voice_to_voice_ms"

    /// As a table calls it.
    var label: String {
        switch self {
        case .firstSoundShort: "first PCM, short, POST /tts/stream"
        case .firstSoundLong: "first PCM, 6 s, POST /tts/stream"
        case .firstSoundShortSocket: "first PCM, short, WS /v2v/stream"
        case .firstSoundLongSocket: "first PCM, 6 s, WS /v2v/stream"
        case .speechFactor: "RTF of POST /tts, 6 s"
        case .recognitionFactor: "RTF of POST /asr"
        case .firstPartial: "first partial, WS /asr/stream"
        case .finalize: "finalize, WS /asr/stream"
        case .voiceToVoice: "voice to voice, WS /v2v/stream"
        }
    }

    /// Whether it is a real-time factor; the others are milliseconds.
    var isFactor: Bool { self == .speechFactor || self == .recognitionFactor }

    /// A value for a table.
    func text(_ value: Double) -> String { decimal(value, places: isFactor ? 3 : 0) }
}
