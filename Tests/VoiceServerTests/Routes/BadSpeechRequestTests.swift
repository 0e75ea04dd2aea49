import HTTPTypes
import Testing
import VoiceConfiguration
import VoiceServer

/// Each wrong request and its exact answer.
@Suite struct BadSpeechRequestTests {
    /// A body, and the status, code and parameter of the answer.
    struct Case: Sendable, CustomTestStringConvertible {
        var body: String
        var status: Int
        var code: String
        var parameter: String?

        init(_ body: String, _ status: Int, _ code: String, _ parameter: String? = nil) {
            self.body = body
            self.status = status
            self.code = code
            self.parameter = parameter
        }

        var testDescription: String { String(body.prefix(60)) }
    }

    static let cases: [Case] = [
        Case(#"{}"#, 422, "invalid_parameter", "text"),
        Case(#"{"text": null}"#, 422, "invalid_parameter", "text"),
        Case(#"{"text": 7}"#, 422, "invalid_parameter", "text"),
        Case(#"{"text": ["one"]}"#, 422, "invalid_parameter", "text"),
        Case(#"{"text": ""}"#, 422, "empty_text", "text"),
        Case(#"{"text": "  \n "}"#, 422, "empty_text", "text"),
        Case(#"{"text": "... !?"}"#, 422, "empty_text", "text"),
        Case(#"{"text": "\u0000\u200b😀"}"#, 422, "empty_text", "text"),
        Case(#"{"text": "one", "speed": 0}"#, 422, "invalid_parameter", "speed"),
        Case(#"{"text": "one", "speed": -1}"#, 422, "invalid_parameter", "speed"),
        Case(#"{"text": "one", "speed": 0.2499}"#, 422, "invalid_parameter", "speed"),
        Case(#"{"text": "one", "speed": 4.01}"#, 422, "invalid_parameter", "speed"),
        Case(#"{"text": "one", "speed": 1e308}"#, 422, "invalid_parameter", "speed"),
        Case(#"{"text": "one", "speed": 1e999}"#, 422, "invalid_parameter", "speed"),
        Case(#"{"text": "one", "speed": NaN}"#, 422, "invalid_parameter", "speed"),
        Case(#"{"text": "one", "speed": Infinity}"#, 422, "invalid_parameter", "speed"),
        Case(#"{"text": "one", "speed": -Infinity}"#, 422, "invalid_parameter", "speed"),
        Case(#"{"text": "one", "speed": "fast"}"#, 422, "invalid_parameter", "speed"),
        Case(#"{"text": "one", "speed": "1"}"#, 422, "invalid_parameter", "speed"),
        Case(#"{"text": "one", "speed": true}"#, 422, "invalid_parameter", "speed"),
        Case(#"{"text": "one", "volume": -1}"#, 422, "invalid_parameter", "volume"),
        Case(#"{"text": "one", "volume": 5}"#, 422, "invalid_parameter", "volume"),
        Case(#"{"text": "one", "pitch": NaN}"#, 422, "invalid_parameter", "pitch"),
        Case(#"{"text": "one", "sid": 3}"#, 422, "invalid_parameter", "sid"),
        Case(#"{"text": "one", "sid": -1}"#, 422, "invalid_parameter", "sid"),
        Case(#"{"text": "one", "sid": 1.5}"#, 422, "invalid_parameter", "sid"),
        Case(#"{"text": "one", "sid": 99999999999999999999999999}"#, 422, "invalid_parameter", "sid"),
        Case(#"{"text": "one", "sid": "1"}"#, 422, "invalid_parameter", "sid"),
        Case(#"{"text": "one", "sid": 0, "voice": "Bob"}"#, 422, "invalid_parameter", "sid"),
        Case(#"{"text": "one", "seed": -1}"#, 422, "invalid_parameter", "seed"),
        Case(#"{"text": "one", "voice": "nobody"}"#, 422, "invalid_parameter", "voice"),
        Case(#"{"text": "one", "voice": 1}"#, 422, "invalid_parameter", "voice"),
        Case(#"{"text": "one", "language": "Klingon"}"#, 422, "invalid_parameter", "language"),
        Case(#"{"text": "one", "language": "fr"}"#, 422, "invalid_parameter", "language"),
        Case(#"{"text": "one", "language": "de", "voice": "Bob"}"#, 422, "invalid_parameter", "language"),
        Case(#"{"text": "one", "latency": "none"}"#, 422, "invalid_parameter", "latency"),
        Case(#"{"text": "one", "format": "aac"}"#, 422, "invalid_parameter", "format"),
        Case(#"{"text": "one", "speaker_embedding_b64": "AAAA"}"#, 501, "not_implemented"),
        Case("", 400, "invalid_json"),
        Case("text=one", 400, "invalid_json"),
        Case(#"{"text": "one""#, 400, "invalid_json"),
        Case(#"{"text": "one"} {}"#, 400, "invalid_json"),
        Case(#"["one"]"#, 400, "invalid_json"),
        Case(#"{"text": "one", "text": "two"}"#, 400, "invalid_json"),
        Case(#"{"text": "one", "speed": 01}"#, 400, "invalid_json"),
        Case(#"{"text": "\ud800"}"#, 400, "invalid_json"),
        Case(String(repeating: "[", count: 100_000), 400, "invalid_json"),
        Case(String(repeating: #"{"a":"#, count: 100_000), 400, "invalid_json"),
    ]

    @Test(arguments: cases)
    func isRefusedWithWhatIsWrong(_ wrong: Case) async throws {
        try await Harness().run { client in
            for path in ["/tts", "/tts/stream"] {
                let answer = try await client.post(path, wrong.body)
                #expect(answer.status == wrong.status, "\(answer.error ?? "")")
                #expect(answer.code == wrong.code)
                #expect(answer.parameter == wrong.parameter)
                #expect(answer.error?.isEmpty == false)
                #expect(answer["Content-Type"] == "application/json; charset=utf-8")
                // What the clients of the replaced system read.
                #expect((answer.json["detail"] != nil) == (wrong.status == 422))
            }
            #expect(try await client.post("/tts", #"{"text": "one"}"#).status == 200, "the next request works")
        }
    }

    @Test func saysWhatIsWrongInTheShapeThatOlderClientsRead() async throws {
        let answer = try await Harness().run { try await $0.post("/tts", #"{"text": "one", "speed": 9}"#) }
        let expected: JSON = [
            "code": "invalid_parameter",
            "detail": [
                ["loc": ["body", "speed"], "msg": "speed is a number from 0.25 to 4", "type": "invalid_parameter"]
            ],
            "error": "speed is a number from 0.25 to 4",
            "parameter": "speed",
        ]
        #expect(answer.json == expected)
    }

    @Test func invalidUTF8IsNoJSON() async throws {
        let body = Array(#"{"text": ""#.utf8) + [0xC3, 0x28] + Array(#""}"#.utf8)
        let answer = try await Harness().run { try await $0.post("/tts", body, type: "application/json") }
        #expect(answer.status == 400)
        #expect(answer.code == "invalid_json")
    }

    @Test func aTextThatIsTooLongIsRefusedWithTheLimit() async throws {
        let million = String(repeating: "word ", count: 200_000)
        try await Harness().run { client in
            let answer = try await client.post("/tts", #"{"text": "\#(million)"}"#)
            #expect(answer.status == 413)
            #expect(answer.code == "text_too_long")
            #expect(answer.error == "text has 1000000 characters; at most 100000 are spoken in one request")
            let larger = try await client.post("/tts", #"{"text": "\#(million)\#(million)"}"#)
            #expect(larger.status == 413)
            #expect(larger.code == "body_too_large")
        }
    }

    @Test(arguments: ["text/plain", "application/xml", "multipart/form-data; boundary=a"])
    func otherBodiesAreNotGuessedAt(type: String) async throws {
        let answer = try await Harness().run { try await $0.post("/tts", #"{"text": "one"}"#, type: type) }
        #expect(answer.status == 415)
        #expect(answer.code == "unsupported_media_type")
    }

    @Test func aFormIsNotJSON() async throws {
        let type = "application/x-www-form-urlencoded"
        let answer = try await Harness().run { try await $0.post("/tts", "text=one", type: type) }
        #expect(answer.status == 400)
        #expect(answer.code == "invalid_json")
    }

    @Test(arguments: [
        nil, "application/x-www-form-urlencoded", "application/json; charset=utf-8", "application/ld+json",
        "Application/JSON",
    ])
    func jsonIsTakenHoweverItIsAnnounced(type: String?) async throws {
        let answer = try await Harness().run { try await $0.post("/tts", #"{"text": "one"}"#, type: type) }
        #expect(answer.status == 200)
    }

    @Test func whatNobodyMakesIsNotAcceptable() async throws {
        try await Harness().run { client in
            let accept: HTTPFields = [.accept: "image/png, audio/aac;q=0.5, audio/wav;q=0"]
            let answer = try await client.post("/tts", #"{"text": "one"}"#, headers: accept)
            #expect(answer.status == 406)
            #expect(answer.code == "not_acceptable")
            let query = try await client.post("/tts?format=aac", #"{"text": "one"}"#)
            #expect(query.status == 422)
            #expect(
                query.json["detail"] == [
                    ["loc": ["query", "format"], "msg": .string(query.error ?? ""), "type": "invalid_parameter"]
                ]
            )
        }
    }

    @Test(arguments: [("/tts", "POST"), ("/tts/stream", "OPTIONS, POST"), ("/asr", "POST")])
    func wrongMethodsAreToldTheRightOnes(path: String, allowed: String) async throws {
        try await Harness().run { client in
            for method in [HTTPRequest.Method.get, .put, .delete, .patch, .head] {
                let answer = try await client.send(path, method)
                #expect(answer.status == 405)
                #expect(answer["Allow"] == allowed)
                #expect(answer.code == "method_not_allowed")
            }
        }
    }
}
