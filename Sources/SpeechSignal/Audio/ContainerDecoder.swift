import CSndfile

/// Frames of any container that libsndfile knows, decoded through calls back into a ``ByteSource``.
final class ContainerDecoder: FrameDecoder {
    let sampleRate: Int
    let channels: Int
    let frameCount: Int?
    /// Frames that may be missing without anything being cut: an MP3 without a table of its frames has its length
    /// guessed from its first one. Measured, at constant rates: 0.5 %.
    private let slack: Int
    private(set) var isTruncated: Bool

    private let access: SourceAccess
    private let file: OpaquePointer
    private var decoded = 0
    /// The first block, decoded at once so that a file without a single good frame fails to open.
    private var first: [Float] = []
    private var ended = false

    /// Opens a container.
    ///
    /// - Parameter source: seekable, at its first byte.
    /// - Throws: `unsupportedFormat` with libsndfile's reason, `unreadable` when damaged, `truncated` when nothing can
    ///   be decoded, `empty`, the limits' codes, `io`.
    init(_ source: ByteSource) throws(AudioError) {
        let cut = try DeclaredLength.exceedsFile(source)
        access = try SourceAccess(source)
        var info = SF_INFO()
        var calls = SourceAccess.calls
        let opened = sf_open_virtual(&calls, Int32(SFM_READ), &info, Unmanaged.passUnretained(access).toOpaque())
        if let failure = access.failure { throw Self.closing(opened, failure) }
        guard let opened else {
            let code = sf_error(nil)
            if code == SF_ERR_MALFORMED_FILE { throw Self.damaged(source) }
            let reason = String(cString: sf_error_number(code))
            throw AudioError(.unsupportedFormat, "\(source.name): cannot be decoded: \(reason) Convert it with ffmpeg")
        }
        do throws(AudioError) {
            try AudioReader.check(channels: Int(info.channels), sampleRate: Int(info.samplerate), of: source.name)
        } catch {
            throw Self.closing(opened, error)
        }
        file = opened
        channels = Int(info.channels)
        sampleRate = Int(info.samplerate)
        // A writer into a pipe leaves no count: libsndfile then reports 0 or the largest number.
        frameCount = (1..<(sf_count_t.max / 16)).contains(info.frames) ? Int(info.frames) : nil
        slack = Int(info.format) & Int(SF_FORMAT_TYPEMASK) == Int(SF_FORMAT_MPEG) ? Int(info.frames / 50) : 0
        isTruncated = cut
        first = try decode(frames: 4096)
        if first.isEmpty {
            let isEmpty = frameCount == nil && !cut
            throw isEmpty
                ? AudioError(.empty, "\(source.name): holds no sound; record it again")
                : AudioError(.truncated, "\(source.name): not one sample can be decoded; get a complete copy")
        }
    }

    deinit {
        sf_close(file)
    }

    func decode(frames: Int) throws(AudioError) -> [Float] {
        if !first.isEmpty {
            let count = min(first.count, frames * channels)
            defer { first.removeFirst(count) }
            return Array(first[..<count])
        }
        if ended { return [] }
        var count = 0
        var samples = [Float](unsafeUninitializedCapacity: frames * channels) { buffer, initialized in
            count = max(0, Int(sf_readf_float(file, buffer.baseAddress, sf_count_t(frames))))
            initialized = min(count, frames) * channels
        }
        if let failure = access.failure { throw failure }
        for index in samples.indices { samples[index] = samples[index].soundSample }
        decoded += count
        if count < frames {
            ended = true
            if let frameCount, decoded < frameCount - slack { isTruncated = true }
            if sf_error(file) != SF_ERR_NO_ERROR { isTruncated = true }
        }
        return samples
    }

    fileprivate static func damaged(_ source: ByteSource) -> AudioError {
        AudioError(.unreadable, "\(source.name): is damaged or cut short; get a complete copy")
    }

    private static func closing(_ file: OpaquePointer?, _ error: AudioError) -> AudioError {
        sf_close(file)
        return error
    }
}

/// What libsndfile calls back into; it lives as long as the decoder and keeps the first failure, which C cannot throw.
private final class SourceAccess {
    var failure: AudioError?

    private let source: ByteSource
    /// What takes the place of the file's own beginning.
    private let head: [UInt8]
    /// Where in the source what follows `head` starts.
    private let bodyStart: Int
    private let size: Int
    private var position = 0

    /// - Throws: what can be told of a file that libsndfile had better not see.
    init(_ source: ByteSource) throws(AudioError) {
        self.source = source
        source.rewind()
        switch AudioContainer(head: try source.read(12)) {
        case .wav, .bigEndianWAV:
            let bare = try BareWAV(source)
            head = bare.header
            bodyStart = bare.start
            size = bare.header.count + bare.count
        case .ogg where try !VorbisHeaders.areWhole(source):
            throw ContainerDecoder.damaged(source)
        default:
            head = []
            bodyStart = 0
            size = source.size ?? 0
        }
    }

    static let calls = SF_VIRTUAL_IO(
        get_filelen: { SourceAccess.at($0).map { sf_count_t($0.size) } ?? 0 },
        seek: { offset, whence, context in SourceAccess.at(context)?.seek(Int(offset), whence) ?? -1 },
        read: { bytes, count, context in SourceAccess.at(context)?.read(bytes, Int(count)) ?? 0 },
        write: { _, _, _ in 0 },
        tell: { SourceAccess.at($0).map { sf_count_t($0.position) } ?? 0 }
    )

    private static func at(_ context: UnsafeMutableRawPointer?) -> SourceAccess? {
        context.map { Unmanaged<SourceAccess>.fromOpaque($0).takeUnretainedValue() }
    }

    private func seek(_ offset: Int, _ whence: Int32) -> sf_count_t {
        let start: Int
        switch whence {
        case Int32(SF_SEEK_CUR): start = position
        case Int32(SF_SEEK_END): start = size
        default: start = 0
        }
        let (target, overflow) = start.addingReportingOverflow(offset)
        // Room for where the file begins.
        guard !overflow, target >= 0, target <= Int.max / 2 else { return -1 }
        position = target
        return sf_count_t(position)
    }

    private func read(_ bytes: UnsafeMutableRawPointer?, _ count: Int) -> sf_count_t {
        guard failure == nil, count > 0, position < size, let bytes else { return 0 }
        let buffer = UnsafeMutableRawBufferPointer(start: bytes, count: min(count, size - position))
        let ready = head.dropFirst(position).prefix(buffer.count)
        buffer.copyBytes(from: ready)
        var done = ready.count
        do throws(AudioError) {
            if done < buffer.count {
                source.seek(to: bodyStart + position + done - head.count)
                done += try source.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[done...]))
            }
        } catch {
            failure = error
            return 0
        }
        position += done
        return sf_count_t(done)
    }
}
