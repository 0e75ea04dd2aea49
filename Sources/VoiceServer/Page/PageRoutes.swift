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
        for file in PageFile.all {
            router.get(RouterPath(file.path)) { request, _ in file.answer(to: request) }
        }
    }
}
