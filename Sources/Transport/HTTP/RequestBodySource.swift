import Hummingbird
import NIOCore
import NIOHTTP1
import Synchronization

/// The body of one request, pulled from the connection; bounded in bytes, and by time between two bytes.
final class RequestBodySource: Sendable {
    private struct State {
        var received = 0
        var isDone = false
        var isBroken = false
        var isContinueDue: Bool
    }

    private let wire: HTTPWire
    private let declaredLength: Int?
    private let hasBody: Bool
    private let limit: Int
    private let state: Mutex<State>

    init(_ head: RequestHead, wire: HTTPWire, limit: Int) {
        self.wire = wire
        self.limit = limit
        declaredLength = head.declaredLength
        hasBody = head.hasBody
        state = Mutex(State(isContinueDue: head.expectsContinue && head.hasBody))
    }

    /// Whether all of it was read.
    var isDone: Bool { state.withLock { $0.isDone } }

    /// Whether the client still waits to be told to send it.
    var isContinueDue: Bool { state.withLock { $0.isContinueDue } }

    /// Whether reading it has failed, so that nothing can follow it.
    var isBroken: Bool { state.withLock { $0.isBroken } }

    /// The next piece; nil at the end. `100 Continue` goes out before the first (RFC 9110, section 10.1.1).
    ///
    /// - Throws: `HTTPFailure`: 413, before anything is read where the length is declared; 408 when the client stalls;
    ///   400 when the body is cut or malformed.
    func next() async throws -> ByteBuffer? {
        do {
            return try await read()
        } catch {
            state.withLock { $0.isBroken = true }
            throw error
        }
    }

    private func read() async throws -> ByteBuffer? {
        guard !isDone else { return nil }
        guard declaredLength ?? 0 <= limit else { throw tooLarge }
        let isContinueDue = state.withLock { state in
            defer { state.isContinueDue = false }
            return state.isContinueDue
        }
        if isContinueDue { try await wire.write(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n")) }
        switch try await wire.next(.body) {
        case .body(let piece):
            let received = state.withLock { state in
                state.received += piece.readableBytes
                return state.received
            }
            guard received <= limit else { throw tooLarge }
            return piece
        case .end:
            state.withLock { $0.isDone = true }
            return nil
        case .head, nil:
            throw Self.incomplete
        }
    }

    /// Whether what the route left is known to end within so many bytes.
    func isDrainable(within bytes: Int) -> Bool {
        guard hasBody, !isDone else { return true }
        guard let declaredLength else { return false }
        return declaredLength - state.withLock { $0.received } <= bytes
    }

    /// Reads what the route left, so that the next request can follow.
    ///
    /// - Returns: whether the end was reached within so many bytes.
    func drain(upTo bytes: Int) async throws -> Bool {
        var count = 0
        while count <= bytes, !isContinueDue {
            guard let piece = try await next() else { return true }
            count += piece.readableBytes
        }
        return false
    }

    static var incomplete: HTTPFailure {
        .init(.badRequest, "incomplete_body", "The connection ended within the body.")
    }

    private var tooLarge: HTTPFailure {
        .init(.contentTooLarge, "body_too_large", "A body may have \(limit) bytes.")
    }
}

/// A body as Hummingbird takes it.
struct RequestBodyPieces: AsyncSequence, Sendable {
    let source: RequestBodySource

    struct AsyncIterator: AsyncIteratorProtocol {
        let source: RequestBodySource

        func next() async throws -> ByteBuffer? { try await source.next() }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(source: source) }
}
