import NIOCore
import NIOWebSocket

/// What the bytes of a client say.
enum WebSocketEvent {
    case message(WebSocketMessage)
    case ping(ByteBuffer)
    case pong
    /// The code is nil where the frame has none (1005).
    case close(UInt16?)
}

/// From bytes to whole messages: RFC 6455, sections 5 to 8, and the limits. A value: no sockets, no clocks.
struct FrameReader {
    /// Caps on what one message may hold.
    struct Limits {
        /// Bytes of a message.
        var messageBytes: Int
        /// Frames of a message.
        var messageFragments: Int
    }

    /// A data message whose last frame has not come.
    private struct Unfinished {
        let isText: Bool
        var payload = ByteBuffer()
        var fragments = 0
        var validation = UTF8Validation()
    }

    private let limits: Limits
    private var bytes = ByteBuffer()
    private var header: FrameHeader?
    private var consumed = 0
    private var message: Unfinished?

    /// Frames whose head was read since the last call of `takeFrameCount`.
    private var frames = 0

    init(limits: Limits) { self.limits = limits }

    /// Adds bytes of the wire.
    mutating func feed(_ more: ByteBuffer) {
        if bytes.readableBytes == 0 {
            bytes = more
        } else {
            var more = more
            bytes.discardReadBytes()
            bytes.writeBuffer(&more)
        }
    }

    /// Frames begun since the last call.
    mutating func takeFrameCount() -> Int {
        defer { frames = 0 }
        return frames
    }

    /// The next event that the bytes so far hold. After an error there is nothing more to read.
    ///
    /// - Throws: the code to close with, as soon as the bytes tell.
    mutating func next() throws(WebSocketViolation) -> WebSocketEvent? {
        while true {
            if header == nil {
                guard let read = try FrameHeader.read(from: &bytes) else { return nil }
                frames += 1
                if !read.opcode.isControl { try begin(read) }
                header = read
                consumed = 0
            }
            guard let header else { return nil }
            if header.opcode.isControl {
                guard let payload = controlPayload(of: header) else { return nil }
                self.header = nil
                return try control(header.opcode, payload)
            }
            try consume(header)
            guard consumed == header.length else { return nil }
            self.header = nil
            if header.isFinal { return try finish() }
        }
    }

    private mutating func begin(_ header: FrameHeader) throws(WebSocketViolation) {
        if header.opcode == .continuation {
            guard message != nil else { throw .protocolError("a continuation continues nothing") }
        } else {
            guard message == nil else { throw .protocolError("a message begins within another") }
            message = Unfinished(isText: header.opcode == .text)
        }
        message?.fragments += 1
        guard let message else { return }
        guard header.length <= limits.messageBytes - message.payload.readableBytes else {
            throw .init(code: 1009, reason: "a message may have \(limits.messageBytes) bytes")
        }
        guard message.fragments <= limits.messageFragments else {
            throw .init(code: 1009, reason: "a message may have \(limits.messageFragments) fragments")
        }
    }

    private mutating func consume(_ header: FrameHeader) throws(WebSocketViolation) {
        let count = min(header.length - consumed, bytes.readableBytes)
        guard count > 0, var slice = bytes.readSlice(length: count) else { return }
        slice.webSocketUnmask(header.mask, indexOffset: consumed % 4)
        consumed += count
        if message?.isText == true, message?.validation.accepts(slice.readableBytesView) == false {
            throw .init(code: 1007, reason: "text is not UTF-8")
        }
        if message?.payload.readableBytes == 0, consumed == header.length {
            message?.payload = slice
        } else {
            message?.payload.writeBuffer(&slice)
        }
    }

    private mutating func finish() throws(WebSocketViolation) -> WebSocketEvent? {
        guard let whole = message else { return nil }
        message = nil
        guard whole.isText else { return .message(.binary(whole.payload)) }
        guard whole.validation.isComplete else { throw .init(code: 1007, reason: "text is not UTF-8") }
        return .message(.text(String(buffer: whole.payload)))
    }

    private mutating func controlPayload(of header: FrameHeader) -> ByteBuffer? {
        guard var payload = bytes.readSlice(length: header.length) else { return nil }
        payload.webSocketUnmask(header.mask)
        return payload
    }

    private func control(_ opcode: Opcode, _ payload: ByteBuffer) throws(WebSocketViolation) -> WebSocketEvent {
        switch opcode {
        case .ping: return .ping(payload)
        case .pong: return .pong
        default: return .close(try CloseCode.read(payload))
        }
    }
}
