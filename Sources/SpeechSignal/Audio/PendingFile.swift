import Glibc

/// A file that appears only when it is complete.
///
/// The bytes go into a file without a name in the target's directory, of which nothing is left however this process
/// ends; ``finish()`` names it and puts it in its place. On file systems that have no such files they go to
/// `TARGET.partial-…`, which is removed when this object goes away or fails. Where the target is not a regular file
/// (`/dev/stdout`, a named pipe), the bytes go straight there and nothing can be corrected later. Used by one task at a
/// time.
package final class PendingFile {
    /// How messages call it.
    let name: String

    private let target: String
    /// The name before the last one; nil when written in place.
    private let temporary: String?
    /// Whether there is a file of that name now.
    private var isNamed: Bool
    private var descriptor: Int32

    /// Starts a file.
    ///
    /// - Parameters:
    ///   - path: where it shall appear; an existing file is replaced, its permissions kept.
    ///   - namedFromStart: whether to do without files that have no name.
    /// - Throws: `io` when the place cannot be written, with the system's reason; nothing is left behind.
    package init(path: String, namedFromStart: Bool = false) throws(AudioError) {
        name = ByteSource.printable(path)
        let place = try Self.place(for: path)
        target = place.target
        temporary = place.temporary
        let nameless = place.temporary == nil || namedFromStart ? -1 : Self.openNameless(beside: place.target)
        isNamed = place.temporary != nil && nameless < 0
        let flags = O_WRONLY | O_CLOEXEC | (place.temporary == nil ? 0 : O_CREAT | O_EXCL)
        descriptor = nameless >= 0 ? nameless : open(place.temporary ?? place.target, flags, 0o666)
        guard descriptor >= 0 else {
            isNamed = false
            throw Self.failure(name, remedy: "choose another place")
        }
        if let mode = place.mode { fchmod(descriptor, mode) }
    }

    deinit {
        abandon()
    }

    /// Whether ``correct(_:at:)`` works: a pipe is gone once it is written.
    package var isCorrectable: Bool { temporary != nil }

    /// Appends bytes.
    ///
    /// - Throws: `io` when the disk is full or gone; nothing is left behind.
    package func append(_ bytes: [UInt8]) throws(AudioError) {
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

    /// Writes over bytes that were appended before, such as a header's sizes. Does nothing where that cannot be.
    ///
    /// - Throws: `io` with the system's reason; nothing is left behind.
    func correct(_ bytes: [UInt8], at offset: Int) throws(AudioError) {
        guard descriptor >= 0 else { throw abandoned() }
        guard isCorrectable else { return }
        let isWritten = bytes.withUnsafeBytes {
            pwrite(descriptor, $0.baseAddress, $0.count, off_t(offset)) == $0.count
        }
        guard isWritten else { throw fail() }
    }

    /// Puts the file in its place.
    ///
    /// - Throws: `io` with the system's reason; nothing is left behind.
    package func finish() throws(AudioError) {
        guard descriptor >= 0 else { throw abandoned() }
        if let temporary, !isNamed {
            // A name can only be given where there is none; the file that is there already is replaced below.
            let own = "/proc/self/fd/\(descriptor)"
            guard linkat(AT_FDCWD, own, AT_FDCWD, temporary, AT_SYMLINK_FOLLOW) == 0 else { throw fail() }
            isNamed = true
        }
        // Network file systems report a full disk only when the file is closed.
        let closed = close(descriptor)
        descriptor = -1
        guard closed == 0, temporary.map({ rename($0, target) }) ?? 0 == 0 else { throw fail() }
        isNamed = false
    }

    /// Removes what was written. Does nothing after ``finish()``.
    package func abandon() {
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
        if isNamed, let temporary { unlink(temporary) }
        isNamed = false
    }
}

extension PendingFile {
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

    /// A file without a name (Linux 3.11) in the directory of a path, or -1 where the file system has none, or where it
    /// could not be named later.
    private static func openNameless(beside path: String) -> Int32 {
        guard access("/proc/self/fd", X_OK) == 0 else { return -1 }
        let directory = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        // O_TMPFILE as the kernel's fcntl.h has it; Glibc's macro is not imported.
        return open(directory, O_WRONLY | O_CLOEXEC | O_DIRECTORY | 0o20_000_000, 0o666)
    }

    private static func failure(_ name: String, remedy: String) -> AudioError {
        let reason = SystemError.text()
        return AudioError(.io, "\(name): cannot be written: \(reason); \(remedy)")
    }

    private func fail() -> AudioError {
        let remedy = errno == ENOSPC || errno == EDQUOT ? "free some space" : "choose another place"
        let failure = Self.failure(name, remedy: remedy)
        abandon()
        return failure
    }

    private func abandoned() -> AudioError {
        AudioError(.io, "\(name): was given up before; start again")
    }
}
