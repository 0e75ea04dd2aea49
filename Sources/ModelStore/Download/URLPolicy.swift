import Foundation

/// Which URLs may be fetched, and how a mirror changes them.
enum URLPolicy {
    /// The address to fetch: the mirror's scheme, host, port and path prefix in place of the original host.
    ///
    /// - Throws: ``StoreError/Code/invalidRequest`` when it is neither https nor http to this machine.
    static func resolve(_ url: String, mirror: String?) throws(StoreError) -> URL {
        let original = try parse(url, name: "the source")
        guard let mirror, !mirror.isEmpty else { return original }
        let base = try parse(mirror, name: "the mirror")
        guard var parts = URLComponents(url: base, resolvingAgainstBaseURL: false),
            let source = URLComponents(url: original, resolvingAgainstBaseURL: false)
        else { throw fault(mirror, name: "the mirror") }
        let prefix =
            parts.percentEncodedPath.hasSuffix("/")
            ? String(parts.percentEncodedPath.dropLast()) : parts.percentEncodedPath
        parts.percentEncodedPath = prefix + source.percentEncodedPath
        parts.percentEncodedQuery = source.percentEncodedQuery
        guard let result = parts.url else { throw fault(mirror, name: "the mirror") }
        return result
    }

    /// True for addresses of this machine, where plain http cannot be overheard.
    static func isLoopback(_ url: URL) -> Bool {
        guard let host = url.host else { return false }
        return host == "localhost" || host == "::1"
            || host.hasPrefix("127.") && host.allSatisfy { $0.isNumber || $0 == "." }
    }

    /// The address without user name and password, for messages.
    static func presentable(_ url: URL) -> String {
        ProcessLog.presentable(url.absoluteString)
    }

    private static func parse(_ text: String, name: String) throws(StoreError) -> URL {
        guard let url = URL(string: text), let host = url.host, !host.isEmpty else { throw fault(text, name: name) }
        guard url.scheme == "https" || (url.scheme == "http" && isLoopback(url)) else { throw fault(text, name: name) }
        return url
    }

    private static func fault(_ text: String, name: String) -> StoreError {
        let shown = ProcessLog.presentable(text)
        return StoreError(
            .invalidRequest,
            "\(name) '\(shown)' must be an https:// address (http:// only to this machine)"
        )
    }
}
