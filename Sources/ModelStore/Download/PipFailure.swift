import Foundation

/// Reads from pip's output why a download failed.
enum PipFailure {
    /// Words of urllib3, requests and OpenSSL for "the index cannot be reached".
    private static let network = [
        "NewConnectionError", "NameResolutionError", "Connection refused", "Network is unreachable",
        "Temporary failure in name resolution", "Name or service not known", "ConnectTimeout", "Read timed out",
        "ReadTimeout", "ProxyError", "SSLError", "Connection broken", "ConnectionResetError", "Max retries exceeded",
        "Connection aborted", "No route to host",
    ]

    static func error(downloading what: String, log: ProcessLog) -> StoreError {
        if log.isDiskFull {
            return StoreError(.inputOutput, "no space left on the disk for \(what); free some and retry")
        }
        if let cause = log.lines.last(where: { ProcessLog(text: $0).contains(anyOf: network) }) {
            return StoreError(
                .unavailable,
                "cannot download \(what): the package index cannot be reached; check the network, the proxy and pip's "
                    + "configuration (pip says: \(essence(of: cause)))"
            )
        }
        if log.contains(anyOf: ["from versions: none"]) {
            return StoreError(
                .unavailable,
                "the package index offers no \(what), or cannot be reached; check the network, PIP_INDEX_URL and "
                    + "pip.conf (pip says: \(log.cause))"
            )
        }
        if log.contains(anyOf: ["No matching distribution", "Could not find a version"]) {
            return StoreError(
                .unavailable,
                "the configured package index has no \(what); check PIP_INDEX_URL and pip.conf "
                    + "(pip says: \(log.cause))"
            )
        }
        return StoreError(.unavailable, "pip could not download \(what): \(log.cause)")
    }

    /// The words of the network error, without the Python objects around them.
    private static func essence(of line: String) -> String {
        guard let start = line.range(of: ">: ", options: .backwards)?.upperBound else {
            return ProcessLog.presentable(line)
        }
        return ProcessLog.presentable(String(line[start...].prefix { $0 != "'" }))
    }
}
