/// What the interface description says of one route (OpenAPI 3.1, Operation Object).
struct Operation: Sendable {
    /// One line.
    var summary: String
    /// Under which heading it stands.
    var tag: String
    /// Parameter Objects.
    var parameters: [JSON] = []
    /// Schemas of the body by media type; none where there is no body.
    var body: [String: JSON] = [:]
    /// Response Objects by status.
    var responses: [Int: JSON]
    /// Whether a key is asked for where the server has keys.
    var needsKey = true

    init(_ summary: String, tag: String, responses: [Int: JSON]) {
        self.summary = summary
        self.tag = tag
        self.responses = responses
    }

    /// The operation with answers of errors added, each one of ``Failures``.
    func failing(_ statuses: Int...) -> Operation { failing(statuses) }

    /// The operation with answers of errors added, each one of ``Failures``.
    func failing(_ statuses: [Int]) -> Operation {
        var operation = self
        for status in statuses where operation.responses[status] == nil {
            operation.responses[status] = Failures.reference(status)
        }
        return operation
    }

    /// The operation with parameters added.
    func taking(_ parameters: JSON...) -> Operation {
        var operation = self
        operation.parameters += parameters
        return operation
    }

    /// The operation with a body.
    func reading(_ body: [String: JSON]) -> Operation {
        var operation = self
        operation.body = body
        return operation
    }

    /// The operation open to everyone.
    var open: Operation {
        var operation = self
        operation.needsKey = false
        return operation
    }

    /// A JSON answer with a named schema.
    static func answer(_ description: String, _ schema: String, headers: [String: JSON] = [:]) -> JSON {
        var response: [String: JSON] = [
            "description": .string(description),
            "content": ["application/json": ["schema": reference(schema)]],
        ]
        if !headers.isEmpty { response["headers"] = .object(headers) }
        return .object(response)
    }

    static func reference(_ schema: String) -> JSON { ["$ref": "#/components/schemas/\(schema)"] }

    /// The Operation Object.
    func document(id: String) -> JSON {
        var members: [String: JSON] = [
            "operationId": .string(id),
            "summary": .string(summary),
            "tags": [.string(tag)],
            "responses": .object(Dictionary(uniqueKeysWithValues: responses.map { (String($0.key), $0.value) })),
        ]
        if !parameters.isEmpty { members["parameters"] = .array(parameters) }
        if !body.isEmpty {
            members["requestBody"] = ["required": true, "content": .object(body.mapValues { ["schema": $0] })]
        }
        if !needsKey { members["security"] = [] }
        return .object(members)
    }
}
