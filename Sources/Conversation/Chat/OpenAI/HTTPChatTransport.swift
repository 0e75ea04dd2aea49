import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// HTTP/1.1 to an endpoint, one connection kept for the next question.
package struct HTTPChatTransport: ChatTransport {
    private let client: HTTPClient

    /// - Parameter endpoint: whose time-outs are kept.
    /// ``shutdown()`` must be called before the last copy goes.
    package init(for endpoint: ChatEndpoint) {
        var configuration = HTTPClient.Configuration()
        configuration.timeout = .init(
            connect: .nanoseconds(endpoint.connectTimeout.wholeNanoseconds),
            read: .nanoseconds(endpoint.readTimeout.wholeNanoseconds)
        )
        // A redirect would carry what was said to somebody else.
        configuration.redirectConfiguration = .disallow
        configuration.httpVersion = .http1Only
        configuration.decompression = .disabled
        // The retries are ours: the pool's own would keep a listener waiting for an endpoint that is down.
        configuration.connectionPool.retryConnectionEstablishment = false
        // Each dialogue has one answer at most; the server bounds how many there are.
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 1024
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    /// Closes the connections. Questions asked later fail.
    package func shutdown() async { try? await client.shutdown() }

    package func post(_ body: [UInt8], to endpoint: ChatEndpoint) async throws(ChatError) -> ChatReply {
        var request = HTTPClientRequest(url: endpoint.url)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json")
        request.headers.add(name: "Accept", value: "text/event-stream")
        if let key = endpoint.key { request.headers.add(name: "Authorization", value: "Bearer \(key.value)") }
        request.body = .bytes(ByteBuffer(bytes: body))
        do {
            // For the head alone. The body may be long; silence in it is bounded by the read time-out.
            let patience = endpoint.connectTimeout + endpoint.readTimeout
            let response = try await client.execute(request, timeout: .nanoseconds(patience.wholeNanoseconds))
            let mediaType = response.headers.first(name: "Content-Type") ?? ""
            return ChatReply(
                status: Int(response.status.code),
                mediaType: mediaType.prefix { $0 != ";" }.lowercased().trimmingCharacters(in: .whitespaces),
                retryAfter: retryAfter(response.headers),
                body: HTTPChatBody(body: response.body, endpoint: endpoint)
            )
        } catch {
            throw ChatError(error, at: endpoint)
        }
    }

    private func retryAfter(_ headers: HTTPHeaders) -> Duration? {
        headers.first(name: "Retry-After").flatMap { Int64($0) }.flatMap {
            (0...86_400).contains($0) ? .seconds($0) : nil
        }
    }
}

/// The body of a response as bytes.
struct HTTPChatBody: AsyncSequence, Sendable {
    typealias Element = [UInt8]
    typealias Failure = ChatError
    let body: HTTPClientResponse.Body
    let endpoint: ChatEndpoint

    func makeAsyncIterator() -> Iterator { Iterator(parts: body.makeAsyncIterator(), endpoint: endpoint) }

    struct Iterator: AsyncIteratorProtocol {
        var parts: HTTPClientResponse.Body.AsyncIterator
        let endpoint: ChatEndpoint

        mutating func next() async throws(ChatError) -> [UInt8]? { try await next(isolation: #isolation) }

        mutating func next(isolation actor: isolated (any Actor)?) async throws(ChatError) -> [UInt8]? {
            do {
                let part = try await parts.next(isolation: actor)
                // To a cancelled task the end of the body is reported, wherever it was.
                guard part != nil || !Task.isCancelled else { throw CancellationError() }
                return part.map { Array($0.readableBytesView) }
            } catch {
                let known = ChatError(error, at: endpoint)
                // The address was reached, so whatever broke now broke in the middle.
                guard known.code == .unreachable else { throw known }
                throw ChatError(.cutShort, "the connection to \(endpoint.baseURL) broke in the middle of the answer")
            }
        }
    }
}

extension ChatError {
    /// An error of the network in words of ours.
    init(_ error: any Error, at endpoint: ChatEndpoint) {
        let name = endpoint.baseURL
        switch error {
        case let error as ChatError: self = error
        case is CancellationError: self.init(.cancelled, "cancelled")
        case let error as HTTPClientError where error == .cancelled: self.init(.cancelled, "cancelled")
        case let error as HTTPClientError where error == .readTimeout || error == .deadlineExceeded:
            self.init(.timedOut, "\(name) said nothing for \(endpoint.readTimeout.milliseconds / 1e3) s")
        case let error as HTTPClientError where error == .connectTimeout || error == .getConnectionFromPoolTimeout:
            self.init(.unreachable, "\(name) does not answer: check llm.base_url, and that its server runs")
        default:
            let words = ChatFault.presentable("\(error)", without: endpoint.key)
            self.init(
                .unreachable,
                "\(name) cannot be reached (\(words)): check llm.base_url, and that its server runs"
            )
        }
    }
}

extension Duration {
    /// Whole nanoseconds, for clocks that count in them; at most some 292 years.
    fileprivate var wholeNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflows) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        return overflows ? .max : product + attoseconds / 1_000_000_000
    }
}
