/// A name and perhaps a port, as in `Host` (RFC 9110, 7.2) or after the scheme of an origin.
struct HostName: Sendable, Hashable {
    /// In lower case, without the brackets of IPv6 and without a dot at the end.
    var name: String
    var port: Int?

    /// - Parameter text: such as `localhost:8621`, `[::1]`; nil for what is no name with a port.
    init?(_ text: String) {
        var name = Substring(text)
        var port: Substring?
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return nil }
            name = text[text.index(after: text.startIndex)..<end]
            let rest = text[text.index(after: end)...]
            guard rest.isEmpty || rest.hasPrefix(":") else { return nil }
            port = rest.isEmpty ? nil : rest.dropFirst()
        } else if let colon = text.lastIndex(of: ":") {
            // An address of IPv6 without brackets has several colons and no port.
            if text.firstIndex(of: ":") == colon {
                name = text[..<colon]
                port = text[text.index(after: colon)...]
            }
        }
        if name.hasSuffix(".") { name = name.dropLast() }
        guard !name.isEmpty, !name.contains(where: { "/@ \t,".contains($0) }) else { return nil }
        self.name = name.lowercased()
        guard let port else { return }
        guard let number = UInt16(port) else { return nil }
        self.port = Int(number)
    }

    /// Whether it can only be this machine: `localhost`, 127.0.0.0/8, ::1.
    ///
    /// A name that merely begins with 127 is not.
    var isLoopback: Bool {
        if name == "localhost" || name == "::1" { return true }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    /// The address without the port out of a socket's description, such as `[IPv4]192.0.2.7:51234` or `[::1]:51234`.
    static func address(_ description: String) -> String {
        var text = Substring(description)
        for family in ["[IPv4]", "[IPv6]"] where text.hasPrefix(family) { text = text.dropFirst(family.count) }
        if let slash = text.lastIndex(of: "/") { text = text[text.index(after: slash)...] }
        if let colon = text.lastIndex(of: ":"), UInt16(text[text.index(after: colon)...]) != nil {
            text = text[..<colon]
        }
        if text.hasPrefix("["), text.hasSuffix("]") { text = text.dropFirst().dropLast() }
        return text.isEmpty ? "unknown" : String(text)
    }
}
