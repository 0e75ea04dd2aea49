import Foundation

/// Where a server listens.
struct ServerAddress: Sendable, Equatable {
    let host: String
    let port: Int

    /// What stands in the header `Host` (RFC 9110, section 7.2).
    var authority: String { "\(host.contains(":") ? "[\(host)]" : host):\(port)" }

    /// As one writes it.
    var url: String { "http://\(authority)" }

    /// A port of this machine.
    /// - Parameter port: of the loopback address.
    init(port: Int) {
        host = "127.0.0.1"
        self.port = port
    }

    /// - Parameter text: `http://HOST[:PORT]`, as a person writes it.
    /// - Throws: ``CommandError`` saying what is wrong with it.
    init(_ text: String) throws(CommandError) {
        let shape = "--url is http://HOST:PORT, such as http://board:8621"
        guard let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased() else {
            throw CommandError(.usage, "\"\(text)\" is no address; \(shape)")
        }
        guard scheme == "http" else {
            throw CommandError(.usage, "\(scheme) cannot be measured here, only http; \(shape)")
        }
        let host = (parts.host ?? "").trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
        guard !host.isEmpty else { throw CommandError(.usage, "\"\(text)\" names no host; \(shape)") }
        guard parts.user == nil, parts.query == nil, parts.fragment == nil, ["", "/"].contains(parts.path) else {
            throw CommandError(.usage, "\"\(text)\" is more than a host and a port; \(shape)")
        }
        let port = parts.port ?? 80
        guard (1...65_535).contains(port) else { throw CommandError(.usage, "port \(port) is none; \(shape)") }
        (self.host, self.port) = (host, port)
    }

    /// Why it could not be reached, in the words of the system.
    /// - Parameter code: `errno`.
    /// - Returns: such as `Connection refused`.
    static func reason(_ code: Int32) -> String {
        let told = NSError(domain: NSPOSIXErrorDomain, code: Int(code)).localizedDescription
        // The first sentence says no more than that something failed.
        return told.range(of: ". ").map { String(told[$0.upperBound...]) } ?? told
    }
}
