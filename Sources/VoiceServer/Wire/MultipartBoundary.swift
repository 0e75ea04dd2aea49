import HTTPTypes
package import Transport

/// The line that separates the parts of a body (RFC 2046, 5.1.1).
package struct MultipartBoundary {
    /// `--` and the boundary.
    let marker: [UInt8]

    /// - Parameter contentType: `multipart/form-data; boundary=...`
    /// - Throws: 400 `invalid_multipart` where there is no boundary, or one that RFC 2046 does not allow.
    package init(_ contentType: HeaderValue) throws(HTTPFailure) {
        guard let text = contentType.parameters["boundary"], !text.isEmpty else {
            throw .multipart("Content-Type names no boundary")
        }
        guard text.utf8.count <= 70 else { throw .multipart("the boundary is longer than 70 characters") }
        let marks = Set("'()+_,-./:=? ".utf8)
        let isAllowed = text.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || marks.contains(byte)
        }
        guard isAllowed, text.last != " " else {
            throw .multipart("the boundary holds characters that no boundary may hold")
        }
        marker = Array("--\(text)".utf8)
    }
}

extension HTTPFailure {
    /// A body that is no well-formed `multipart/form-data`.
    static func multipart(_ message: String) -> HTTPFailure {
        HTTPFailure(.badRequest, "invalid_multipart", "the multipart body is damaged: \(message)")
    }
}
