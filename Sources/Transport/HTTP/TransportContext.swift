package import Hummingbird
import NIOCore

/// What a request carries through the router.
package struct TransportContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// Names the request in responses, logs and errors: the client's `X-Request-ID` if it is sound, else a new one.
    package var requestID: String
    /// The client's address, such as `127.0.0.1:51234`.
    package var remoteAddress: String
    /// Who the request counts for: a digest of its API key, or its address.
    package var client: String

    package init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        requestID = ""
        remoteAddress = source.channel.remoteAddress.map { "\($0)" } ?? ""
        client = ""
    }
}
