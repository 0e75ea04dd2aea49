import NIOCore
import NIOPosix
import Synchronization

/// A server on loopback that answers every request with the bytes of a script, whatever they are.
struct RawServer: Sendable {
    /// What is done once the request was read.
    enum Step: Sendable {
        case send(String)
        /// Nothing more, until the client closes.
        case wait
    }

    /// What clients did.
    final class Log: Sendable {
        private let state = Mutex<(requests: [String], closed: Int)>(([], 0))
        /// Requests that were read whole.
        var requests: [String] { state.withLock { $0.requests } }
        /// Connections that a client closed while the server waited.
        var closed: Int { state.withLock { $0.closed } }

        fileprivate func add(_ request: String) { state.withLock { $0.requests.append(request) } }
        fileprivate func addClosed() { state.withLock { $0.closed += 1 } }
    }

    let steps: [Step]
    let log = Log()

    init(_ steps: [Step]) { self.steps = steps }

    /// A response in chunks, without its end.
    static func head(_ status: String = "200 OK", _ type: String = "text/event-stream", more: String = "") -> Step {
        .send("HTTP/1.1 \(status)\r\nContent-Type: \(type)\r\nTransfer-Encoding: chunked\r\n\(more)\r\n")
    }

    static func chunk(_ text: String) -> Step { .send("\(String(text.utf8.count, radix: 16))\r\n\(text)\r\n") }

    static let end = Step.send("0\r\n\r\n")

    /// Serves while `body` runs, which is given the port.
    func serving<Result: Sendable>(_ body: @escaping @Sendable (Int) async throws -> Result) async throws -> Result {
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        let port = listener.channel.localAddress?.port ?? 0
        return try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask {
                try await accept(listener)
                return nil
            }
            group.addTask { try await body(port) }
            defer { group.cancelAll() }
            while let result = try await group.next() { if let result { return result } }
            throw CancellationError()
        }
    }

    private func accept(_ listener: NIOAsyncChannel<NIOAsyncChannel<ByteBuffer, ByteBuffer>, Never>) async throws {
        try await listener.executeThenClose { connections in
            try await withThrowingDiscardingTaskGroup { group in
                for try await connection in connections {
                    // What becomes of one connection is no concern of the next.
                    group.addTask { try? await answer(connection) }
                }
            }
        }
    }

    private func answer(_ connection: NIOAsyncChannel<ByteBuffer, ByteBuffer>) async throws {
        try await connection.executeThenClose { inbound, outbound in
            var (request, parts) = ("", inbound.makeAsyncIterator())
            while !request.isWholeRequest, let part = try await parts.next() { request += String(buffer: part) }
            log.add(request)
            for step in steps {
                switch step {
                case .send(let text): try await outbound.write(ByteBuffer(string: text))
                case .wait:
                    while try await parts.next() != nil {}
                    log.addClosed()
                }
            }
        }
    }
}

extension String {
    /// Whether head and body are there, by `Content-Length`.
    fileprivate var isWholeRequest: Bool {
        guard let end = firstRange(of: "\r\n\r\n") else { return false }
        let lines = self[..<end.lowerBound].lowercased().split(separator: "\r\n")
        let length = lines.first { $0.hasPrefix("content-length:") }.flatMap {
            Int($0.dropFirst(15).drop { $0 == " " })
        }
        return self[end.upperBound...].utf8.count >= length ?? 0
    }
}
