import Foundation

/// Reads a small file of text that somebody named.
enum TextFile {
    /// Bytes of a file at most.
    static let limit = 1 << 20

    /// The text of a regular file; anything else could block or never end.
    ///
    /// - Throws: ``ConfigurationError`` when there is no such file, or it is too large or no text.
    static func read(_ path: String) throws(ConfigurationError) -> String {
        // A pipe must not block the opening.
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else {
            let reason = String(cString: strerror(errno))
            throw ConfigurationError(errno == ENOENT ? .notFound : .unreadable, at: path, "cannot be opened: \(reason)")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            let isDirectory = status.st_mode & S_IFMT == S_IFDIR
            throw ConfigurationError(
                .unreadable,
                at: path,
                isDirectory ? "is a directory; a file is needed" : "is no regular file"
            )
        }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: false)
        guard let data = try? file.read(upToCount: limit + 1) ?? Data() else {
            throw ConfigurationError(.unreadable, at: path, "cannot be read")
        }
        guard data.count <= limit else {
            throw ConfigurationError(
                .malformed,
                at: path,
                "is larger than \(ByteSize.text(limit)), the most that is read"
            )
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw ConfigurationError(.malformed, at: path, "is not UTF-8 text")
        }
        return text
    }

    /// Whether others than the owner and the group may read a file.
    static func isReadableByAnyone(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IROTH != 0
    }
}
