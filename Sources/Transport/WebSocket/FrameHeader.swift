import NIOCore
import NIOWebSocket

/// Opcodes of RFC 6455, section 5.2.
enum Opcode: UInt8 {
    case continuation = 0x0
    case text = 0x1
    case binary = 0x2
    case close = 0x8
    case ping = 0x9
    case pong = 0xA

    var isControl: Bool { rawValue & 0x8 != 0 }
}

/// What a peer did against RFC 6455 or against a limit; the close code says which.
struct WebSocketViolation: Error, Hashable {
    /// 1002, 1007, 1008 or 1009.
    let code: UInt16
    /// For a person, at most 123 bytes.
    let reason: String

    static func protocolError(_ reason: String) -> Self { .init(code: 1002, reason: reason) }
}

/// The head of a frame from a client: RFC 6455, section 5.2.
struct FrameHeader {
    let isFinal: Bool
    let opcode: Opcode
    /// Bytes of payload.
    let length: Int
    let mask: WebSocketMaskingKey

    /// Reads a head, as soon as it is whole, off the front of the bytes. What is wrong is told by the first two bytes.
    ///
    /// - Throws: 1002 for reserved bits and opcodes, a missing mask, a control frame that is long or in fragments, and
    ///   a length that is not written in the shortest form.
    static func read(from bytes: inout ByteBuffer) throws(WebSocketViolation) -> FrameHeader? {
        guard
            let first = bytes.getInteger(at: bytes.readerIndex, as: UInt8.self),
            let second = bytes.getInteger(at: bytes.readerIndex + 1, as: UInt8.self)
        else { return nil }
        guard first & 0x70 == 0 else { throw .protocolError("a reserved bit is set") }
        guard let opcode = Opcode(rawValue: first & 0x0F) else { throw .protocolError("the opcode is reserved") }
        guard second & 0x80 != 0 else { throw .protocolError("a frame of the client is not masked") }
        let isFinal = first & 0x80 != 0
        let short = second & 0x7F
        if opcode.isControl {
            guard isFinal else { throw .protocolError("a control frame is fragmented") }
            guard short <= 125 else { throw .protocolError("a control frame is longer than 125 bytes") }
        }
        let lengthBytes = short == 127 ? 8 : short == 126 ? 2 : 0
        guard
            let length = try longLength(bytes, count: lengthBytes, short: short),
            let mask = bytes.getBytes(at: bytes.readerIndex + 2 + lengthBytes, length: 4).flatMap(
                WebSocketMaskingKey.init
            )
        else { return nil }
        bytes.moveReaderIndex(forwardBy: 6 + lengthBytes)
        return FrameHeader(isFinal: isFinal, opcode: opcode, length: length, mask: mask)
    }

    private static func longLength(
        _ bytes: ByteBuffer,
        count: Int,
        short: UInt8
    ) throws(WebSocketViolation) -> Int? {
        let start = bytes.readerIndex + 2
        switch count {
        case 0: return Int(short)
        case 2:
            guard let length = bytes.getInteger(at: start, as: UInt16.self) else { return nil }
            guard length > 125 else { throw .protocolError("a length is not in its shortest form") }
            return Int(length)
        default:
            guard let length = bytes.getInteger(at: start, as: UInt64.self) else { return nil }
            guard length >> 63 == 0 else { throw .protocolError("a length has its highest bit set") }
            guard length > 0xFFFF else { throw .protocolError("a length is not in its shortest form") }
            return Int(length)
        }
    }
}
