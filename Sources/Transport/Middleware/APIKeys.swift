import Crypto
package import HTTPTypes
import Synchronization

/// The keys that clients may present.
///
/// A key comes as `Authorization: Bearer`, as `X-API-Key`, or, where a browser opens a WebSocket and can set no
/// header, as `?token=`. Keys are compared as SHA-256 digests, all of them and to the last byte, so that the time taken
/// tells nothing. They are never logged.
package struct APIKeys: Sendable {
    private let isOpen: Bool
    private let digests: [[UInt8]]

    /// What came of a check.
    package enum Verdict: Sendable, Hashable {
        /// No key is asked for.
        case open
        /// The key is known: who it is, as the beginning of its digest.
        case known(client: String)
        /// There is no key, or a wrong one.
        case refused
    }

    /// - Parameter keys: none means that no key is asked for. An empty key opens nothing.
    package init(_ keys: [String]) {
        isOpen = keys.isEmpty
        digests = keys.filter { !$0.isEmpty }.map(Self.digest)
    }

    /// Checks the key of a request.
    ///
    /// - Parameters:
    ///   - headers: the headers.
    ///   - query: parameters of a WebSocket's address; for HTTP leave it empty, because addresses end up in logs.
    /// - Returns: what came of it.
    package func check(headers: HTTPFields, query: [String: String] = [:]) -> Verdict {
        if isOpen { return .open }
        guard let key = Self.presented(headers, query) else { return .refused }
        let digest = Self.digest(key)
        var isKnown = false
        for known in digests {
            // Every byte of every key, whatever came before.
            let difference = zip(known, digest).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) }
            isKnown = (difference == 0) || isKnown
        }
        return isKnown ? .known(client: "key:" + Hexadecimal.digits(digest.prefix(4))) : .refused
    }

    private static func presented(_ headers: HTTPFields, _ query: [String: String]) -> String? {
        if let authorization = headers[.authorization] {
            let words = authorization.split(separator: " ", maxSplits: 1)
            // RFC 9110, 11.1: the scheme is case-insensitive.
            if words.count == 2, words[0].lowercased() == "bearer" {
                return words[1].trimmingPrefix { $0 == " " }.description
            }
        }
        return headers[.apiKey] ?? query["token"]
    }

    private static func digest(_ key: String) -> [UInt8] { Array(SHA256.hash(data: Array(key.utf8))) }
}

/// The keys of the configuration in force, digested once.
final class LiveAPIKeys: Sendable {
    private let cache = Mutex<(keys: [String], digested: APIKeys)?>(nil)

    /// The digests of these keys.
    func keys(_ keys: [String]) -> APIKeys {
        cache.withLock { cache in
            if let cache, cache.keys == keys { return cache.digested }
            let digested = APIKeys(keys)
            cache = (keys, digested)
            return digested
        }
    }
}
