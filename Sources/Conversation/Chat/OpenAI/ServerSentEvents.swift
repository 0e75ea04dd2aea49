/// Server-sent events out of bytes, cut anywhere (WHATWG HTML, 9.2 "Server-sent events").
///
/// Lines end in LF, CR or CRLF; a byte order mark at the start, comments and unknown fields are skipped; several `data`
/// lines of an event are joined with LF. Bytes that are no UTF-8 become U+FFFD.
package struct ServerSentEvents: Sendable {
    /// One event.
    package struct Event: Sendable, Equatable {
        /// Its kind; empty where none was given.
        package var name: String
        /// What it carries.
        package var data: String

        /// - Parameters:
        ///   - name: its kind.
        ///   - data: what it carries.
        package init(name: String = "", data: String) {
            self.name = name
            self.data = data
        }
    }

    /// An event was longer than the limit.
    package struct TooLong: Error, Sendable, Equatable {}

    private let limit: Int
    private var line: [UInt8] = []
    private var name = ""
    private var data: String?
    private var held = 0
    private var followsReturn = false
    private var isFirstLine = true

    /// - Parameter limit: the most bytes of an event, its unfinished line included.
    package init(limit: Int = 1 << 20) { self.limit = limit }

    /// Takes more bytes.
    /// - Returns: the events that are complete now, in order.
    /// - Throws: ``TooLong``; nothing can be made of the stream then.
    package mutating func append(_ bytes: some Sequence<UInt8>) throws(TooLong) -> [Event] {
        var events: [Event] = []
        for byte in bytes {
            let endsPair = followsReturn && byte == UInt8(ascii: "\n")
            followsReturn = byte == UInt8(ascii: "\r")
            if endsPair { continue }
            if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
                if let event = endLine() { events.append(event) }
            } else {
                line.append(byte)
                guard held + line.count <= limit else { throw TooLong() }
            }
        }
        return events
    }

    /// The stream has ended. The standard throws an unfinished event away; here it is given if its last line is whole,
    /// because there are servers that leave out the empty line behind the last event.
    package mutating func finish() -> Event? {
        line = []
        return endEvent()
    }

    private mutating func endLine() -> Event? {
        defer { line = [] }
        if isFirstLine, line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
        isFirstLine = false
        guard !line.isEmpty else { return endEvent() }
        let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
        var value = line[colon...].dropFirst()
        if value.first == UInt8(ascii: " ") { value.removeFirst() }
        switch String(decoding: line[..<colon], as: UTF8.self) {
        case "data":
            let text = String(decoding: value, as: UTF8.self)
            data = data.map { $0 + "\n" + text } ?? text
            held += line.count + 1
        case "event": name = String(decoding: value, as: UTF8.self)
        default: break
        }
        return nil
    }

    private mutating func endEvent() -> Event? {
        defer { (name, data, held) = ("", nil, 0) }
        return data.map { Event(name: name, data: $0) }
    }
}
