import HTTPTypes
import Hummingbird
import Transport

/// One thing the server answers, with all that is said about it.
struct Route: Sendable {
    typealias Answer = @Sendable (Request, TransportContext) async throws -> Response

    let method: HTTPRequest.Method
    let path: String
    /// How the interface description tells it.
    let operation: Operation
    let answer: Answer

    init(_ method: HTTPRequest.Method, _ path: String, _ operation: Operation, answer: @escaping Answer) {
        self.method = method
        self.path = path
        self.operation = operation
        self.answer = answer
    }
}

/// Every route: what is registered and what `/openapi.json` says come from here, so neither can lack the other's.
struct RouteTable: Sendable {
    private(set) var routes: [Route]

    init(_ routes: [Route]) { self.routes = routes }

    /// Methods that clients send; for those that a path does not have, the answer is 405 (RFC 9110, 15.5.6).
    private static let methods: [HTTPRequest.Method] = [
        .get, .head, .post, .put, .patch, .delete, .options, .trace, .connect,
    ]

    /// Registers the routes; each `GET` answers `HEAD`, and each path answers `OPTIONS` and every wrong method.
    func add(to router: Router<TransportContext>) {
        for (path, routes) in Dictionary(grouping: routes, by: \.path) {
            var known: Set<HTTPRequest.Method> = []
            for route in routes {
                router.on(RouterPath(path), method: route.method, use: route.answer)
                known.insert(route.method)
                if route.method == .get {
                    router.head(RouterPath(path)) { try await route.answer($0, $1).createHeadResponse() }
                    known.insert(.head)
                }
            }
            addTheRest(of: path, known: known, to: router)
        }
    }

    private func addTheRest(of path: String, known: Set<HTTPRequest.Method>, to router: Router<TransportContext>) {
        let allow = known.union([.options]).map(\.rawValue).sorted().joined(separator: ", ")
        if !known.contains(.options) {
            router.on(RouterPath(path), method: .options) { _, _ in
                Response(status: .noContent, headers: [.allow: allow])
            }
        }
        for method in Self.methods where !known.contains(method) && method != .options {
            router.on(RouterPath(path), method: method) { _, _ -> Response in
                let message = "\(method.rawValue) is not answered at \(path); use \(allow)"
                let failure = HTTPFailure(.methodNotAllowed, "method_not_allowed", message)
                let body = ResponseBody(byteBuffer: ByteBuffer(bytes: method == .head ? [] : failure.json))
                let type = "application/json; charset=utf-8"
                return Response(status: .methodNotAllowed, headers: [.allow: allow, .contentType: type], body: body)
            }
        }
    }
}
