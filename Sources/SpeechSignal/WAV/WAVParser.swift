/// Reads the chunks before the samples of a WAV file, in one pass, believing as little as possible.
///
/// Chunk layout: RIFF (Microsoft, 1991), WAVE_FORMAT_EXTENSIBLE (ksmedia.h), RF64 and BW64 (EBU Tech 3306, ITU-R
/// BS.2088).
struct WAVParser {
    /// Where the samples start is where the source stands; what they are is said here.
    struct Layout: Equatable {
        var format: WAVFormat
        /// Bytes of sound the header promises; nil when it does not know.
        var dataBytes: Int?
    }

    private let source: ByteSource
    private var riffBytes = 0
    private var longDataBytes: Int?

    private init(_ source: ByteSource) {
        self.source = source
    }

    /// Reads up to the first byte of sound.
    ///
    /// - Returns: nil when the samples are of a kind that is not decoded here (ADPCM, MP3 in WAV …).
    /// - Throws: `truncated` when the file ends first, `unsupportedFormat` when the header makes no sense, and what
    ///   ``AudioLimits`` refuses.
    static func parse(_ source: ByteSource) throws(AudioError) -> Layout? {
        var parser = WAVParser(source)
        return try parser.parse()
    }

    private mutating func parse() throws(AudioError) -> Layout? {
        let head = try bytes(12)
        riffBytes = Int(head.word(at: 4))
        var format: WAVFormat?
        while true {
            let header = try bytes(8)
            let size = Int(header.word(at: 4))
            switch header[0..<4] {
            case "ds64":
                try readLongSizes(size)
            case "fmt ":
                guard let found = try readFormat(size) else { return nil }
                format = found
                source.forgetPast()
            case "data":
                guard let format else {
                    throw AudioError(
                        .unsupportedFormat,
                        "\(source.name): the samples come before their format; convert it"
                    )
                }
                return Layout(format: format, dataBytes: try dataBytes(declared: size))
            default:
                try skip(size)
            }
        }
    }

    private func bytes(_ count: Int) throws(AudioError) -> [UInt8] {
        let bytes = try source.read(count)
        guard bytes.count == count else { throw endsEarly() }
        return bytes
    }

    private func endsEarly() -> AudioError {
        AudioError(.truncated, "\(source.name): the file ends before its first sample; get a complete copy")
    }

    /// Passes over a chunk and its padding. Some writers forget the padding: a zero byte is it, anything else is the
    /// next chunk's name.
    private func skip(_ size: Int) throws(AudioError) {
        // A pipe keeps what is read until its format is known; a chunk this long is not worth the memory.
        if size > 1 << 24 { source.forgetPast() }
        guard try source.skip(size) == size else { throw endsEarly() }
        if size % 2 == 1, try source.peek(1) == [0] { _ = try source.skip(1) }
    }

    private mutating func readLongSizes(_ size: Int) throws(AudioError) {
        let body = try bytes(min(size, 16))
        try skip(size - body.count)
        guard body.count == 16 else { return }
        let long = UInt64(body.word(at: 8)) | UInt64(body.word(at: 12)) << 32
        longDataBytes = long == 0 ? nil : Int(exactly: long)
    }

    private func readFormat(_ size: Int) throws(AudioError) -> WAVFormat? {
        // 40 bytes are the extensible form, the longest with a meaning here; 14 the oldest, without a sample width.
        let body = try bytes(min(size, 40))
        guard body.count >= 16 else {
            throw AudioError(.unsupportedFormat, "\(source.name): its format chunk is too short; convert it")
        }
        var tag = body.half(at: 0)
        let channels = body.half(at: 2)
        let sampleRate = Int(body.word(at: 4))
        let bits = body.half(at: 14)
        if tag == 0xFFFE, body.count >= 26 { tag = body.half(at: 24) }
        guard let encoding = Self.encoding(tag: tag, bits: bits, channels: channels, frameBytes: body.half(at: 12))
        else {
            return nil
        }
        try skip(size - body.count)
        try AudioReader.check(channels: channels, sampleRate: sampleRate, of: source.name)
        return WAVFormat(encoding: encoding, sampleRate: sampleRate, channels: channels)
    }

    /// Samples are left-justified in containers of whole bytes, so the container decides; `frameBytes` tells of
    /// containers wider than the bits (20 or 24 bits in 32).
    private static func encoding(tag: Int, bits: Int, channels: Int, frameBytes: Int) -> WAVFormat.Encoding? {
        let container = channels > 0 && frameBytes % channels == 0 ? frameBytes / channels : 0
        let width = max((bits + 7) / 8, container <= 4 ? container : 0)
        switch (tag, width) {
        case (1, 1): return .unsigned8
        case (1, 2): return .signed16
        case (1, 3): return .signed24
        case (1, 4): return .signed32
        case (3, _) where bits == 32: return .float32
        case (3, _) where bits == 64: return .float64
        case (6, _) where bits == 8: return .aLaw
        case (7, _) where bits == 8: return .muLaw
        default: return nil
        }
    }

    /// The length to believe. Streaming writers cannot know it: they leave 0, or a number near 2^31 or 2^32.
    private func dataBytes(declared: Int) throws(AudioError) -> Int? {
        if declared == 0xFFFF_FFFF, let longDataBytes { return longDataBytes }
        if declared == 0 { return try isTrulyEmpty() ? 0 : nil }
        let slack = 0x1_0000
        let isPlaceholder = declared >= 0x1_0000_0000 - slack || abs(declared - 0x8000_0000) <= slack
        if isPlaceholder, (source.remaining ?? 0) < declared { return nil }
        return declared
    }

    /// A length of 0 is meant when nothing follows, or when the file's own length agrees and a further chunk does
    /// follow.
    private func isTrulyEmpty() throws(AudioError) -> Bool {
        let next = try source.peek(4)
        if next.isEmpty { return true }
        let isChunkName = next.count == 4 && next.allSatisfy { (32...126).contains($0) }
        return isChunkName && riffBytes + 8 > source.position && riffBytes < 0x7FFF_0000
    }
}

extension [UInt8] {
    /// 16 bits, little-endian.
    func half(at offset: Int) -> Int {
        Int(self[offset]) | Int(self[offset + 1]) << 8
    }

    /// 32 bits, little-endian.
    func word(at offset: Int) -> UInt32 {
        UInt32(half(at: offset)) | UInt32(half(at: offset + 2)) << 16
    }
}

/// Lets a chunk's name be written as text in a `switch`.
private func ~= (name: String, bytes: ArraySlice<UInt8>) -> Bool {
    bytes.elementsEqual(name.utf8)
}
