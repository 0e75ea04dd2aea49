import HTTPTypes
import Transport

/// The interface description (OpenAPI 3.1.0), made of the routes that are registered.
enum OpenAPIDocument {
    /// What any route may answer before its own work: no key, another's page or name, too much at once, a fault.
    private static let doorStatuses = [401, 403, 421, 429, 500, 503]

    static func document(of routes: [Route], version: String) -> JSON {
        var paths: [String: [String: JSON]] = [:]
        for route in routes {
            let method = route.method.rawValue.lowercased()
            let words = route.path.split { !$0.isLetter && !$0.isNumber }.map(String.init)
            let operation = route.operation.failing(HTTPFailure.headStatuses).failing(Self.doorStatuses)
            paths[route.path, default: [:]][method] = operation.document(id: ([method] + words).joined(separator: "_"))
        }
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "rkvoice",
                "version": .string(version),
                "summary": "Speech recognition and synthesis that runs whole on a small board.",
                "license": ["name": "Apache-2.0", "identifier": "Apache-2.0"],
            ],
            "servers": [["url": "/"]],
            "security": [[:], ["key": []]],
            "tags": .array(tags.map { ["name": .string($0.0), "description": .string($0.1)] }),
            "paths": .object(paths.mapValues { .object($0) }),
            "components": [
                "schemas": .object(Schemas.all),
                "responses": .object(Failures.all),
                "securitySchemes": ["key": ["type": "http", "scheme": "bearer"]],
            ],
        ]
    }

    private static let tags = [
        ("speech", "Text to speech."),
        ("recognition", "Speech to text."),
        ("status", "Whether the server works, and what it can do."),
        ("not offered", "What other servers of the family offer: 501, and the capability that is missing."),
    ]
}
