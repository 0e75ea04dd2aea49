import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing
import Transport
import VoiceConfiguration
import VoiceServer

@Suite struct PageRouteTests {
    private func visit<Value: Sendable>(
        _ configuration: Configuration = Configuration(),
        _ test: @Sendable (any TestClientProtocol) async throws -> Value
    ) async throws -> Value {
        let middlewares = Middlewares(configuration: LiveConfiguration(configuration))
        let router = middlewares.router { PageRoutes.add(to: $0) }
        return try await Application(router: router).test(.router, test)
    }

    /// Every file that the page loads, found by following what its files name.
    private func loaded(_ client: any TestClientProtocol) async throws -> [String: Answer] {
        var found: [String: Answer] = [:]
        var waiting = ["/"]
        while let path = waiting.popLast() {
            guard found[path] == nil else { continue }
            let answer = try await client.get(path)
            found[path] = answer
            let text = String(decoding: answer.bytes, as: UTF8.self)
            waiting += text.matches(of: #/"(/page/[\w.-]+)"/#).map { String($0.output.1) }
            waiting += text.matches(of: #/from "\./([\w.-]+)"/#).map { "/page/\($0.output.1)" }
        }
        return found
    }

    @Test func theRootIsAPageForPeople() async throws {
        let answer = try await visit { try await $0.get("/") }
        #expect(answer.status == 200)
        #expect(answer["Content-Type"] == "text/html; charset=utf-8")
        let text = String(decoding: answer.bytes, as: UTF8.self)
        #expect(text.hasPrefix("<!doctype html>\n<html lang=\"en\">"))
        #expect(text.contains(" rkvoice</h1>"))
        #expect(text.contains("viewport"), "phones show it at their size")
    }

    @Test func everyFileThatThePageNamesIsThere() async throws {
        let files = try await visit { try await loaded($0) }
        let types = ["js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8", "svg": "image/svg+xml"]
        #expect(files.count >= 10)
        for (path, answer) in files {
            #expect(answer.status == 200, "\(path)")
            #expect(!answer.bytes.isEmpty, "\(path)")
            if let type = path.split(separator: ".").last.flatMap({ types[String($0)] }) {
                #expect(answer["Content-Type"] == type, "\(path)")
            }
            #expect(answer["X-Content-Type-Options"] == "nosniff", "\(path)")
        }
    }

    @Test func theWholePageIsSmall() async throws {
        let files = try await visit { try await loaded($0) }
        let size = files.values.reduce(0) { $0 + $1.bytes.count }
        #expect(size < 70_000, "\(size) bytes")
    }

    @Test func aBrowserMayOnlyTalkToThisServerAndRunsNothingWrittenIntoThePage() async throws {
        let files = try await visit { try await loaded($0) }
        for (path, answer) in files {
            let policy = answer["Content-Security-Policy"] ?? ""
            #expect(policy.hasPrefix("default-src 'none'; script-src 'self'; style-src 'self'"), "\(path)")
            #expect(policy.contains("connect-src 'self'") && policy.contains("frame-ancestors 'none'"), "\(path)")
            #expect(!policy.contains("unsafe") && !policy.contains("*"), "\(path)")
            let text = String(decoding: answer.bytes, as: UTF8.self)
            #expect(!text.contains("innerHTML") && !text.contains("eval("), "\(path)")
        }
        let page = String(decoding: files["/"]?.bytes ?? [], as: UTF8.self)
        #expect(page.matches(of: #/<script(?![^>]* src=")/#).isEmpty, "a script in the page")
        #expect(page.matches(of: #/<[^>]* (?:style|on\w+)=/#).isEmpty, "a style or a handler in the page")
        #expect(!page.contains("<style"))
    }

    @Test func nothingComesFromElsewhere() async throws {
        let files = try await visit { try await loaded($0) }
        for (path, answer) in files {
            let text = String(decoding: answer.bytes, as: UTF8.self)
            let elsewhere = text.matches(of: #/(?:src|href)="(?!/|#)|url\(|@import|from "(?!\.\/)|import\(/#)
            #expect(elsewhere.isEmpty, "\(path): \(elsewhere.map { String(text[$0.range]) })")
        }
    }

    @Test func aBrowserThatHasAFileDoesNotGetItAgain() async throws {
        try await visit { client in
            let first = try await client.get("/page/page.js")
            let tag = try #require(first["ETag"])
            #expect(tag.hasPrefix("\"") && tag.hasSuffix("\"") && tag.count > 2)
            #expect(first["Cache-Control"] == "no-cache")
            for known in [tag, "W/\(tag)", "\"other\", \(tag)", "*"] {
                let again = try await client.send("/page/page.js", .get, headers: [.ifNoneMatch: known])
                #expect(again.status == 304, "\(known)")
                #expect(again.bytes.isEmpty)
                #expect(again["ETag"] == tag)
                #expect(again["Content-Length"] == nil)
            }
            let other = try await client.send("/page/page.js", .get, headers: [.ifNoneMatch: "\"other\""])
            #expect(other.status == 200)
            #expect(try await client.get("/page/wire.js")["ETag"] != tag)
        }
    }

    @Test func thePageOpensWithoutAKeyAndNothingElseDoes() async throws {
        var configuration = Configuration()
        configuration.server.apiKeys = ["sesame"]
        try await visit(configuration) { client in
            for (path, status) in [("/", 200), ("/page/page.js", 200), ("/capabilities", 401), ("/pages", 401)] {
                let answer = try await client.get(path)
                #expect(answer.status == status, "\(path)")
            }
            let around = try await client.get("/page/../capabilities")
            #expect(around.status != 200)
        }
    }

    @Test func headAndWrongMethodsAreAnsweredAsEverywhere() async throws {
        try await visit { client in
            let head = try await client.send("/", .head)
            #expect(head.status == 200)
            #expect(head.bytes.isEmpty)
            #expect(try await client.post("/", "{}").status == 405)
            #expect(try await client.get("/page/nothing.js").status == 404)
        }
    }
}
