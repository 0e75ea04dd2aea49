/// A `multipart/form-data` body, right or wrong as a test wants it.
struct FormBody: Sendable {
    enum Part: Sendable {
        case file(String, [UInt8])
        case field(String, String)
        /// Head lines without the empty one, and bytes.
        case raw(String, [UInt8])
    }

    let boundary = "simple boundary:7"
    var bytes: [UInt8]

    var type: String { "multipart/form-data; boundary=\"\(boundary)\"" }

    /// Exactly these characters.
    init(bytes: String) { self.bytes = Array(bytes.utf8) }

    init(_ parts: [Part], preamble: String = "", ending: String = "--\r\n") {
        bytes = Array(preamble.utf8)
        for part in parts {
            bytes += "--\(boundary)\r\n".utf8
            switch part {
            case .file(let name, let content):
                bytes += "Content-Disposition: form-data; name=\"\(name)\"; filename=\"a.wav\"\r\n".utf8
                bytes += "Content-Type: audio/wav\r\n\r\n".utf8
                bytes += content
            case .field(let name, let value):
                bytes += "Content-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)".utf8
            case .raw(let head, let content):
                bytes += "\(head)\r\n\r\n".utf8
                bytes += content
            }
            bytes += "\r\n".utf8
        }
        bytes += "--\(boundary)\(ending)".utf8
    }
}
