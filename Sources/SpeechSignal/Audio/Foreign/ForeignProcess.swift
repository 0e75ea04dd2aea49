import Glibc

/// One running ffmpeg: a file goes in as its standard input, WAV comes out, and its complaints are kept.
///
/// It is killed when this object goes away. Sockets instead of pipes: they close on exec from the start, so no other
/// child of this process keeps them open.
final class ForeignProcess {
    /// What it writes; reading waits with patience.
    let output: ByteSource

    private let identifier: pid_t
    private let complaints: Int32
    private var result: End?

    /// How it ended, and what it said.
    struct End {
        /// Exit code, or the negated number of the signal.
        var status: Int32
        /// Its words, one line each, a few at most.
        var words: [String]

        var isFailure: Bool { status != 0 }

        /// What ffmpeg says of a file that is cut short: the demuxers of Matroska and MP4.
        var tellsOfMissingBytes: Bool {
            words.contains { $0.contains("ended prematurely") || $0.contains("partial file") }
        }
    }

    /// Starts ffmpeg.
    ///
    /// - Throws: `unsupportedFormat` where it is not installed, `io` where it cannot be started, `tooLong` where more
    ///   than `spoolLimit` bytes would have to be copied.
    init(
        _ source: ByteSource,
        _ kind: ForeignKind,
        _ decoding: ForeignDecoding,
        spoolLimit: Int
    ) throws(AudioError) {
        if let missing = decoding.missing() {
            throw AudioError(
                .unsupportedFormat,
                "\(source.name): \(kind.rawValue) is read through \(missing); "
                    + "or convert it: ffmpeg -i INPUT -ar 16000 OUTPUT.wav"
            )
        }
        let input = try source.descriptorForChild(limit: spoolLimit)
        defer { close(input) }
        let sound = try Self.sockets(source.name)
        defer { close(sound.theirs) }
        let words: Ends
        do throws(AudioError) {
            words = try Self.sockets(source.name, isBlocking: false)
        } catch {
            close(sound.ours)
            throw error
        }
        defer { close(words.theirs) }
        let number = Self.spawn(
            decoding.command(kind),
            input: input,
            output: sound.theirs,
            errors: words.theirs
        )
        guard case .success(let child) = number else {
            close(sound.ours)
            close(words.ours)
            throw AudioError(.io, "\(source.name): ffmpeg cannot be started: \(SystemError.text(number.code))")
        }
        identifier = child
        complaints = words.ours
        output = try ByteSource(fileDescriptor: sound.ours, name: source.name, closing: true)
        output.patience = decoding.patience
    }

    deinit {
        _ = end()
        close(complaints)
    }

    /// Collects it; kills it first where it still runs.
    func end() -> End {
        if let result { return result }
        // After the end of its output it is about to exit: its own status tells more than a kill's.
        var status: Int32 = 0
        var collected: pid_t = 0
        for attempt in 0..<100 where collected == 0 {
            collected = waitpid(identifier, &status, WNOHANG)
            guard collected == 0 else { break }
            if attempt == 99 || !output.hasEnded { break }
            usleep(2_000)
        }
        // All of its group: an ffmpeg that is a script has children of its own.
        if collected == 0 { kill(-identifier, SIGKILL) }
        while collected == 0 || (collected < 0 && errno == EINTR) { collected = waitpid(identifier, &status, 0) }
        let code = status & 0x7F == 0 ? status >> 8 & 0xFF : -(status & 0x7F)
        let end = End(status: code, words: readComplaints())
        result = end
        return end
    }

    /// Why not one sample came.
    func failure(of name: String, _ kind: ForeignKind) -> AudioError {
        let end = end()
        if end.status == -SIGXCPU || end.status == -SIGKILL {
            return AudioError(
                .tooLong,
                "\(name): ffmpeg was killed over it, for its time or its memory; convert it first"
            )
        }
        let hasNoTrack = end.words.contains { $0.contains("matches no streams") }
        if hasNoTrack { return AudioError(.empty, "\(name): \(kind.rawValue) without a sound track; record it again") }
        if end.words.contains(where: { $0.contains("not on whitelist") }) {
            return AudioError(.unsupportedFormat, "\(name): \(kind.rawValue) with a codec that is not read; convert it")
        }
        guard end.isFailure, let words = end.words.first else {
            return AudioError(.empty, "\(name): holds no sound; record it again")
        }
        return AudioError(.unreadable, "\(name): is damaged, ffmpeg says: \(words); get a complete copy")
    }

    /// What it said, bounded by the socket's buffer and made fit for a message.
    private func readComplaints() -> [String] {
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = bytes.withUnsafeMutableBytes { recv(complaints, $0.baseAddress, $0.count, Int32(MSG_DONTWAIT)) }
        guard count > 0 else { return [] }
        let text = String(decoding: bytes[..<count], as: UTF8.self)
        return text.split(whereSeparator: \.isNewline).prefix(8).map { line in
            let words = ByteSource.printable(String(line.prefix(160)))
            // "[matroska,webm @ 0x55d0c8e0]" says nothing to a user.
            let plain = words.hasPrefix("[") ? words.drop { $0 != "]" }.dropFirst().drop { $0 == " " } : words[...]
            return String(plain.replacing("file:/dev/fd/0", with: "the file"))
        }
    }
}

extension ForeignProcess {
    private struct Ends {
        var ours: Int32
        var theirs: Int32
    }

    private enum Started {
        case success(pid_t)
        case failure(Int32)

        var code: Int32 { if case .failure(let code) = self { code } else { 0 } }
    }

    /// Two connected sockets above the standard descriptors. What cannot block drops the rest of the complaints of a
    /// child that nobody reads.
    private static func sockets(_ name: String, isBlocking: Bool = true) throws(AudioError) -> Ends {
        var ends: [Int32] = [-1, -1]
        let flags = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | (isBlocking ? 0 : SOCK_NONBLOCK.rawValue)
        guard socketpair(AF_UNIX, Int32(flags), 0, &ends) == 0 else {
            throw AudioError(.io, "\(name): ffmpeg cannot be started: \(SystemError.text())")
        }
        let moved = ends.map { fcntl($0, F_DUPFD_CLOEXEC, 3) }
        let number = errno
        ends.forEach { close($0) }
        guard moved.allSatisfy({ $0 >= 3 }) else {
            moved.filter { $0 >= 0 }.forEach { close($0) }
            throw AudioError(.io, "\(name): ffmpeg cannot be started: \(SystemError.text(number))")
        }
        return Ends(ours: moved[0], theirs: moved[1])
    }

    /// No shell, no environment but where programs and a plain language are, signals as a fresh process has them.
    private static func spawn(_ command: [String], input: Int32, output: Int32, errors: Int32) -> Started {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO)
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        // A group of its own: Ctrl-C on a terminal is for us to pass on.
        posix_spawnattr_setpgroup(&attributes, 0)
        let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP
        posix_spawnattr_setflags(&attributes, Int16(flags))

        var identifier: pid_t = 0
        var words: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
        let variables: [String] = ["PATH=/usr/bin:/bin", "LC_ALL=C"]
        var environment: [UnsafeMutablePointer<CChar>?] = variables.map { strdup($0) } + [nil]
        defer { (words + environment).forEach { free($0) } }
        let number = posix_spawn(&identifier, command[0], &actions, &attributes, &words, &environment)
        return number == 0 ? .success(identifier) : .failure(number)
    }
}

/// A file that is a program.
enum ProgramFile {
    static func isExecutable(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
    }
}
