import Foundation
import Glibc

extension ByteSource {
    /// All bytes as a regular file for a child process: the file itself, else a copy without a name.
    ///
    /// - Parameter limit: bytes to copy at most.
    /// - Returns: a descriptor that closes on exec, for the caller to close.
    /// - Throws: `tooLong` when there are more, `io` when the copy cannot be written.
    func descriptorForChild(limit: Int) throws(AudioError) -> Int32 {
        if let whole = wholeFile {
            let copy = fcntl(whole, F_DUPFD_CLOEXEC, 3)
            guard copy >= 0 else { throw copyFailure() }
            return copy
        }
        let folder = FileManager.default.temporaryDirectory.path
        let path = "\(folder)/rkvoice-\(getpid())-\(UInt64.random(in: 0...(.max)))"
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw copyFailure() }
        unlink(path)
        do throws(AudioError) {
            try copy(to: descriptor, limit: limit)
            lseek(descriptor, 0, SEEK_SET)
            return descriptor
        } catch {
            close(descriptor)
            throw error
        }
    }

    private func copy(to descriptor: Int32, limit: Int) throws(AudioError) {
        rewind()
        forgetPast()
        var total = 0
        while true {
            let bytes = try read(1 << 16)
            guard !bytes.isEmpty else { return }
            total += bytes.count
            guard total <= limit else {
                throw AudioError(.tooLong, "\(name): more than \(limit >> 20) MB; give it as a file, or convert it")
            }
            var written = 0
            while written < bytes.count {
                let count = bytes.withUnsafeBytes { raw in
                    raw.baseAddress.map { Glibc.write(descriptor, $0 + written, raw.count - written) } ?? 0
                }
                if count > 0 { written += count } else if errno != EINTR { throw copyFailure() }
            }
        }
    }

    private func copyFailure() -> AudioError {
        let folder = FileManager.default.temporaryDirectory.path
        return AudioError(.io, "\(name): cannot be copied to \(folder) for ffmpeg: \(SystemError.text())")
    }
}
