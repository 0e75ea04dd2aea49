/// Samples without a container, as whoever recorded them says they are: `16000:1:s16le`.
package struct RawAudio: Sendable, Equatable, CustomStringConvertible {
    /// How a sample is stored; the names are those of ffmpeg's and sox' users, all of them little-endian.
    package enum Encoding: String, Sendable, CaseIterable {
        case u8, s16le, s24le, s32le, f32le, f64le, alaw, mulaw

        fileprivate var stored: WAVFormat.Encoding {
            switch self {
            case .u8: .unsigned8
            case .s16le: .signed16
            case .s24le: .signed24
            case .s32le: .signed32
            case .f32le: .float32
            case .f64le: .float64
            case .alaw: .aLaw
            case .mulaw: .muLaw
            }
        }
    }

    /// Hz, 8,000 to 192,000.
    package var sampleRate: Int
    /// Samples per frame, 1 to 8.
    package var channels: Int
    /// How each is stored.
    package var encoding: Encoding

    /// - Parameters:
    ///   - sampleRate: Hz.
    ///   - channels: samples per frame.
    ///   - encoding: how each is stored.
    /// - Throws: `badSampleRate`, `tooManyChannels`, `unsupportedFormat` for no channels.
    package init(sampleRate: Int, channels: Int = 1, encoding: Encoding = .s16le) throws(AudioError) {
        try AudioReader.check(channels: channels, sampleRate: sampleRate, of: "raw audio")
        self.sampleRate = sampleRate
        self.channels = channels
        self.encoding = encoding
    }

    /// Reads `RATE`, `RATE:CHANNELS` or `RATE:CHANNELS:ENCODING`; what is left out is one channel of `s16le`.
    ///
    /// - Throws: `unsupportedFormat` saying what was expected; otherwise as ``init(sampleRate:channels:encoding:)``.
    package init(_ text: String) throws(AudioError) {
        let fields = text.split(separator: ":", omittingEmptySubsequences: false)
        let kinds = Encoding.allCases.map(\.rawValue).joined(separator: ", ")
        guard (1...3).contains(fields.count), let rate = Self.number(fields[0]) else {
            throw AudioError(
                .unsupportedFormat,
                "\"\(ByteSource.printable(String(text.prefix(40))))\" does not describe raw audio; "
                    + "write RATE:CHANNELS:ENCODING, such as 16000:1:s16le"
            )
        }
        guard let channels = fields.count > 1 ? Self.number(fields[1]) : 1 else {
            throw AudioError(.unsupportedFormat, "the channels of raw audio are a number, such as 16000:1:s16le")
        }
        guard let encoding = fields.count > 2 ? Encoding(rawValue: fields[2].lowercased()) : .s16le else {
            let name = ByteSource.printable(String(fields[2].prefix(40)))
            throw AudioError(.unsupportedFormat, "\"\(name)\" is no encoding of raw audio; there are \(kinds)")
        }
        try self.init(sampleRate: rate, channels: channels, encoding: encoding)
    }

    package var description: String { "\(sampleRate):\(channels):\(encoding.rawValue)" }

    /// What a WAV file of the same samples would say.
    var format: WAVFormat { WAVFormat(encoding: encoding.stored, sampleRate: sampleRate, channels: channels) }

    /// Digits alone: `Int` would take a sign.
    private static func number(_ field: Substring) -> Int? {
        field.utf8.allSatisfy { (48...57).contains($0) } ? Int(field) : nil
    }
}
