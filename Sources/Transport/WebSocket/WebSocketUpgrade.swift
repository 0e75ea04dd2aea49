import Crypto
import Foundation
import HTTPTypes
import HummingbirdCore
import NIOCore
import NIOHTTP1

/// A request that asks for a WebSocket as RFC 6455, section 4.2.1, says.
struct WebSocketUpgrade {
    private let key: String

    /// - Returns: nil for a request that asks for no WebSocket.
    /// - Throws: 426 for another version than 13, 400 for a key that is none.
    init?(_ head: RequestHead) throws(HTTPFailure) {
        let fields = head.request.headerFields
        guard
            head.request.method == .get, !head.isOld,
            fields.tokens(.upgrade).contains("websocket"), fields.tokens(.connection).contains("upgrade")
        else { return nil }
        guard fields[values: .secWebSocketVersion] == ["13"] else {
            throw .init(.upgradeRequired, "unsupported_websocket_version", "The version of WebSocket served is 13.")
        }
        let keys = fields[values: .secWebSocketKey]
        guard keys.count == 1, Data(base64Encoded: keys[0])?.count == 16 else {
            throw .malformed("Sec-WebSocket-Key is not 16 bytes in Base64.")
        }
        guard !head.hasBody else { throw .malformed("A handshake has no body.") }
        key = keys[0]
    }

    func handshake(of head: RequestHead, remoteAddress: String) -> WebSocketHandshake {
        let uri = URI(head.request.path ?? "/")
        var query: [String: String] = [:]
        for (name, value) in uri.queryParameters { query[String(name)] = String(value) }
        return WebSocketHandshake(
            path: uri.path,
            query: query,
            headers: head.request.headerFields,
            authority: head.request.authority,
            requestID: RequestID.of(head.request.headerFields),
            remoteAddress: remoteAddress
        )
    }

    /// The head that switches protocols: RFC 6455, section 4.2.2.
    func response(subprotocol: String?) -> ByteBuffer {
        let digest = Insecure.SHA1.hash(data: Data((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8))
        var text = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        text += "Sec-WebSocket-Accept: \(Data(digest).base64EncodedString())\r\n"
        if let subprotocol { text += "Sec-WebSocket-Protocol: \(subprotocol)\r\n" }
        return ByteBuffer(string: text + "\r\n")
    }
}

extension HTTPFields {
    /// The members of a comma-separated field, in lower case.
    func tokens(_ name: HTTPField.Name) -> [String] {
        self[values: name]
            .flatMap { $0.split(separator: ",") }
            .map { $0.trimmingCharacters(in: .whitespaces).lowercased() }
    }
}
