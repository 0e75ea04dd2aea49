import HTTPTypes
import Hummingbird
import Telemetry
import Testing
import Transport
import VoiceServer

@Suite struct OpenAPITests {
    private func document() async throws -> JSON {
        let answer = try await Harness().run { try await $0.get("/openapi.json") }
        #expect(answer.status == 200)
        #expect(answer["Content-Type"] == "application/json; charset=utf-8")
        return answer.json
    }

    /// `METHOD path` of every operation in the document.
    private func operations(of document: JSON) -> Set<String> {
        guard case .object(let paths) = document["paths"] ?? .null else { return [] }
        var operations: Set<String> = []
        for (path, item) in paths {
            guard case .object(let methods) = item else { continue }
            for method in methods.keys { operations.insert("\(method.uppercased()) \(path)") }
        }
        return operations
    }

    @Test func describesExactlyTheRoutesThatAreRegistered() async throws {
        let router = Router(context: TransportContext.self)
        let harness = Harness()
        harness.service().service.addRoutes(to: router)
        MetricsRoute.add(to: router, registry: harness.registry)
        let registered = Set(router.routes.map { "\($0.method.rawValue) \($0.path)" })
        let described = operations(of: try await document())
        #expect(described == registered)
        #expect(described.count >= 28)
        for route in [
            "POST /tts", "POST /tts/stream", "OPTIONS /tts/stream", "POST /asr", "GET /health", "GET /readyz",
        ] {
            #expect(described.contains(route))
        }
    }

    @Test func everyReferenceLeadsSomewhere() async throws {
        let document = try await document()
        #expect(document["openapi"] == "3.1.0")
        var references: Set<String> = []
        func walk(_ value: JSON) {
            switch value {
            case .object(let members):
                if case .string(let target) = members["$ref"] ?? .null { references.insert(target) }
                members.values.forEach(walk)
            case .array(let elements): elements.forEach(walk)
            default: break
            }
        }
        walk(document)
        #expect(!references.isEmpty)
        for reference in references {
            let target = reference.split(separator: "/").dropFirst().reduce(document as JSON?) { $0?[String($1)] }
            #expect(target != nil, "\(reference)")
        }
    }

    @Test func everyOperationTellsWhatAnyRequestMayMeet() async throws {
        let document = try await document()
        let operations = document["paths"]?.values.flatMap(\.values) ?? []
        #expect(operations.count >= 28)
        for operation in operations {
            for status in HTTPFailure.headStatuses + [401, 403, 421, 429, 500, 503] {
                #expect(
                    operation["responses"]?[String(status)] != nil,
                    "\(status) of \(operation["operationId"] ?? .null)"
                )
            }
        }
        for response in document["components"]?["responses"]?.values ?? [] {
            guard case .string(let description) = response["description"] ?? .null else {
                Issue.record("no description: \(response)")
                continue
            }
            #expect(description.hasSuffix("."))
        }
    }

    @Test func everyAnswerThatTheTestsSeeIsDescribed() async throws {
        let document = try await document()
        for status in ["200", "400", "401", "406", "413", "415", "422", "429", "500", "501", "503"] {
            #expect(document["paths"]?["/tts"]?["post"]?["responses"]?[status] != nil, "\(status)")
        }
        #expect(document["paths"]?["/tts/clone"]?["post"]?["responses"]?["501"] != nil)
        #expect(document["paths"]?["/livez"]?["get"]?["security"] == [])
    }
}

extension JSON {
    /// The members' values; none of what is no object.
    fileprivate var values: [JSON] {
        guard case .object(let members) = self else { return [] }
        return Array(members.values)
    }
}
