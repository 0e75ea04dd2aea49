import Inference

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A file that is read in pieces: nothing is mapped, and no length that the file tells of itself is believed.
struct BoundedFile: ~Copyable {
    let path: String
    /// Bytes there are.
    let size: Int
    private let descriptor: Int32

    /// - Throws: `missingFile`, or `badModel` for what cannot be read like a file.
    init(_ path: String) throws(InferenceError) {
        // A named pipe would wait for a writer without O_NONBLOCK.
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else {
            let reason = String(cString: strerror(errno))
            guard errno == ENOENT else {
                throw InferenceError(.badModel, "the file cannot be opened: \(reason)", graph: path)
            }
            throw InferenceError(.missingFile, "there is no such file", graph: path)
        }
        var info = stat()
        let isKnown = fstat(descriptor, &info) == 0
        guard isKnown, info.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            let isDirectory = isKnown && info.st_mode & S_IFMT == S_IFDIR
            throw InferenceError(.badModel, isDirectory ? "it is a directory" : "it is not a regular file", graph: path)
        }
        self.path = path
        self.descriptor = descriptor
        size = Int(info.st_size)
    }

    deinit { close(descriptor) }

    /// Bytes of the file; fewer where it ends.
    /// - Throws: `badModel` when the medium gives an error.
    func bytes(at offset: Int, count: Int) throws(InferenceError) -> [UInt8] {
        let wanted = max(0, min(count, size - offset))
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, done in
            while done < wanted {
                let got = pread(descriptor, buffer.baseAddress.map { $0 + done }, wanted - done, off_t(offset + done))
                if got < 0, errno == EINTR { continue }
                if got < 0 { failure = errno }
                if got <= 0 { break }
                done += got
            }
        }
        guard failure == 0 else {
            throw InferenceError(
                .badModel,
                "the file cannot be read: \(String(cString: strerror(failure)))",
                graph: path
            )
        }
        return bytes
    }
}

extension [UInt8] {
    /// A little-endian number; 0 where the bytes end.
    func littleEndian<Number: FixedWidthInteger & UnsignedInteger>(at offset: Int, as: Number.Type) -> Number {
        guard offset >= 0, offset + Number.bitWidth / 8 <= count else { return 0 }
        return self[offset..<offset + Number.bitWidth / 8].reversed().reduce(0) { $0 << 8 | Number($1) }
    }
}
