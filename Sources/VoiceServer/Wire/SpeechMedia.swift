import HTTPTypes
import SpeechSignal
import Transport

/// The formats of speech as HTTP names them.
enum SpeechMedia {
    /// What `format` may be.
    static let names = ["wav", "pcm", "flac", "mp3", "opus", "ogg", "raw"]

    /// The format of a name; `raw` is the sample rate and the samples, `ogg` is Opus in Ogg.
    static func format(named name: String) -> AudioFormat? {
        switch name.lowercased() {
        case "raw": .rated
        case "ogg", "opus": .opus
        case "rated": nil
        default: AudioFormat(rawValue: name.lowercased())
        }
    }

    /// The value of `Content-Type`.
    static func type(of format: AudioFormat, sampleRate: Int) -> String {
        switch format {
        case .rated: "application/octet-stream"
        case .pcm: "audio/pcm;rate=\(sampleRate);channels=1"
        case .wav: "audio/wav"
        case .flac: "audio/flac"
        case .mp3: "audio/mpeg"
        case .opus: "audio/ogg;codecs=opus"
        }
    }

    private static let formats: [String: AudioFormat] = [
        "audio/pcm": .pcm, "audio/wav": .wav, "audio/x-wav": .wav,
        "audio/wave": .wav, "audio/vnd.wave": .wav, "audio/flac": .flac, "audio/x-flac": .flac, "audio/mpeg": .mp3,
        "audio/mp3": .mp3, "audio/ogg": .opus, "audio/opus": .opus, "application/ogg": .opus,
    ]

    /// Kinds that leave the choice to the server.
    private static let open: Set<String> = ["*/*", "audio/*", "application/*", "application/octet-stream"]

    /// The format that an `Accept` header asks for (RFC 9110, 12.5.1): the most wanted one that is made here.
    /// - Parameters:
    ///   - accept: the header's value; nil where there is none.
    ///   - usual: what any of several or all kinds means.
    /// - Returns: one of the formats that are made here.
    /// - Throws: 406 `not_acceptable` where nothing that is made here is wanted.
    static func format(accepting accept: String?, usual: AudioFormat) throws(HTTPFailure) -> AudioFormat {
        guard let accept, accept.contains(where: { !$0.isWhitespace }) else { return usual }
        var best: (format: AudioFormat, weight: Double)?
        // Clients send a handful; more is an attempt to keep us busy.
        for range in accept.split(separator: ",").prefix(32) {
            let value = HeaderValue(String(range))
            let weight = value.parameters["q"].flatMap { Double($0) } ?? 1
            let format = open.contains(value.name) ? usual : formats[value.name]
            if let format, weight > 0, weight > best?.weight ?? 0 { best = (format, weight) }
        }
        if let best { return best.format }
        let message =
            "none of \(accept.prefix(80)) is made here; there are \(formats.keys.sorted().joined(separator: ", "))"
        throw HTTPFailure(.notAcceptable, "not_acceptable", message)
    }
}
