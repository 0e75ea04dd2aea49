import Foundation

/// Takes out of a text what is of nobody's business: who the user is, and which device this is.
struct Redaction: Sendable {
    /// Where this user's files are, when that is no place that everybody has.
    private let home: String?

    /// - Parameter home: where the user's files are; nil when that is not known.
    init(home: String?) {
        // "/" and "/root" are the same on every machine.
        self.home = home.flatMap { $0.split(separator: "/").count > 1 ? $0 : nil }
    }

    func applied(to finding: Finding) -> Finding {
        finding.with(message: applied(to: finding.message), fix: finding.fix.map(applied(to:)))
    }

    /// - Returns: the text with homes as `~`, hardware addresses and other hosts' addresses as words.
    func applied(to text: String) -> String {
        var text = home.map { text.replacing($0, with: "~") } ?? text
        text.replace(/\/home\/[^\/\s:;,'"()]+/, with: "~")
        text.replace(/\/root(?=[\/\s:;,'"()]|$)/, with: "~")
        text.replace(/\b(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}\b/, with: "<hardware address>")
        text.replace(/\b(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}\b/, with: "<address>")
        text.replace(/\b[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{1,4})*::(?:[0-9A-Fa-f:]*[0-9A-Fa-f])?/, with: "<address>")
        return text.replacing(/\b(?:[0-9]{1,3}\.){3}[0-9]{1,3}\b/) { match in
            let address = String(match.output)
            return address.hasPrefix("127.") || address == "0.0.0.0" ? address : "<address>"
        }
    }
}
