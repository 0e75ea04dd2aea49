import HTTPTypes
import Hummingbird
import Transport

/// One thing the server answers, with all that is said about it.
///
/// What is registered and what `/openapi.json` says are made of the same list, so neither can lack the other's.
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

    /// Registers it. `HEAD`, wrong methods and unknown paths are the router's and its middlewares' business.
    func add(to router: Router<TransportContext>) {
        router.on(RouterPath(path), method: method, use: answer)
    }
}
