import HTTPTypes
import Logging
import Testing
import Transport
import VoiceConfiguration

@Suite struct MiddlewareTests {
    @Test(arguments: ["abc-1.2_3", "x", String(repeating: "a", count: 128)])
    func aSoundRequestIDIsKept(name: String) async throws {
        let answer = try await Asking().ask(.get, "/who", headers: [.requestID: name])
        #expect(answer.headers[.requestID] == name)
        #expect(answer.body == "127.0.0.1 \(name)")
    }

    @Test(arguments: ["", "a b", "a\"b", "é", String(repeating: "a", count: 129)])
    func anUnsoundRequestIDIsReplaced(name: String) async throws {
        let asking = Asking()
        let answer = try await asking.ask(.get, "/nowhere", headers: [.requestID: name])
        let id = try #require(answer.headers[.requestID])
        #expect(id.count == 32 && id.allSatisfy(\.isHexDigit))
        #expect(asking.log.entries.last?.metadata["request.id"] == id)
        let other = try await asking.ask(.get, "/nowhere")
        #expect(other.headers[.requestID] != id)
    }

    @Test(arguments: ["/who", "/nowhere", "/fail/secret", "/tts"])
    func everyAnswerHasTheHeadersForBrowsers(path: String) async throws {
        let answer = try await Asking().ask(.get, path)
        #expect(answer.headers[.xContentTypeOptions] == "nosniff")
        #expect(answer.headers[.cacheControl] == "no-store")
        #expect(answer.headers[.contentSecurityPolicy] == "default-src 'none'; frame-ancestors 'none'")
        #expect(answer.headers[.crossOriginResourcePolicy] == "same-origin")
        #expect(answer.headers[HTTPField.Name("Referrer-Policy") ?? .accept] == "no-referrer")
        #expect(answer.headers[.strictTransportSecurity] == nil)
    }

    @Test func aRouteKeepsItsOwnHeaders() async throws {
        #expect(try await Asking().ask(.post, "/tts/stream").headers[.cacheControl] == "no-transform")
    }

    @Test func withTLSABrowserIsToldToStayButNotOnLoopback() async throws {
        let asking = Asking {
            $0.server.certificatePath = "chain.pem"
            $0.server.keyPath = "key.pem"
            $0.server.host = "0.0.0.0"
        }
        #expect(
            try await asking.ask(.get, "/who", host: "voice.test").headers[.strictTransportSecurity]
                == "max-age=31536000"
        )
        #expect(try await asking.ask(.get, "/who", host: "localhost:8621").headers[.strictTransportSecurity] == nil)
    }

    @Test func anUnknownPathIsNotFoundForOldAndNewClients() async throws {
        let asking = Asking()
        let answer = try await asking.ask(.get, "/nowhere?token=hush")
        #expect(answer.status == 404)
        #expect(answer.headers[.contentType] == "application/json; charset=utf-8")
        #expect(answer.body == #"{"code":"not_found","detail":"Not Found","error":"there is nothing at /nowhere"}"#)
        #expect(asking.told.entries == ["failed not_found", "finished NotFound GET 404"])
    }

    @Test func aWrongMethodIsToldTheRightOnes() async throws {
        let asking = Asking()
        let answer = try await asking.ask(.get, "/tts/stream")
        #expect(answer.status == 405)
        #expect(answer.headers[.allow] == "OPTIONS, POST")
        #expect(answer.body == #"{"code":"method_not_allowed","error":"/tts/stream takes OPTIONS, POST"}"#)
        #expect(try await asking.ask(.delete, "/things/7").headers[.allow] == "GET, HEAD")
        #expect(try await asking.ask(.delete, "/things/7/8").status == 404)
    }

    @Test func anErrorOfTheServersOwnIsMappedAndLogged() async throws {
        let asking = Asking()
        let answer = try await asking.ask(.get, "/fail/own")
        #expect(answer.status == 503)
        #expect(answer.body == #"{"code":"model_failed","error":"a stage failed"}"#)
        #expect(asking.log.entries.filter { $0.level == .error }.map(\.message) == ["request failed"])
        #expect(asking.told.entries == ["failed model_failed", "finished /fail/{how} GET 503"])
    }

    @Test func anUnexpectedErrorTellsNothingButTheRequestsName() async throws {
        let asking = Asking()
        let answer = try await asking.ask(.get, "/fail/secret", headers: [.requestID: "r-1"])
        #expect(answer.status == 500)
        #expect(
            answer.body == #"{"code":"internal_error","error":"something went wrong inside; "#
                + #"the server's log has it under request r-1"}"#
        )
        let errors = asking.log.entries.filter { $0.level == .error }
        #expect(errors.count == 1)
        #expect(errors.first?.metadata["request.id"] == "r-1")
        #expect(errors.first?.metadata["error"]?.contains("swordfish") == true)
    }

    @Test(arguments: [
        ("large", 413, #"{"code":"payload_too_large","error":"Content Too Large"}"#),
        ("bad", 400, #"{"code":"bad_request","error":"that is no JSON"}"#),
        ("busy", 429, #"{"code":"too_many_requests","error":"wait"}"#),
        ("cancelled", 499, #"{"code":"client_gone","error":"the client closed the connection"}"#),
    ])
    func refusalsHaveOneForm(how: String, status: Int, body: String) async throws {
        let asking = Asking()
        let answer = try await asking.ask(.get, "/fail/\(how)")
        #expect(answer.status == status)
        #expect(answer.body == body)
        #expect(answer.headers[.retryAfter] == (how == "busy" ? "3" : nil))
        #expect(asking.log.entries.allSatisfy { $0.level != .error })
    }

    @Test func aRequestIsLoggedOnceItsAnswerHasEnded() async throws {
        let asking = Asking()
        _ = try await asking.ask(
            .post,
            "/tts/stream?token=hush",
            headers: [.requestID: "r-2"],
            from: "[IPv4]192.0.2.7:50000"
        )
        let line = try #require(asking.log.entries.last)
        #expect(asking.log.entries.count == 1)
        #expect(line.level == .info)
        #expect(line.message == "request")
        #expect(Double(line.metadata["ms"] ?? "") != nil)
        var metadata = line.metadata
        metadata["ms"] = nil
        #expect(
            metadata == [
                "method": "POST", "path": "/tts/stream", "status": "200", "bytes": "300", "client": "192.0.2.7",
                "request.id": "r-2",
            ]
        )
        #expect(asking.told.entries == ["finished /tts/stream POST 200"])
    }

    @Test func anAnswerThatBreaksOffIsLoggedAsAborted() async throws {
        let asking = Asking()
        _ = try await asking.ask(.post, "/tts/stream", failAfter: 150)
        #expect(asking.log.entries.count == 1)
        #expect(asking.log.entries.last?.metadata["aborted"] == "true")
        #expect(asking.log.entries.last?.metadata["bytes"] == "100")
        #expect(asking.told.entries == ["finished /tts/stream POST 200"])
    }

    @Test func headIsAnsweredWhereverGetIs() async throws {
        let asking = Asking()
        let answer = try await asking.ask(.head, "/livez")
        #expect(answer.status == 200)
        #expect(answer.body.isEmpty)
        #expect(answer.headers[.contentLength] == "2")
        #expect(asking.log.entries.map { $0.metadata["aborted"] } == [nil])
        #expect(asking.told.entries == ["finished /livez HEAD 200"])
    }

    @Test func probesAreQuietInTheLog() async throws {
        let asking = Asking()
        _ = try await asking.ask(.get, "/livez")
        #expect(asking.log.entries.map(\.level) == [.debug])
    }

    @Test func aMethodThatNobodyKnowsMakesNoLabel() async throws {
        let asking = Asking()
        _ = try await asking.ask(HTTPRequest.Method("BREW") ?? .get, "/tts")
        #expect(asking.told.entries == ["failed method_not_allowed", "finished NotFound other 405"])
    }
}
