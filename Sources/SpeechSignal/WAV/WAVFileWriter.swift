import Glibc

/// Writes a 16-bit WAV file that appears only when it is complete.
///
/// The samples go to ``temporaryPath`` beside the target; ``finish()`` fills in the sizes and renames it. A writer that
/// goes away unfinished, or fails, removes it again. Where the target is not a regular file (`/dev/stdout`, a named
/// pipe), the bytes go straight there behind a header without sizes. Used by one task at a time.
package final class WAVFileWriter {
    /// The file the samples are in until ``finish()``, for a signal handler to remove; nil when written in place.
    package let temporaryPath: String?
    /// Frames written so far.
    package private(set) var frames = 0

    private let path: String
    private let target: String
    private let sampleRate: Int
    private let channels: Int
    private var descriptor: Int32

    /// Starts a file.
    ///
    /// - Parameters:
    ///   - path: where it shall appear; an existing file is replaced, its permissions kept.
    ///   - sampleRate: Hz.
    ///   - channels: samples per frame.
    /// - Throws: `io` when the place cannot be written, with the system's reason; nothing is left behind.
    package init(path: String, sampleRate: Int, channels: Int = 1) throws(AudioError) {
        self.path = ByteSource.printable(path)
        self.sampleRate = sampleRate
        self.channels = channels
        let place = try Self.place(for: path)
        target = place.target
        temporaryPath = place.temporary
        let flags = O_WRONLY | O_CLOEXEC | (place.temporary == nil ? 0 : O_CREAT | O_EXCL)
        descriptor = open(place.temporary ?? place.target, flags, 0o666)
        guard descriptor >= 0 else { throw Self.failure(self.path, remedy: "choose another place") }
        if let mode = place.mode { fchmod(descriptor, mode) }
        try write(WAVHeader.bytes(sampleRate: sampleRate, channels: channels, frames: nil))
    }

    deinit {
        abandon()
    }

    /// Appends frames.
    ///
    /// - Parameter samples: interleaved, [-1, 1]; see ``PCM16/encode(_:)``.
    /// - Throws: `io` when the disk is full or gone, `tooLong` past the 4 GB of a WAV file; nothing is left behind.
    package func append(_ samples: [Float]) throws(AudioError) {
        let added = samples.count / channels
        guard temporaryPath == nil || (frames + added) * channels * 2 <= WAVHeader.maximumDataBytes else {
            abandon()
            throw AudioError(.tooLong, "\(path): a WAV file ends at 4 GB; write several files")
        }
        try write(PCM16.encode(samples))
        frames += added
    }

    /// Fills in the sizes and puts the file in its place.
    ///
    /// - Throws: `io` with the system's reason; nothing is left behind.
    package func finish() throws(AudioError) {
        guard descriptor >= 0 else { throw abandoned() }
        if temporaryPath != nil {
            let header = WAVHeader.bytes(sampleRate: sampleRate, channels: channels, frames: frames)
            let patched = header.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) == $0.count }
            guard patched else { throw fail() }
        }
        // Network file systems report a full disk only when the file is closed.
        let closed = close(descriptor)
        descriptor = -1
        guard closed == 0, temporaryPath.map({ rename($0, target) }) ?? 0 == 0 else { throw fail() }
    }

    /// Removes what was written. Does nothing after ``finish()``.
    package func abandon() {
        guard descriptor >= 0 else { return }
        close(descriptor)
        descriptor = -1
        if let temporaryPath { unlink(temporaryPath) }
    }
}

extension WAVFileWriter {
    private struct Place {
        /// The path with symbolic links followed, so that renaming replaces the file and not the link.
        var target: String
        var temporary: String?
        var mode: mode_t?
    }

    private static func place(for path: String) throws(AudioError) -> Place {
        var status = stat()
        let name = ByteSource.printable(path)
        guard stat(path, &status) == 0 else {
            return Place(target: path, temporary: temporary(beside: path), mode: nil)
        }
        switch status.st_mode & S_IFMT {
        case S_IFDIR:
            throw AudioError(.io, "\(name): is a directory; give a file name")
        case S_IFREG:
            guard access(path, W_OK) == 0 else { throw failure(name, remedy: "choose another place") }
            let resolved = realpath(path, nil)
            defer { free(resolved) }
            let target = resolved.map { String(cString: $0) } ?? path
            return Place(target: target, temporary: temporary(beside: target), mode: status.st_mode & 0o7777)
        default:
            return Place(target: path, temporary: nil, mode: nil)
        }
    }

    private static func temporary(beside path: String) -> String {
        "\(path).partial-\(getpid())-\(UInt32.random(in: 0...(.max)))"
    }

    private static func failure(_ name: String, remedy: String) -> AudioError {
        let reason = SystemError.text()
        return AudioError(.io, "\(name): cannot be written: \(reason); \(remedy)")
    }

    private func fail() -> AudioError {
        let remedy = errno == ENOSPC || errno == EDQUOT ? "free some space" : "choose another place"
        let failure = Self.failure(path, remedy: remedy)
        abandon()
        if let temporaryPath { unlink(temporaryPath) }
        return failure
    }

    private func abandoned() -> AudioError {
        AudioError(.io, "\(path): was given up before; start again")
    }

    private func write(_ bytes: [UInt8]) throws(AudioError) {
        guard descriptor >= 0 else { throw abandoned() }
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { raw in
                raw.baseAddress.map { Glibc.write(descriptor, $0 + written, raw.count - written) } ?? 0
            }
            if count > 0 {
                written += count
            } else if errno == EAGAIN {
                var interest = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = poll(&interest, 1, -1)
            } else if errno != EINTR {
                throw fail()
            }
        }
    }
}
