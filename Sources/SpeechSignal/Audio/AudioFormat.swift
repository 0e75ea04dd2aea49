/// What speech can be sent as. All of them are mono.
package enum AudioFormat: String, Sendable, CaseIterable {
    /// Four bytes with the sample rate (unsigned, little-endian), then 16-bit little-endian samples.
    case rated
    /// 16-bit little-endian samples and nothing else.
    case pcm
    /// 16-bit WAV.
    case wav
    /// 16-bit FLAC: lossless, half the size.
    case flac
    /// MPEG-1/2 layer III; a whole file has a variable bit rate, a stream a constant one.
    case mp3
    /// Opus in Ogg.
    case opus

    /// Whether encoding takes computing that is worth a thread of its own.
    package var isCompressed: Bool {
        switch self {
        case .rated, .pcm, .wav: false
        case .flac, .mp3, .opus: true
        }
    }

    /// The rate (Hz) in which this format carries sound of another rate: the same, or the next above it that it has.
    package func sampleRate(for inputRate: Int) -> Int {
        let rates: [Int]
        switch self {
        case .rated, .pcm, .wav, .flac: return inputRate
        // ISO 11172-3 and 13818-3, and the half rates of MPEG 2.5.
        case .mp3: rates = [8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000]
        // RFC 6716, 2: the rates that libopus encodes from.
        case .opus: rates = [8_000, 12_000, 16_000, 24_000, 48_000]
        }
        return rates.first { $0 >= inputRate } ?? 48_000
    }

    /// The format that a file name's ending means, in any case of its letters; nil where it means none that is made
    /// here. `ogg` is Opus in Ogg.
    package init?(path: String) {
        let name = path.split(separator: "/").last ?? ""
        guard let dot = name.lastIndex(of: ".") else { return nil }
        switch name[name.index(after: dot)...].lowercased() {
        case "wav", "wave": self = .wav
        case "flac": self = .flac
        case "mp3": self = .mp3
        case "opus", "ogg", "oga": self = .opus
        case "pcm", "raw": self = .pcm
        default: return nil
        }
    }

    /// Endings of file names that are written, for messages.
    package static let endings = ["wav", "flac", "mp3", "opus", "ogg", "pcm"]
}
