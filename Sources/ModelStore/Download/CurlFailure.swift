import Foundation

/// Meaning of curl's exit status (curl(1), EXIT CODES).
struct CurlFailure {
    let status: Int32
    let log: ProcessLog

    /// True when another attempt may succeed: broken transfers, time-outs, server errors.
    var isTransient: Bool {
        switch status {
        case 18, 28, 33, 36, 52, 55, 56, 92: true
        case 22: log.contains(anyOf: ["error: 5", "error: 429"])
        default: false
        }
    }

    func error(_ url: URL) -> StoreError {
        let shown = URLPolicy.presentable(url)
        let cause = "(curl says: \(log.cause))"
        switch status {
        case 1, 47:
            return StoreError(.unavailable, "\(shown) redirects to an address that is not allowed \(cause)")
        case 22:
            return StoreError(.unavailable, "the server refused \(shown); check the address or the mirror \(cause)")
        case 23:
            return StoreError(.inputOutput, "cannot write the download of \(shown): is the disk full? \(cause)")
        case 63:
            return StoreError(.badData, "\(shown) is larger than the catalog says; check the mirror it came from")
        default:
            return StoreError(.unavailable, "cannot download \(shown); check the network and the proxy \(cause)")
        }
    }
}
