package import HTTPTypes

/// Names of headers that HTTPTypes does not know.
extension HTTPField.Name {
    /// Names a request in answers and logs.
    package static let requestID = literal("X-Request-ID")
    /// An API key, for clients that cannot set `Authorization`.
    package static let apiKey = literal("X-API-Key")
    /// Which board's NPU was simulated for an answer; absent where none was.
    package static let simulated = literal("X-Simulated")
    /// What a browser may send where it comes from (W3C Referrer Policy).
    static let referrerPolicy = literal("Referrer-Policy")

    /// A name written in the sources.
    private static func literal(_ text: StaticString) -> HTTPField.Name {
        guard let name = HTTPField.Name("\(text)") else { preconditionFailure("\(text) is no name of a header") }
        return name
    }
}
