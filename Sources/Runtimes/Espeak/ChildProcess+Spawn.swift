import Glibc

extension ChildProcess {
    /// Both ends above the standard descriptors, so that a host without stdin or stdout does no harm.
    static func socketPair() throws(SpawnError) -> (ours: Int32, theirs: Int32) {
        var ends: [Int32] = [-1, -1]
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, type, 0, &ends) == 0 else { throw SpawnError(number: errno) }
        let moved = ends.map { fcntl($0, F_DUPFD_CLOEXEC, 3) }
        let number = errno
        ends.forEach { close($0) }
        guard moved.allSatisfy({ $0 >= 3 }) else {
            moved.filter { $0 >= 0 }.forEach { close($0) }
            throw SpawnError(number: number)
        }
        return (moved[0], moved[1])
    }

    /// Starts the program with the socket as stdin and stdout. Its stderr goes nowhere: the answers say what is wrong,
    /// and espeak-ng is chatty. Signals are back to their defaults. Descriptors of the host that do not close on exec
    /// are closed by the program itself, since Swift does not see posix_spawn's action for it.
    static func spawn(path: String, arguments: [String], socket: Int32) throws(SpawnError) -> Int32 {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawn_file_actions_adddup2(&actions, socket, STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, socket, STDOUT_FILENO)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        var identifier: pid_t = 0
        var list: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) }
        list.append(nil)
        defer { list.forEach { free($0) } }
        let number = posix_spawn(&identifier, path, &actions, &attributes, list, environ)
        guard number == 0 else { throw SpawnError(number: number) }
        return identifier
    }
}
