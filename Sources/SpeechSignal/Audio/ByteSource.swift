import Glibc

/// Where the bytes of an audio file come from: memory, a regular file, or a pipe.
///
/// Reads are sequential. A regular file and memory can also ``seek(to:)``; of a pipe, what was read so far stays at
/// hand for ``rewind()`` until ``forgetPast()``. Used by one task at a time.
package final class ByteSource {
    private enum Storage {
        case memory([UInt8])
        /// `base` is the file offset that counts as zero here: a descriptor may be handed over already advanced.
        case file(base: Int)
        case pipe
    }

    /// How messages call it: the path, or "standard input", without control characters.
    package let name: String
    /// Bytes in all, where that is known before the end.
    package private(set) var size: Int?
    /// Offset of the next byte.
    package private(set) var position = 0

    /// How long a read of a pipe may wait for its writer; without it, until the task is cancelled.
    var patience: Duration?
    /// Whether the end of a pipe was seen.
    private(set) var hasEnded = false

    private var storage: Storage
    private let descriptor: Int32
    private let closesDescriptor: Bool
    /// Pipe only: bytes from offset `keptStart` that were fetched and may be asked for again.
    private var kept: [UInt8] = []
    private var keptStart = 0
    private var keepsPast = true

    /// Bytes in memory.
    package init(bytes: [UInt8], name: String = "audio") {
        self.name = Self.printable(name)
        storage = .memory(bytes)
        size = bytes.count
        descriptor = -1
        closesDescriptor = false
    }

    /// An open descriptor: a regular file from its present offset, or anything that can be read in sequence.
    ///
    /// - Parameters:
    ///   - fileDescriptor: open for reading.
    ///   - name: how messages call it.
    ///   - closing: whether the source closes the descriptor when it goes away.
    /// - Throws: `unreadable` for a directory or a bad descriptor.
    package init(fileDescriptor: Int32, name: String = "standard input", closing: Bool = false) throws(AudioError) {
        self.name = Self.printable(name)
        descriptor = fileDescriptor
        closesDescriptor = closing
        storage = .pipe
        var status = stat()
        guard fstat(fileDescriptor, &status) == 0 else {
            throw AudioError(.unreadable, "\(self.name): cannot be read: \(SystemError.text())")
        }
        switch status.st_mode & S_IFMT {
        case S_IFDIR:
            throw AudioError(.unreadable, "\(self.name): is a directory; give an audio file")
        case S_IFREG:
            let base = Int(lseek(fileDescriptor, 0, SEEK_CUR))
            guard base >= 0 else { break }
            storage = .file(base: base)
            size = max(0, Int(status.st_size) - base)
        default:
            break
        }
    }

    /// The file at a path. Of a named pipe, the first read waits for its writer.
    ///
    /// - Throws: `unreadable` when it cannot be opened, with the system's reason.
    package convenience init(path: String) throws(AudioError) {
        // Opening a named pipe that nobody writes to would wait where nothing ends it.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            let reason = SystemError.text()
            let remedy = errno == ENOENT ? "check the path" : "check the file and its permissions"
            throw AudioError(.unreadable, "\(Self.printable(path)): cannot be opened: \(reason); \(remedy)")
        }
        try self.init(fileDescriptor: descriptor, name: path, closing: true)
    }

    deinit {
        if closesDescriptor { close(descriptor) }
    }

    /// Whether ``seek(to:)`` works.
    package var isSeekable: Bool {
        if case .pipe = storage { false } else { true }
    }

    /// The descriptor of a regular file that is wanted from its first byte on; nil of anything else.
    var wholeFile: Int32? {
        if case .file(base: 0) = storage { descriptor } else { nil }
    }

    /// Bytes between ``position`` and the end, where the size is known.
    package var remaining: Int? {
        size.map { max(0, $0 - position) }
    }

    /// Fills the buffer from ``position`` on.
    ///
    /// - Returns: the bytes read; fewer than asked for only at the end.
    /// - Throws: `io` when the system fails to read.
    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(AudioError) -> Int {
        var filled = takeKept(into: buffer)
        while filled < buffer.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
            let count = try fetch(into: rest)
            if count == 0 { break }
            if keepsPast, case .pipe = storage {
                kept.append(contentsOf: UnsafeRawBufferPointer(rebasing: rest[..<count]))
            }
            position += count
            filled += count
        }
        return filled
    }

    /// The next `count` bytes, fewer at the end.
    ///
    /// - Throws: `io` when the system fails to read.
    package func read(_ count: Int) throws(AudioError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let filled = try bytes.withUnsafeMutableBufferPointer { (buffer) throws(AudioError) in
            try read(into: UnsafeMutableRawBufferPointer(buffer))
        }
        bytes.removeLast(count - filled)
        return bytes
    }

    /// The next `count` bytes without consuming them, fewer at the end.
    ///
    /// - Throws: `io` when the system fails to read.
    package func peek(_ count: Int) throws(AudioError) -> [UInt8] {
        let start = position
        let kept = keepsPast
        if !kept { remember() }
        let bytes = try read(count)
        position = start
        keepsPast = kept
        return bytes
    }

    /// Passes over `count` bytes.
    ///
    /// - Returns: the bytes passed over; fewer than asked for only at the end.
    /// - Throws: `io` when the system fails to read.
    package func skip(_ count: Int) throws(AudioError) -> Int {
        if let remaining, isSeekable {
            let step = min(count, remaining)
            position += step
            return step
        }
        var left = count
        while left > 0 {
            let passed = try read(min(left, 1 << 16)).count
            if passed == 0 { break }
            left -= passed
        }
        return count - left
    }

    /// Moves to an offset of memory or of a regular file; a negative one counts as zero. Of a pipe, only offsets that
    /// are still kept can be reached: then the position stays as it is and the result is false.
    @discardableResult
    package func seek(to offset: Int) -> Bool {
        if case .pipe = storage {
            guard offset >= keptStart, offset <= keptStart + kept.count else { return false }
        }
        position = max(0, offset)
        return true
    }

    /// Back to the first byte; of a pipe, only before ``forgetPast()``.
    @discardableResult
    package func rewind() -> Bool { seek(to: 0) }

    /// From here on a pipe keeps nothing of what is read: memory stays flat however long it runs.
    package func forgetPast() {
        keepsPast = false
        if position >= keptStart + kept.count { kept = [] }
    }

    /// Reads a pipe to its end into memory, so that it can seek.
    ///
    /// - Throws: `tooLong` when it holds more than `limit` bytes, `unsupportedFormat` when its beginning is no longer
    ///   kept, `io` when the system fails to read.
    package func spool(limit: Int) throws(AudioError) {
        guard case .pipe = storage else { return }
        guard keepsPast, rewind() else {
            throw AudioError(
                .unsupportedFormat,
                "\(name): this kind of file cannot be read from a pipe; give it as a file"
            )
        }
        position = kept.count
        keepsPast = true
        while try !read(1 << 16).isEmpty {
            guard kept.count <= limit else {
                throw AudioError(
                    .tooLong,
                    "\(name): more than \(limit >> 20) MB through a pipe; give it as a file, or pipe WAV instead"
                )
            }
        }
        size = kept.count
        storage = .memory(kept)
        kept = []
        position = 0
    }
}

extension ByteSource {
    /// Serves what an earlier peek or rewind left behind.
    private func takeKept(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let start = position - keptStart
        guard case .pipe = storage, start >= 0, start < kept.count else { return 0 }
        let count = min(buffer.count, kept.count - start)
        kept.withUnsafeBytes { bytes in
            buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[start..<start + count]))
        }
        position += count
        if !keepsPast, start + count == kept.count {
            kept = []
            keptStart = position
        }
        return count
    }

    /// Starts keeping again for the length of a peek.
    private func remember() {
        if kept.isEmpty { keptStart = position }
        keepsPast = true
    }

    /// One read of the storage at ``position``; zero is the end.
    private func fetch(into buffer: UnsafeMutableRawBufferPointer) throws(AudioError) -> Int {
        switch storage {
        case .memory(let bytes):
            let count = max(0, min(buffer.count, bytes.count - position))
            bytes.withUnsafeBytes { all in
                buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: all[position..<position + count]))
            }
            return count
        case .file(let base):
            return try retrying { pread(descriptor, buffer.baseAddress, buffer.count, off_t(base + position)) }
        case .pipe:
            try waitForWriter()
            let count = try retrying { Glibc.read(descriptor, buffer.baseAddress, buffer.count) }
            if count == 0 { hasEnded = true }
            return count
        }
    }

    /// Waits in slices, so that a task that was cancelled goes soon.
    private func waitForWriter() throws(AudioError) {
        let deadline = patience.map { ContinuousClock.now + $0 }
        var interest = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        while poll(&interest, 1, 50) == 0 {
            if Task.isCancelled { throw AudioError(.io, "\(name): reading was interrupted") }
            guard let deadline, let patience, ContinuousClock.now >= deadline else { continue }
            throw AudioError(.io, "\(name): nothing came for \(patience.components.seconds) s; convert it first")
        }
    }

    private func retrying(_ call: () -> Int) throws(AudioError) -> Int {
        while true {
            let count = call()
            if count >= 0 { return count }
            switch errno {
            case EINTR:
                continue
            case EAGAIN:
                // Whoever opened the pipe may have made it non-blocking: wait for the writer.
                var interest = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                _ = poll(&interest, 1, -1)
            default:
                throw AudioError(.io, "\(name): reading failed: \(SystemError.text())")
            }
        }
    }

    /// A name fit for a one-line message.
    static func printable(_ name: String) -> String {
        String(name.unicodeScalars.map { $0.value < 32 || $0.value == 127 ? "?" : Character($0) })
    }
}

/// The operating system's words for its last error.
enum SystemError {
    static func text(_ code: Int32 = errno) -> String {
        var buffer = [CChar](repeating: 0, count: 256)
        return buffer.withUnsafeMutableBufferPointer { words in
            guard let start = words.baseAddress, strerror_r(code, start, words.count) == 0 else {
                return "error \(code)"
            }
            return String(cString: start)
        }
    }
}
