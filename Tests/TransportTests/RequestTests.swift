import Foundation
import Testing
import Transport
import TransportProbe
import VoiceConfiguration

/// What is a request, what is none, and what each is answered.
@Suite struct RequestTests {
    static let hello = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"

    @Test func oneConnectionServesRequestAfterRequest() async throws {
        try await TestServer.run { server in
            try await server.connect { client in
                for _ in 1...3 {
                    try await client.send(Self.hello)
                    let answer = try await client.read(until: "\r\n\r\nhello")
                    #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
                    #expect(!answer.contains("Connection:"))
                }
            }
        }
    }

    @Test func pipelinedRequestsAreAnsweredInOrder() async throws {
        try await TestServer.run { server in
            let upload = "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
            let last = "GET /empty HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
            let answer = try await server.answer(to: Self.hello + upload + Self.hello + last)
            let bodies = answer.components(separatedBy: "\r\n\r\n").map { $0.components(separatedBy: "HTTP/1.1")[0] }
            #expect(bodies == ["", "hello", "3", "hello", ""])
            #expect(answer.contains("HTTP/1.1 204 No Content\r\nConnection: close\r\n"))
        }
    }

    /// RFC 9112, section 3.2.2, 9.3 and others: what is well formed is served.
    @Test(arguments: [
        ("GET /hello HTTP/1.0\r\n\r\n", "HTTP/1.1 200 OK", "hello"),
        ("GET http://a/hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "HTTP/1.1 200 OK", "hello"),
        ("GET /nowhere HTTP/1.1\r\nHost: a\r\nConnection: Close\r\n\r\n", "HTTP/1.1 404 Not Found", ""),
        ("HEAD /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "HTTP/1.1 200 OK", ""),
        ("GET /stream?bytes=5 HTTP/1.0\r\n\r\n", "HTTP/1.1 200 OK", "aaaaa"),
        (
            "GET /stream?bytes=5 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "HTTP/1.1 200 OK",
            "5\r\naaaaa\r\n0\r\n\r\n"
        ),
        (
            "POST /upload HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nTrailer: a\r\n\r\n", "HTTP/1.1 200 OK", "5"
        ),
        ("GET /hello HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n", "HTTP/1.1 200 OK", "hello"),
        (
            "POST /upload HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\nConnection: Upgrade\r\nContent-Length: 2\r\n\r\nab",
            "HTTP/1.1 200 OK", "2"
        ),
    ])
    func wellFormedRequestsAreServed(request: String, status: String, body: String) async throws {
        try await TestServer.run { server in
            let answer = try await server.answer(to: request)
            #expect(answer.hasPrefix(status + "\r\n"))
            #expect(answer.split(separator: "\r\n\r\n", maxSplits: 1).dropFirst().joined() == body)
        }
    }

    /// The shapes of RFC 9112, sections 2.2, 3.2, 5.1, 5.2, 6.1, 6.3 and 11.2, that two readers could read differently.
    @Test(arguments: [
        "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /upload HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
        "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 5\r\n\r\nhello",
        "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nhello",
        "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\nhello",
        "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\nhello",
        "POST /upload HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /upload HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /upload HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n\r\n",
        "POST /upload HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\nhello\n0\n\n",
        "POST /upload HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n",
        "GET /hello HTTP/1.1\nHost: a\n\n",
        "GET /hello HTTP/1.1\r\nHost: a\r\nX: b\r\n folded\r\n\r\n",
        "GET /hello HTTP/1.1\r\nHost: a\r\nX : b\r\n\r\n",
        "GET /hello HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n",
        "GET /hello HTTP/1.1\r\n\r\n",
        "GET /hello HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET /hello\r\n\r\n",
        "BREW /hello HTTP/1.1\r\nHost: a\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "\u{16}\u{3}\u{1}\u{2}\0\u{1}\0\u{1}\u{3}\u{3}garbage\r\n\r\n",
    ])
    func ambiguousAndMalformedRequestsAreRefused(request: String) async throws {
        try await TestServer.run { server in
            let answer = try await server.answer(to: request + Self.hello)
            #expect(answer.hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
            #expect(answer.contains("\r\nConnection: close\r\n"))
            #expect(answer.contains(#"{"code":"malformed_request","error":"#))
            // What follows was never read as a request.
            #expect(answer.components(separatedBy: "HTTP/1.1 ").count == 2)
        }
    }

    @Test(arguments: [
        ("GET /hello HTTP/2.0\r\nHost: a\r\n\r\n", "505 HTTP Version Not Supported", "unsupported_version"),
        (
            "POST /upload HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
            "501 Not Implemented", "unsupported_transfer_coding"
        ),
        (
            "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nExpect: a-miracle\r\n\r\n",
            "417 Expectation Failed", "expectation_failed"
        ),
        (
            "GET /\(String(repeating: "a", count: 9000)) HTTP/1.1\r\nHost: a\r\n\r\n", "414 URI Too Long",
            "target_too_long"
        ),
        (
            "GET /\(String(repeating: "a", count: 90000)) HTTP/1.1\r\nHost: a\r\n\r\n", "414 URI Too Long",
            "target_too_long"
        ),
    ])
    func refusalsNameTheirReason(request: String, status: String, code: String) async throws {
        try await TestServer.run { server in
            let answer = try await server.answer(to: request)
            #expect(answer.hasPrefix("HTTP/1.1 \(status)\r\n"))
            #expect(answer.contains(#"{"code":"\#(code)","#))
            let number = try #require(Int(status.prefix(3)))
            #expect(HTTPFailure.headStatuses.contains(number), "the interface description names it")
        }
    }

    @Test func theDateIsNow() async throws {
        try await TestServer.run { server in
            let answer = try await server.answer(to: "GET /hello HTTP/1.0\r\n\r\n")
            let line = answer.components(separatedBy: "\r\n").first { $0.hasPrefix("Date: ") }
            let formatter = DateFormatter()
            formatter.locale = Locale(identifier: "en_US_POSIX")
            formatter.dateFormat = "'Date: 'EEE, dd MMM yyyy HH:mm:ss zzz"
            let date = try #require(line.flatMap(formatter.date(from:)))
            #expect(abs(date.timeIntervalSinceNow) < 60)
        }
    }
}
