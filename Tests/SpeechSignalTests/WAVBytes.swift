/// WAV files put together by hand, so that every lie a header can tell can be told.
struct WAVBytes {
    var tag = 1
    var bits = 16
    var channels = 1
    var sampleRate = 16_000
    var form = "RIFF"
    var riffSize: UInt32?
    var dataSize: UInt32?
    var beforeFormat: [UInt8] = []
    var beforeData: [UInt8] = []
    var afterData: [UInt8] = []
    var frameBytes: Int?
    var subFormat: Int?
    var samples: [UInt8] = []

    static func little(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(value >> (8 * $0) & 255) }
    }

    static func short(_ value: Int) -> [UInt8] {
        [UInt8(value & 255), UInt8(value >> 8 & 255)]
    }

    static func chunk(_ name: String, _ body: [UInt8], size: UInt32? = nil, padded: Bool = true) -> [UInt8] {
        let padding: [UInt8] = padded && body.count % 2 == 1 ? [0] : []
        return Array(name.utf8) + little(size ?? UInt32(body.count)) + body + padding
    }

    /// The whole file.
    var bytes: [UInt8] {
        let width = frameBytes ?? channels * ((bits + 7) / 8)
        var format = Self.short(subFormat == nil ? tag : 0xFFFE) + Self.short(channels)
        format += Self.little(UInt32(sampleRate)) + Self.little(UInt32(sampleRate * width))
        format += Self.short(width) + Self.short(bits)
        if let subFormat {
            // The rest of KSDATAFORMAT_SUBTYPE's identifier after its first two bytes.
            let rest: [UInt8] = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71]
            format += Self.short(22) + Self.short(bits) + Self.little(3) + Self.short(subFormat) + rest
        }
        var body = Array("WAVE".utf8) + beforeFormat + Self.chunk("fmt ", format) + beforeData
        body += Array("data".utf8) + Self.little(dataSize ?? UInt32(samples.count)) + samples + afterData
        return Array(form.utf8) + Self.little(riffSize ?? UInt32(body.count)) + body
    }
}
