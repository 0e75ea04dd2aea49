import Glibc

/// A program whose stdin and stdout are one end of a socket pair; this process holds the other.
///
/// A socket, where a pipe would do, because `send` can be told not to raise SIGPIPE: writing to a pipe whose reader is
/// dead kills the host program unless it gave up that signal for good. The descriptors are closed on `exec`, so that
/// no other child inherits them and the program sees the end of its stdin when this process is gone.
final class ChildProcess {
    enum Failure: Error {
        case ended
        case timedOut
        case cancelled
    }

    /// The system's reason for not starting a program.
    struct SpawnError: Error, CustomStringConvertible {
        let number: Int32
        var description: String { String(cString: strerror(number)) }
    }

    /// How a program ended.
    enum Exit: Equatable, CustomStringConvertible {
        case code(Int32)
        case signal(Int32)

        var description: String {
            switch self {
            case .code(let number): "exit code \(number)"
            case .signal(let number): "signal \(number)"
            }
        }
    }

    /// How often a waiting exchange looks whether its task was cancelled.
    private static let slice: Duration = .milliseconds(50)

    let identifier: Int32
    private let socket: Int32
    private var exit: Exit?

    /// - Parameters:
    ///   - path: The program; no search along PATH.
    ///   - arguments: Its arguments without its own name.
    /// - Throws: The system's reason for not starting it.
    init(path: String, arguments: [String]) throws(SpawnError) {
        let (ours, theirs) = try Self.socketPair()
        defer { close(theirs) }
        do {
            identifier = try Self.spawn(path: path, arguments: arguments, socket: theirs)
        } catch {
            close(ours)
            throw error
        }
        socket = ours
    }

    deinit {
        _ = end()
    }

    /// Ends the program, if it still runs, and collects it: no zombie stays.
    func end() -> Exit {
        if let exit { return exit }
        close(socket)
        // A program that failed to start is about to exit by itself: its code tells why.
        var status: Int32 = 0
        var result: Int32 = 0
        for attempt in 0..<50 where result == 0 {
            result = waitpid(identifier, &status, WNOHANG)
            if result == 0 {
                if attempt == 20 { kill(identifier, SIGKILL) }
                usleep(1000)
            }
        }
        while result == 0 || (result < 0 && errno == EINTR) { result = waitpid(identifier, &status, 0) }
        let exit: Exit = status & 0x7f == 0 ? .code(status >> 8 & 0xff) : .signal(status & 0x7f)
        self.exit = exit
        return exit
    }

    func send(_ bytes: [UInt8], deadline: ContinuousClock.Instant) throws(Failure) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                let rest = UnsafeRawBufferPointer(rebasing: buffer[sent...])
                return Glibc.send(socket, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
            }
            if count >= 0 { sent += count } else { try wait(for: Int16(POLLOUT), deadline: deadline) }
        }
    }

    func receive(_ count: Int, deadline: ContinuousClock.Instant) throws(Failure) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var received = 0
        while received < count {
            let got = bytes.withUnsafeMutableBytes { buffer in
                let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[received...])
                return recv(socket, rest.baseAddress, rest.count, Int32(MSG_DONTWAIT))
            }
            if got == 0 { throw .ended }
            if got > 0 { received += got } else { try wait(for: Int16(POLLIN), deadline: deadline) }
        }
        return bytes
    }

    /// Waits after a call that would have blocked; any other error means that the program is gone.
    private func wait(for events: Int16, deadline: ContinuousClock.Instant) throws(Failure) {
        guard errno == EAGAIN || errno == EINTR else { throw .ended }
        var descriptor = pollfd(fd: socket, events: events, revents: 0)
        while true {
            if Task.isCancelled { throw .cancelled }
            let left = min(deadline - .now, Self.slice)
            guard left > .zero else { throw .timedOut }
            if poll(&descriptor, 1, max(1, Int32(left / .milliseconds(1)))) > 0 { return }
        }
    }
}
