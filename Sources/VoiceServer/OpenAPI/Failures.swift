/// The answers of errors that operations share: each a JSON object of the schema `Error` or, for 422, `Invalid`.
enum Failures {
    /// Response Objects by name, for `components`.
    static let all: [String: JSON] = Dictionary(
        uniqueKeysWithValues: descriptions.map { (name($0.key), response($0.key, $0.value)) }
    )

    /// The reference to one of those described here; the document's tests follow every one.
    static func reference(_ status: Int) -> JSON { ["$ref": "#/components/responses/\(name(status))"] }

    private static func name(_ status: Int) -> String { "Status\(status)" }

    private static func response(_ status: Int, _ description: String) -> JSON {
        let schema = status == 422 ? "Invalid" : "Error"
        let headers = status == 429 || status == 503 ? retry : [:]
        return Operation.answer(description, schema, headers: headers)
    }

    private static let descriptions = [
        400: "The request is malformed.",
        401: "A key is asked for.",
        403: "Pages of this origin may not use the server.",
        406: "No format that the client accepts can be made.",
        408: "The request came too slowly.",
        413: "The body, or what it asks for, is too large.",
        414: "The request's target is too long.",
        415: "The body is of a kind that is not read here.",
        417: "The only expectation served is 100-continue.",
        421: "The server does not go by this name.",
        422: "A value cannot be taken.",
        426: "This is a WebSocket.",
        429: "Too many requests.",
        431: "The request's head is too large.",
        500: "A fault of the server, whose log says more.",
        501: "Nothing here can do this: no model, or no transfer coding but chunked.",
        503: "Not now: models load, the queue is too long, or the server ends.",
        505: "The server speaks HTTP/1.1.",
    ]

    private static let retry: [String: JSON] = [
        "Retry-After": [
            "description": "Seconds after which to try again.", "schema": ["type": "integer", "minimum": 0],
        ]
    ]
}
