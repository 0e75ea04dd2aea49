package import HTTPTypes
package import Hummingbird
import Synchronization

/// The routes of a router, to tell a wrong method from an unknown path: Hummingbird's router answers both alike.
package final class RouteTable: Sendable {
    private let routes = Mutex<[(path: RouterPath, method: HTTPRequest.Method)]>([])

    package init() {}

    /// Learns the routes of a router, once all are added.
    ///
    /// - Parameters:
    ///   - router: the router.
    ///   - hasHead: whether it answers HEAD wherever it answers GET.
    package func learn(_ router: Router<TransportContext>, hasHead: Bool) {
        var all = router.routes.map { (path: $0.path, method: $0.method) }
        if hasHead { all += all.filter { $0.method == .get }.map { (path: $0.path, method: .head) } }
        let known = all
        routes.withLock { $0 = known }
    }

    /// The methods that a path takes, sorted; empty for an unknown path.
    package func methods(of path: String) -> [HTTPRequest.Method] {
        let parts = path.split(separator: "/")
        let fitting = routes.withLock { $0.filter { Self.matches($0.path, parts) } }
        // A path that is spelled out hides those with a place for anything, in the router as well.
        let exact = fitting.filter { $0.path.description == path }
        return Set((exact.isEmpty ? fitting : exact).map(\.method)).sorted { $0.rawValue < $1.rawValue }
    }

    private static func matches(_ path: RouterPath, _ parts: [Substring]) -> Bool {
        for (index, element) in path.enumerated() {
            if element == .recursiveWildcard { return true }
            guard index < parts.count, element ~= parts[index] else { return false }
        }
        return path.count == parts.count
    }
}
