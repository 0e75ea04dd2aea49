import Foundation
import HTTPTypes
import NIOCore
package import Transport

/// What the probe says over WebSockets.
extension Probe {
    struct Failure: Error {}

    @Sendable
    package func decide(_ handshake: WebSocketHandshake) async -> WebSocketDecision {
        switch handshake.path {
        case "/echo": .accept(subprotocol: subprotocol(handshake), echo)
        case "/fail": .accept { _ in throw Failure() }
        case "/return": .accept { _ in }
        case "/talk": .accept(talk)
        case "/last": .accept(last)
        case "/deaf": .accept(deaf)
        case "/close":
            .accept { socket in
                let code = handshake.query["code"].flatMap { UInt16($0) }
                await socket.close(code ?? 1000, handshake.query["reason"] ?? "")
            }
        default: .refuse
        }
    }

    private func subprotocol(_ handshake: WebSocketHandshake) -> String? {
        let offered = handshake.headers[values: .secWebSocketProtocol]
            .flatMap { $0.split(separator: ",") }
            .map { $0.trimmingCharacters(in: .whitespaces) }
        return offered.first { $0 == "echo.v1" }
    }

    private func echo(_ socket: WebSocketConnection) async throws {
        begun.add()
        while let message = try await socket.receive() { try await socket.send(message) }
    }

    /// Says something when the peer or the server has ended the stream.
    private func last(_ socket: WebSocketConnection) async throws {
        begun.add()
        while try await socket.receive() != nil {}
        try await socket.send(.text("last words"))
    }

    /// Never receives.
    private func deaf(_ socket: WebSocketConnection) async throws {
        begun.add()
        do {
            try await Task.sleep(for: .seconds(600))
        } catch {
            cancelled.add()
            throw error
        }
    }

    /// Sends for ever.
    private func talk(_ socket: WebSocketConnection) async throws {
        begun.add()
        do {
            while true { try await socket.send(.binary(.init(repeating: 0x61, count: 65_536))) }
        } catch {
            cancelled.add()
            throw error
        }
    }
}
