import Foundation

/// Takes out of a text what is of nobody's business: who the user is, and which device this is.
enum Redaction {
    /// - Returns: the text with homes as `~`, hardware addresses and other hosts' addresses as words.
    static func applied(to text: String) -> String {
        var text = text
        text.replace(/\/home\/[^\/\s:;,'"()]+/, with: "~")
        text.replace(/\/root(?=[\/\s:;,'"()]|$)/, with: "~")
        text.replace(/\b(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}\b/, with: "<hardware address>")
        return text.replacing(/\b(?:[0-9]{1,3}\.){3}[0-9]{1,3}\b/) { match in
            let address = String(match.output)
            return address.hasPrefix("127.") || address == "0.0.0.0" ? address : "<address>"
        }
    }
}
