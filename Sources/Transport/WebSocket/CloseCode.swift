import NIOCore

/// Close codes on the wire: RFC 6455, section 7.4, and the registry it opens.
enum CloseCode {
    /// Whether a close frame may carry the code: 1004 to 1006 and 1015 never stand in a frame, 1016 to 2999 are for
    /// later versions of the protocol.
    static func isValid(_ code: UInt16) -> Bool {
        switch code {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }

    /// Reads the payload of a close frame.
    ///
    /// - Returns: the code, nil where the frame is empty.
    /// - Throws: 1002 for half a code or a forbidden one, 1007 for a reason that is not UTF-8.
    static func read(_ payload: ByteBuffer) throws(WebSocketViolation) -> UInt16? {
        guard payload.readableBytes > 0 else { return nil }
        var payload = payload
        guard let code = payload.readInteger(as: UInt16.self) else {
            throw .protocolError("a close frame has half a code")
        }
        guard isValid(code) else { throw .protocolError("the close code is not for the wire") }
        var validation = UTF8Validation()
        guard validation.accepts(payload.readableBytesView), validation.isComplete else {
            throw .init(code: 1007, reason: "the reason is not UTF-8")
        }
        return code
    }

    /// The payload of a close frame; a reason over 123 bytes is cut between characters (5.5: 125 bytes in all).
    static func payload(_ code: UInt16?, _ reason: String) -> ByteBuffer {
        guard let code else { return ByteBuffer() }
        var payload = ByteBuffer(integer: code)
        var text = ""
        for character in reason.unicodeScalars {
            guard text.utf8.count + String(character).utf8.count <= 123 else { break }
            text.unicodeScalars.append(character)
        }
        payload.writeString(text)
        return payload
    }
}
