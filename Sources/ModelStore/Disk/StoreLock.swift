import Foundation
import Glibc

/// An exclusive lock between processes: flock(2) on a file of `locks/`, held as long as the value lives.
/// The system lets go of it when a process dies.
final class StoreLock: Sendable {
    private let descriptor: Int32

    private init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    /// Waits for the lock.
    ///
    /// - Parameters:
    ///   - name: what is locked; one path component.
    ///   - home: where the lock file lives.
    ///   - timeout: seconds to wait; 0 asks once.
    ///   - cancellation: looked at while waiting.
    ///   - onWait: called once before waiting.
    /// - Returns: the lock; it is let go when the value goes away.
    /// - Throws: ``StoreError/Code/locked`` after the time-out, ``StoreError/Code/cancelled``,
    ///   ``StoreError/Code/cannotCreate`` when the lock file cannot be made.
    static func acquire(
        _ name: String,
        in home: StoreHome,
        timeout: Double,
        cancellation: Cancellation,
        onWait: () -> Void = {}
    ) throws(StoreError) -> StoreLock {
        try Disk.makeDirectory(home.locks)
        let path = home.locks + "/" + name + ".lock"
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw StoreError(.cannotCreate, "cannot create '\(path)': \(Disk.systemError(errno))")
        }
        let lock = StoreLock(descriptor: descriptor)
        let deadline = ContinuousClock.now + .seconds(timeout)
        var isFirst = true
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            let reason = errno
            guard reason == EWOULDBLOCK || reason == EINTR else {
                throw StoreError(.inputOutput, "cannot lock '\(path)': \(Disk.systemError(reason))")
            }
            try cancellation.check()
            guard ContinuousClock.now < deadline else {
                throw StoreError(.locked, "another process is working on '\(name)'; wait for it to end, then try again")
            }
            if isFirst { onWait() }
            isFirst = false
            Thread.sleep(forTimeInterval: 0.05)
        }
        return lock
    }
}
