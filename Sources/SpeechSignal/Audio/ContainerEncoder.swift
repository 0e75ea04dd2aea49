import CSndfile

/// FLAC, MP3 and Opus by libsndfile, written through calls back into memory.
final class ContainerEncoder: EncodedSound {
    private let memory: EncodedMemory
    private let format: AudioFormat
    private var file: OpaquePointer?

    /// - Parameters:
    ///   - format: `flac`, `mp3` or `opus`.
    ///   - sampleRate: Hz; one that the format has.
    ///   - delivery: when bytes leave; `whole` keeps them until the end, where the header may be corrected.
    /// - Throws: `unsupportedFormat` with libsndfile's reason.
    init(_ format: AudioFormat, sampleRate: Int, delivery: AudioEncoder.Delivery) throws(AudioError) {
        self.format = format
        memory = EncodedMemory(delivery)
        var info = SF_INFO()
        info.samplerate = Int32(clamping: sampleRate)
        info.channels = 1
        info.format = Self.code(of: format)
        var calls = EncodedMemory.calls
        file = sf_open_virtual(&calls, Int32(SFM_WRITE), &info, Unmanaged.passUnretained(memory).toOpaque())
        guard let file else {
            let reason = String(cString: sf_error_number(sf_error(nil)))
            throw AudioError(.unsupportedFormat, "\(format.rawValue) at \(sampleRate) Hz cannot be encoded: \(reason)")
        }
        if format == .opus {
            // A page a second is libsndfile's default; a listener would wait for each.
            var latency = 60.0
            sf_command(file, Int32(SFC_SET_OGG_PAGE_LATENCY_MS), &latency, Int32(MemoryLayout<Double>.size))
        }
        if format == .mp3, delivery == .stream { Self.fixBitRate(of: file) }
    }

    /// A constant bit rate for a stream. A variable one needs a table in its first frame that is written at the end;
    /// without it decoders guess the length, and libsndfile's reads a third of the sound.
    private static func fixBitRate(of file: OpaquePointer) {
        var mode = Int32(SF_BITRATE_MODE_CONSTANT)
        sf_command(file, Int32(SFC_SET_BITRATE_MODE), &mode, Int32(MemoryLayout<Int32>.size))
        // Of 0 to 1; measured: 56 kbit/s at 16,000 and 22,050 Hz, 112 at 48,000.
        var compression = 0.7
        sf_command(file, Int32(SFC_SET_COMPRESSION_LEVEL), &compression, Int32(MemoryLayout<Double>.size))
    }

    deinit {
        if let file { sf_close(file) }
    }

    func append(_ samples: [Float]) throws(AudioError) {
        guard let file, !samples.isEmpty else { return }
        let written: sf_count_t
        if format == .flac {
            // The same 16 bits as in every other lossless format here.
            written = PCM16.integers(samples).withUnsafeBufferPointer {
                sf_writef_short(file, $0.baseAddress, sf_count_t(samples.count))
            }
        } else {
            written = samples.map(\.soundSample).withUnsafeBufferPointer {
                sf_writef_float(file, $0.baseAddress, sf_count_t(samples.count))
            }
        }
        guard written == samples.count else {
            throw AudioError(.io, "\(format.rawValue): \(String(cString: sf_strerror(file)))")
        }
    }

    func finish() throws(AudioError) {
        guard let open = file else { return }
        file = nil
        guard sf_close(open) == 0 else { throw AudioError(.io, "\(format.rawValue): the end cannot be encoded") }
        memory.isFinished = true
    }

    func take() -> [UInt8] { memory.take() }

    var corrections: [AudioEncoder.Correction] { memory.corrections }

    private static func code(of format: AudioFormat) -> Int32 {
        switch format {
        case .flac: Int32(SF_FORMAT_FLAC | SF_FORMAT_PCM_16)
        case .mp3: Int32(SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III)
        case .opus: Int32(SF_FORMAT_OGG | SF_FORMAT_OPUS)
        case .rated, .pcm, .wav: 0
        }
    }
}

/// What libsndfile writes into. Bytes that were taken are gone: a late correction of them (the length in FLAC's and
/// MP3's first block) is kept apart where somebody will apply it, and otherwise dropped, which both formats allow (RFC
/// 9639, 8.2: zero samples means unknown).
private final class EncodedMemory {
    /// The most bytes of corrections that are kept; FLAC's and MP3's take a few hundred.
    private static let correctionLimit = 1 << 16

    var isFinished = false
    private(set) var corrections: [AudioEncoder.Correction] = []
    private let delivery: AudioEncoder.Delivery
    private var bytes: [UInt8] = []
    /// Offset of `bytes` in the file.
    private var start = 0
    private var position = 0

    init(_ delivery: AudioEncoder.Delivery) { self.delivery = delivery }

    func take() -> [UInt8] {
        guard delivery != .whole || isFinished else { return [] }
        defer {
            start += bytes.count
            bytes = []
        }
        return bytes
    }

    static let calls = SF_VIRTUAL_IO(
        get_filelen: { EncodedMemory.at($0).map { sf_count_t($0.start + $0.bytes.count) } ?? 0 },
        seek: { offset, whence, context in EncodedMemory.at(context)?.seek(Int(offset), whence) ?? -1 },
        read: { _, _, _ in 0 },
        write: { bytes, count, context in EncodedMemory.at(context)?.write(bytes, Int(count)) ?? 0 },
        tell: { EncodedMemory.at($0).map { sf_count_t($0.position) } ?? 0 }
    )

    private static func at(_ context: UnsafeMutableRawPointer?) -> EncodedMemory? {
        context.map { Unmanaged<EncodedMemory>.fromOpaque($0).takeUnretainedValue() }
    }

    private func seek(_ offset: Int, _ whence: Int32) -> sf_count_t {
        let base =
            switch whence {
            case Int32(SF_SEEK_CUR): position
            case Int32(SF_SEEK_END): start + bytes.count
            default: 0
            }
        let (target, overflow) = base.addingReportingOverflow(offset)
        guard !overflow, target >= 0, target <= start + bytes.count else { return -1 }
        position = target
        return sf_count_t(position)
    }

    private func write(_ source: UnsafeRawPointer?, _ count: Int) -> sf_count_t {
        guard let source, count > 0 else { return 0 }
        let new = UnsafeRawBufferPointer(start: source, count: count)
        correct(Array(new.prefix(max(0, start - position))))
        let kept = new.dropFirst(max(0, start - position))
        let offset = max(0, position - start)
        let overwritten = min(kept.count, bytes.count - offset)
        bytes.replaceSubrange(offset..<offset + overwritten, with: kept)
        position += count
        return sf_count_t(count)
    }

    private func correct(_ late: [UInt8]) {
        let held = corrections.reduce(0) { $0 + $1.bytes.count }
        guard delivery == .corrected, !late.isEmpty, held + late.count <= Self.correctionLimit else { return }
        corrections.append(AudioEncoder.Correction(offset: position, bytes: late))
    }
}
