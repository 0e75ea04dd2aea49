/// Sound in a container that only an installed ffmpeg reads, decoded by a child process as it is asked for.
///
/// The child is told which demuxer to use, so the bytes cannot choose a playlist or a network address; it may open
/// files alone, decode the codecs of ``codecs`` alone, and write nothing but its two outputs. See ``ForeignDecoding``
/// for what bounds it.
final class ForeignSound: FrameDecoder {
    let sampleRate: Int
    let channels: Int
    /// Never known: a container's word for it passes through nobody's check.
    let frameCount: Int? = nil
    private(set) var isTruncated = false

    /// Decoders of ffmpeg that may run: what WebM, M4A and raw AAC hold.
    static let codecs = [
        "aac", "alac", "flac", "libopus", "mp3", "mp3float", "opus", "pcm_f32le", "pcm_s16be", "pcm_s16le",
        "pcm_s24le", "pcm_s32le", "vorbis",
    ]

    private let child: ForeignProcess
    private let sound: WAVDecoder
    private var ended = false

    /// Starts ffmpeg and waits for the first sample.
    ///
    /// - Parameters:
    ///   - source: at its first byte; of a regular file ffmpeg reads the file itself, anything else is copied.
    ///   - kind: the container that its first bytes announce.
    ///   - decoding: which ffmpeg, and its bounds.
    ///   - spoolLimit: bytes to copy at most.
    /// - Throws: `unsupportedFormat` when there is no ffmpeg, or no sound track that is decoded; `unreadable` with
    ///   ffmpeg's words, `empty`, `tooLong`, the limits' codes, `io` when it stalls or the task is cancelled.
    init(
        _ source: ByteSource,
        _ kind: ForeignKind,
        _ decoding: ForeignDecoding,
        spoolLimit: Int
    ) throws(AudioError) {
        child = try ForeignProcess(source, kind, decoding, spoolLimit: spoolLimit)
        do throws(AudioError) {
            let head = try child.output.peek(12)
            guard head.isEmpty || AudioContainer(head: head) == .wav, let layout = try WAVParser.parse(child.output)
            else {
                throw AudioError(.unsupportedFormat, "\(source.name): ffmpeg gives no sound that is read here")
            }
            child.output.forgetPast()
            sound = try WAVDecoder(child.output, layout: layout)
        } catch {
            // Without a first sample the child's own words say more than its empty output.
            throw [.truncated, .empty].contains(error.code) ? child.failure(of: source.name, kind) : error
        }
        sampleRate = sound.sampleRate
        channels = sound.channels
    }

    func decode(frames: Int) throws(AudioError) -> [Float] {
        guard !ended else { return [] }
        let samples = try sound.decode(frames: frames)
        if samples.count < frames * channels {
            ended = true
            let end = child.end()
            isTruncated = sound.isTruncated || end.isFailure || end.tellsOfMissingBytes
        }
        return samples
    }
}

/// Containers that are read through ffmpeg.
package enum ForeignKind: String, Sendable, CaseIterable {
    case webm = "WebM or Matroska"
    case mp4 = "M4A or MP4"
    case aac = "AAC"

    /// The demuxer's name.
    var demuxer: String {
        switch self {
        case .webm: "matroska"
        case .mp4: "mov"
        case .aac: "aac"
        }
    }
}

/// Which ffmpeg decodes foreign containers, and what bounds it.
package struct ForeignDecoding: Sendable {
    /// Where `ffmpeg` and `prlimit` are looked for.
    package var directories = ["/usr/local/bin", "/usr/bin", "/bin"]
    /// How long it may be silent before it is killed.
    package var patience: Duration = .seconds(30)
    /// Seconds of computing it may take in all. Measured: an hour of AAC takes some 10 s.
    package var computingSeconds = 900
    /// Bytes of address space it may have; its libraries take a third of that.
    package var memoryBytes = 1 << 30

    /// The program of the system, bounded as above.
    package static let installed = ForeignDecoding()

    package init() {}

    /// What to install, for the message, or nil when all is there.
    func missing() -> String? {
        if path(of: "ffmpeg") == nil { return "ffmpeg, which is not installed: sudo apt-get install ffmpeg" }
        return path(of: "prlimit") == nil ? "ffmpeg under prlimit, which is missing: install util-linux" : nil
    }

    /// The program and its arguments: `prlimit` becomes ffmpeg once the limits are set.
    func command(_ kind: ForeignKind) -> [String] {
        let limits = [
            "--as=\(memoryBytes)", "--cpu=\(computingSeconds)", "--fsize=0", "--core=0", "--nofile=64",
        ]
        let quiet = ["-nostdin", "-hide_banner", "-nostats", "-loglevel", "error", "-threads", "1"]
        let input = [
            "-protocol_whitelist", "file", "-codec_whitelist", ForeignSound.codecs.joined(separator: ","),
            "-f", kind.demuxer, "-i", "file:/dev/fd/0",
        ]
        let output = ["-map", "0:a:0", "-map_metadata", "-1", "-bitexact", "-c:a", "pcm_f32le", "-f", "wav", "pipe:1"]
        return [path(of: "prlimit") ?? "prlimit"] + limits + ["--", path(of: "ffmpeg") ?? "ffmpeg"] + quiet + input
            + output
    }

    private func path(of program: String) -> String? {
        directories.map { "\($0)/\(program)" }.first { ProgramFile.isExecutable($0) }
    }
}
