package import Hummingbird
package import Transport

/// The page at `/`, on which anyone can try the server.
///
/// It is for people, so `/openapi.json` does not list it. Its files say nothing about the server and need no key; what
/// they ask the server for does.
package enum PageRoutes {
    /// Adds the page and its files to a router.
    ///
    /// - Parameter router: gets the routes.
    package static func add(to router: Router<TransportContext>) {
        router.get("/") { request, _ in PageFile.page.answer(to: request) }
        // One pattern for all of them: metrics count by pattern.
        router.get("/page/{file}") { request, context in
            guard let name = context.parameters.get("file"), let file = PageFile.parts[name] else {
                throw HTTPFailure(.notFound, "not_found", "the page has no such file")
            }
            return file.answer(to: request)
        }
    }
}
