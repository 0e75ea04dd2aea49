import NIOCore
import NIOHTTP1
import NIOPosix

extension ServerClient {
    /// Opens a connection.
    /// - Throws: ``CommandError`` saying that nobody answers.
    func connect<Output: Sendable>(
        _ initialize: @escaping @Sendable (any Channel) -> EventLoopFuture<Output>
    ) async throws -> Output {
        do {
            return try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connectTimeout(TimeAmount(Self.patience))
                .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                .connect(host: address.host, port: address.port, channelInitializer: initialize)
        } catch let error where !(error is CancellationError) {
            let cause = Self.cause(of: error)
            throw CommandError(
                .unavailable,
                "nobody answers at \(address.url) (\(cause)); is `rkvoice serve` running there?"
            )
        }
    }

    /// Why there is no connection, in a few words.
    private static func cause(of error: any Error) -> String {
        switch error {
        case let error as NIOConnectionError:
            if error.dnsAError != nil || error.dnsAAAAError != nil { return "no such host" }
            return error.connectionErrors.first.map { cause(of: $0.error) } ?? "no address"
        case ChannelError.connectTimeout: return "no answer within \(patience.components.seconds) s"
        case let error as IOError: return ServerAddress.reason(error.errnoCode)
        default: return "\(error)"
        }
    }

    /// Runs an exchange: a connection that breaks, or speaks no HTTP, becomes a fault of that server.
    func reporting<R>(_ asked: String, _ body: () async throws -> R) async throws -> R {
        do { return try await body() } catch is IOError {
            throw ServerFault(asked, status: 0, told: nil)
        } catch is HTTPParserError {
            throw CommandError(.badData, "\(asked): what answers at \(address.url) does not speak HTTP")
        } catch is ChannelError {
            throw ServerFault(asked, status: 0, told: nil)
        }
    }

    /// Gives up after a time.
    func within<R: Sendable>(
        _ limit: Duration,
        _ asked: String,
        _ body: @escaping @Sendable () async throws -> R
    ) async throws -> R {
        let url = address.url
        return try await withThrowingTaskGroup(of: R.self) { group in
            group.addTask { try await body() }
            group.addTask {
                try await Task.sleep(for: limit)
                throw CommandError(.temporary, "\(asked): no answer from \(url) within \(limit.components.seconds) s")
            }
            defer { group.cancelAll() }
            guard let result = try await group.next() else { throw CancellationError() }
            return result
        }
    }
}
