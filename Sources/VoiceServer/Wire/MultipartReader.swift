import HTTPTypes
package import Transport

/// One part of a form.
package struct FormPart: Sendable, Equatable {
    /// The field's name. The name of a file is not kept: nothing here ever uses it.
    package var name: String
    package var bytes: [UInt8] = []

    package init(name: String, bytes: [UInt8] = []) {
        self.name = name
        self.bytes = bytes
    }
}

/// Reads `multipart/form-data` (RFC 7578, over RFC 2046, 5.1) as it arrives.
///
/// What is held is the sound parts, and of the rest no more than one boundary or one part's head. Lines end in CRLF and
/// nothing else: sound may hold any other byte.
package struct MultipartReader {
    private enum Stage {
        /// Before the first boundary; what stands there is dropped.
        case preamble
        /// After a boundary, in the rest of its line.
        case boundary
        case head
        case body
        /// After the last boundary; what stands there is dropped.
        case epilogue
    }

    static let partLimit = 32
    static let headLimit = 8192

    private let delimiter: [UInt8]
    private var stage = Stage.preamble
    /// Bytes that were not understood yet, from `start` on.
    private var waiting: [UInt8] = [0x0D, 0x0A]
    private var start = 0
    private var parts: [FormPart] = []
    /// The part being read. Not a payload of `stage`: its bytes must have one owner while they grow.
    private var open = FormPart(name: "")

    package init(_ boundary: MultipartBoundary) {
        delimiter = [0x0D, 0x0A] + boundary.marker
    }

    /// Takes the next bytes of the body.
    /// - Throws: 400 `invalid_multipart`, 415 `unsupported_media_type`.
    package mutating func append(_ bytes: some Sequence<UInt8>) throws(HTTPFailure) {
        if case .epilogue = stage { return }
        waiting += bytes
        while try step() {}
        waiting.removeFirst(start)
        start = 0
    }

    /// The parts in their order.
    /// - Throws: 400 `invalid_multipart` when the body ended before its last boundary.
    package mutating func finish() throws(HTTPFailure) -> [FormPart] {
        // The last boundary needs no line end after it.
        if case .boundary = stage, waiting[start...].elementsEqual([0x2D, 0x2D]) { stage = .epilogue }
        guard case .epilogue = stage else { throw .multipart("it ends before its last boundary") }
        return parts
    }

    /// Goes on by one stage; false when that takes more bytes.
    private mutating func step() throws(HTTPFailure) -> Bool {
        switch stage {
        case .epilogue:
            start = waiting.count
            return false
        case .preamble:
            guard let end = skipToDelimiter() else { return false }
            start = end
            stage = .boundary
            return true
        case .boundary: return try endBoundary()
        case .head: return try readHead()
        case .body: return readBody()
        }
    }

    /// Drops bytes up to a delimiter, and returns where that ends.
    private mutating func skipToDelimiter() -> Int? {
        if let found = find(delimiter, from: start) { return found + delimiter.count }
        start = max(start, waiting.count - delimiter.count + 1)
        return nil
    }

    /// `--` for the last one; else blanks and a line end.
    private mutating func endBoundary() throws(HTTPFailure) -> Bool {
        let rest = waiting[start...]
        guard rest.count >= 2 else { return false }
        if rest.starts(with: [0x2D, 0x2D]) {
            stage = .epilogue
            return true
        }
        let blanks = rest.prefix { $0 == 0x20 || $0 == 0x09 }.count
        guard blanks <= 64 else { throw .multipart("a boundary is followed by too many blanks") }
        let end = rest.dropFirst(blanks)
        guard end.count >= 2 else { return false }
        guard end.starts(with: [0x0D, 0x0A]) else { throw .multipart("a boundary's line does not end in CRLF") }
        guard parts.count < Self.partLimit else { throw .multipart("it has more than \(Self.partLimit) parts") }
        // The line end stays: it begins the empty line of a part without a head.
        start = end.startIndex
        stage = .head
        return true
    }

    private mutating func readHead() throws(HTTPFailure) -> Bool {
        guard let end = find([0x0D, 0x0A, 0x0D, 0x0A], from: start) else {
            guard waiting.count - start <= Self.headLimit else { throw .multipart("the head of a part is too long") }
            return false
        }
        guard end - start <= Self.headLimit else { throw .multipart("the head of a part is too long") }
        let head = String(decoding: waiting[start..<end], as: UTF8.self)
        // The last line end of the head is the first of an empty body's delimiter.
        start = end + 2
        open = FormPart(name: try PartHead(head).name)
        stage = .body
        return true
    }

    private mutating func readBody() -> Bool {
        guard let end = find(delimiter, from: start) else {
            let safe = max(start, waiting.count - delimiter.count + 1)
            open.bytes += waiting[start..<safe]
            start = safe
            return false
        }
        open.bytes += waiting[start..<end]
        // The line end after the head is none of the body's.
        open.bytes.removeFirst(min(2, open.bytes.count))
        parts.append(open)
        open = FormPart(name: "")
        start = end + delimiter.count
        stage = .boundary
        return true
    }

    /// Where a pattern that begins with CR stands in the bytes that wait.
    private func find(_ pattern: [UInt8], from first: Int) -> Int? {
        var position = first
        while let found = waiting[position...].firstIndex(of: 0x0D) {
            if waiting[found...].starts(with: pattern) { return found }
            position = found + 1
        }
        return nil
    }
}

/// The fields before a part's bytes (RFC 7578, 4.2, 4.4 and 4.7).
private struct PartHead {
    var name: String

    init(_ text: String) throws(HTTPFailure) {
        var disposition: HeaderValue?
        for line in text.split(separator: "\r\n") {
            guard let colon = line.firstIndex(of: ":") else { throw .multipart("a line of a part's head has no colon") }
            let value = HeaderValue(String(line[line.index(after: colon)...]))
            switch line[..<colon].lowercased() {
            case "content-disposition": disposition = value
            case "content-type" where value.name.hasPrefix("multipart/"):
                throw .multipart("a part is a multipart body itself; send one file in one field")
            case "content-transfer-encoding" where !["", "binary", "8bit", "7bit"].contains(value.name):
                let message = "a part is encoded as \(value.name.prefix(40)); send its bytes as they are"
                throw HTTPFailure(.unsupportedMediaType, "unsupported_media_type", message)
            default: break
            }
        }
        guard let disposition, disposition.name == "form-data" else {
            throw .multipart("a part has no Content-Disposition: form-data")
        }
        guard let name = disposition.parameters["name"], !name.isEmpty else { throw .multipart("a part has no name") }
        self.name = name
    }
}
