import Dispatch
import Glibc

/// Runs work that Ctrl-C and SIGTERM cancel in order, so that children end and nothing partial stays behind.
///
/// A second signal ends the program at once.
func interruptible<Value: Sendable>(
    _ body: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    let work = Task { try await body() }
    let sources = [SIGINT, SIGTERM].map { number in
        signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
        source.setEventHandler {
            // From here on the default applies again.
            signal(number, SIG_DFL)
            work.cancel()
        }
        source.resume()
        return source
    }
    defer {
        for source in sources { source.cancel() }
    }
    return try await work.value
}
