import Foundation
import HTTPTypes
import Transport

/// What the probe says over WebSockets.
enum ProbeSockets {
    struct Failure: Error {}

    @Sendable
    static func decide(_ handshake: WebSocketHandshake) async -> WebSocketDecision {
        switch handshake.path {
        case "/echo": .accept(subprotocol: subprotocol(handshake), echo)
        case "/fail": .accept { _ in throw Failure() }
        case "/return": .accept { _ in }
        case "/close":
            .accept {
                await $0.close(handshake.query["code"].flatMap { UInt16($0) } ?? 1000, handshake.query["reason"] ?? "")
            }
        case "/deaf": .accept { _ in try await Task.sleep(for: .seconds(600)) }
        default: .refuse
        }
    }

    private static func subprotocol(_ handshake: WebSocketHandshake) -> String? {
        let offered = handshake.headers[values: .secWebSocketProtocol]
            .flatMap { $0.split(separator: ",") }
            .map { $0.trimmingCharacters(in: .whitespaces) }
        return offered.first { $0 == "echo.v1" }
    }

    private static func echo(_ socket: WebSocketConnection) async throws {
        while let message = try await socket.receive() { try await socket.send(message) }
    }
}
