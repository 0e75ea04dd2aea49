/// Stands in for the room of the same name, so that the readers of the wire are built without its dependencies.
package struct HTTPFailure: Error {
    package enum Status: Sendable { case badRequest, unsupportedMediaType, unprocessableContent, contentTooLarge }

    package var status: Status
    package var code: String
    package var message: String

    package init(_ status: Status, _ code: String, _ message: String) {
        self.status = status
        self.code = code
        self.message = message
    }
}
