/// The samples of a WAV file, read as they come: memory stays flat, a pipe will do.
final class WAVDecoder: FrameDecoder {
    let sampleRate: Int
    let channels: Int
    let frameCount: Int?
    private(set) var isTruncated = false

    private let source: ByteSource
    private let format: WAVFormat
    /// Bytes of sound still promised; nil when the header does not know.
    private var promised: Int?
    private var ended = false

    /// Starts at the first sample, where the parser left the source.
    ///
    /// - Throws: `empty` when not one frame follows, `truncated` when the header promised some, `io`.
    init(_ source: ByteSource, layout: WAVParser.Layout) throws(AudioError) {
        self.source = source
        format = layout.format
        promised = layout.dataBytes
        sampleRate = format.sampleRate
        channels = format.channels
        let known = source.remaining.map { min($0, layout.dataBytes ?? $0) } ?? layout.dataBytes
        frameCount = known.map { $0 / layout.format.frameBytes }
        if let remaining = source.remaining, let promised, remaining < promised { isTruncated = true }
        let isBare = layout.dataBytes == 0
        let start = isBare ? [] : try source.peek(format.frameBytes)
        guard start.count == format.frameBytes else {
            if isBare || layout.dataBytes == nil {
                throw AudioError(.empty, "\(source.name): holds no sound; record it again")
            }
            throw AudioError(.truncated, "\(source.name): the file ends before its first sample; get a complete copy")
        }
    }

    func decode(frames: Int) throws(AudioError) -> [Float] {
        let wanted = min(frames * format.frameBytes, promised ?? .max)
        guard !ended, wanted >= format.frameBytes else { return [] }
        let bytes = try source.read(wanted - wanted % format.frameBytes)
        promised = promised.map { $0 - bytes.count }
        if bytes.count < wanted {
            ended = true
            let cutsFrame = bytes.count % format.frameBytes != 0
            if cutsFrame || (promised ?? 0) >= format.frameBytes { isTruncated = true }
        }
        let whole = bytes.count - bytes.count % format.frameBytes
        return bytes.withUnsafeBytes { format.decode(UnsafeRawBufferPointer(rebasing: $0[..<whole])) }
    }
}
