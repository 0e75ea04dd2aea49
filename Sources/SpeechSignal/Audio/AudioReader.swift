/// What reads frames out of one kind of container.
protocol FrameDecoder: AnyObject {
    var sampleRate: Int { get }
    var channels: Int { get }
    var frameCount: Int? { get }
    var isTruncated: Bool { get }
    /// Up to `frames` frames, interleaved; fewer only near the end, none at it.
    func decode(frames: Int) throws(AudioError) -> [Float]
}

/// Any audio file as floating-point frames, block by block: WAV and raw samples as they arrive, other containers
/// through libsndfile, WebM, M4A and AAC through an installed ffmpeg.
///
/// The kind of file is taken from its first bytes. Memory stays flat for a file of any length; only a pipe that is not
/// WAV is held in memory. Used by one task at a time.
///
/// ```swift
/// let reader = try AudioReader(path: "talk.flac")
/// while let block = try reader.read(frames: 4096) { consume(block) }
/// if reader.isTruncated { warn("talk.flac is cut short") }
/// ```
package final class AudioReader {
    /// Hz, 8,000 to 192,000.
    package let sampleRate: Int
    /// Samples per frame, 1 to 8.
    package let channels: Int
    /// What kind of file it is.
    package let container: AudioContainer
    /// How messages call the source.
    package let name: String

    private let decoder: any FrameDecoder
    private let maximumFrames: Int?
    private var framesRead = 0

    /// Opens audio of any kind.
    ///
    /// - Parameters:
    ///   - source: at its first byte.
    ///   - maximumSeconds: the longest sound to decode, whatever the header says; a small compressed file can hold
    ///     hours.
    ///   - spoolLimit: bytes of a pipe that may be held in memory.
    ///   - foreign: which ffmpeg reads the containers that need it, and its bounds.
    /// - Throws: `empty`, `truncated` (no sample before the end), `unsupportedFormat` (not audio, or a kind to convert
    ///   first), `tooManyChannels`, `badSampleRate`, `tooLong`, `io`.
    package convenience init(
        _ source: ByteSource,
        maximumSeconds: Double? = nil,
        spoolLimit: Int = AudioLimits.spooledBytes,
        foreign: ForeignDecoding = .installed
    ) throws(AudioError) {
        let container = AudioContainer(head: try source.peek(AudioContainer.headCount))
        try Self.refuseUnreadable(container, of: source)
        let decoder: any FrameDecoder
        if case .foreign(let kind) = container {
            decoder = try ForeignSound(source, kind, foreign, spoolLimit: spoolLimit)
        } else {
            decoder = try Self.decoder(for: container, source: source, spoolLimit: spoolLimit)
        }
        try self.init(decoder, container, name: source.name, maximumSeconds: maximumSeconds)
    }

    /// Reads samples without a container.
    ///
    /// - Parameters:
    ///   - raw: what the samples are; nothing in the bytes is asked.
    ///   - source: at its first sample.
    ///   - maximumSeconds: the longest sound to read.
    /// - Throws: `empty` when not one frame follows, `tooLong`, `io`.
    package convenience init(
        _ raw: RawAudio,
        _ source: ByteSource,
        maximumSeconds: Double? = nil
    ) throws(AudioError) {
        source.forgetPast()
        let decoder = try WAVDecoder(source, layout: WAVParser.Layout(format: raw.format, dataBytes: nil))
        try self.init(decoder, .raw, name: source.name, maximumSeconds: maximumSeconds)
    }

    private init(
        _ decoder: any FrameDecoder,
        _ container: AudioContainer,
        name: String,
        maximumSeconds: Double?
    ) throws(AudioError) {
        sampleRate = decoder.sampleRate
        channels = decoder.channels
        self.name = name
        self.container = container
        self.decoder = decoder
        maximumFrames = maximumSeconds.flatMap { Int(exactly: ($0 * Double(decoder.sampleRate)).rounded()) }
        if let maximumFrames, let frameCount = decoder.frameCount, frameCount > maximumFrames { throw tooLong() }
    }

    /// Opens the file at a path; see ``init(_:maximumSeconds:spoolLimit:)``.
    ///
    /// - Throws: also `unreadable` when there is no such file.
    package convenience init(path: String, maximumSeconds: Double? = nil) throws(AudioError) {
        try self.init(ByteSource(path: path), maximumSeconds: maximumSeconds)
    }

    /// Opens a whole file that is in memory; see ``init(_:maximumSeconds:spoolLimit:)``.
    package convenience init(bytes: [UInt8], name: String = "audio", maximumSeconds: Double? = nil) throws(AudioError) {
        try self.init(ByteSource(bytes: bytes, name: name), maximumSeconds: maximumSeconds)
    }

    /// Frames in all, where that is known; a compressed file's own word, so never a reason to allocate.
    package var frameCount: Int? { decoder.frameCount }

    /// Whether the file was found to end before the sound its header promises; final once ``read(frames:)`` returned
    /// nil.
    package var isTruncated: Bool { decoder.isTruncated }

    /// The next frames.
    ///
    /// - Returns: `frames` times ``channels`` interleaved samples in [-1, 1], fewer only at the end, then nil.
    /// - Throws: `io`, or `tooLong` when more is decoded than `maximumSeconds` allows.
    package func read(frames: Int) throws(AudioError) -> [Float]? {
        // Blocks bound what one call allocates ahead of finding the data.
        let block = 1 << 16
        var samples: [Float] = []
        while samples.count / channels < frames {
            let wanted = min(block, frames - samples.count / channels)
            let part = try decoder.decode(frames: wanted)
            if part.isEmpty { break }
            if samples.isEmpty { samples = part } else { samples += part }
        }
        framesRead += samples.count / channels
        if let maximumFrames, framesRead > maximumFrames { throw tooLong() }
        return samples.isEmpty ? nil : samples
    }
}

extension AudioReader {
    /// Refuses what ``AudioLimits`` does not allow.
    static func check(channels: Int, sampleRate: Int, of name: String) throws(AudioError) {
        guard channels > 0 else {
            throw AudioError(.unsupportedFormat, "\(name): its header says it has no channels; convert it with ffmpeg")
        }
        guard channels <= AudioLimits.channels else {
            let limit = AudioLimits.channels
            throw AudioError(
                .tooManyChannels,
                "\(name): \(channels) channels, at most \(limit) are read; mix it down first"
            )
        }
        guard AudioLimits.sampleRates.contains(sampleRate) else {
            throw AudioError(
                .badSampleRate,
                "\(name): a sample rate of \(sampleRate) Hz, 8000 to 192000 are read; resample it first"
            )
        }
    }

    private static func refuseUnreadable(_ container: AudioContainer, of source: ByteSource) throws(AudioError) {
        let kinds = "give WAV, FLAC, MP3, Ogg, AIFF, AU or CAF"
        switch container {
        case .unreadable(let kind):
            throw AudioError(
                .unsupportedFormat,
                "\(source.name): \(kind) is not read; convert it: ffmpeg -i INPUT -ar 16000 OUTPUT.wav"
            )
        case .text:
            throw AudioError(.unsupportedFormat, "\(source.name): not an audio file but text; \(kinds)")
        case .unknown:
            if try source.peek(1).isEmpty {
                throw AudioError(.empty, "\(source.name): is empty (0 bytes); \(kinds)")
            }
            throw AudioError(.unsupportedFormat, "\(source.name): not an audio file; \(kinds)")
        default:
            return
        }
    }

    private static func decoder(
        for container: AudioContainer,
        source: ByteSource,
        spoolLimit: Int
    ) throws(AudioError) -> any FrameDecoder {
        if container == .wav, let layout = try WAVParser.parse(source) {
            source.forgetPast()
            return try WAVDecoder(source, layout: layout)
        }
        try source.spool(limit: spoolLimit)
        source.rewind()
        return try ContainerDecoder(source)
    }

    private func tooLong() -> AudioError {
        let seconds = (maximumFrames ?? 0) / sampleRate
        let told = seconds >= 7_200 && seconds.isMultiple(of: 3_600) ? "\(seconds / 3_600) h" : "\(seconds) s"
        return AudioError(.tooLong, "\(name): longer than \(told); split it, or raise the limit of a server")
    }
}
