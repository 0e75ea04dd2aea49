import Foundation
import ModelStore
import Testing

@Suite("rkvoice models")
struct CommandTests {
    private func rkvoice(
        _ sandbox: Sandbox,
        _ arguments: String...,
        also more: [String: String] = [:]
    ) async throws -> Fixtures.Outcome {
        let environment = try sandbox.environment(withCatalog: Entries.wheel(), also: more)
        return try await Fixtures.run(Fixtures.program, ["models"] + arguments, environment: environment)
    }

    @Test("From list to remove, with results on standard output only")
    func story() async throws {
        let sandbox = try await Sandbox()
        let before = try await rkvoice(sandbox, "list")
        #expect(before.status == 0 && before.errors.isEmpty)
        #expect(before.output.contains("whisper-base") && before.output.contains("available"))
        let pull = try await rkvoice(sandbox, "pull", "tiny")
        #expect(pull.status == 0)
        #expect(pull.output == "tiny\t\(sandbox.home.models)/tiny\n")
        let lines = pull.errors.split(separator: "\n")
        #expect(lines.first?.contains("license MIT") == true)
        #expect(!pull.errors.contains("\u{1B}") && !pull.errors.contains("\r"))
        #expect(try await rkvoice(sandbox, "path", "tiny").output == "\(sandbox.home.models)/tiny\n")
        #expect(try await rkvoice(sandbox, "verify").status == 0)
        let listed = try await rkvoice(sandbox, "list", "--installed", "--json")
        let values = try #require(try JSONSerialization.jsonObject(with: Data(listed.output.utf8)) as? [[String: Any]])
        #expect(values.map { $0["id"] as? String } == ["tiny"] && values.first?["state"] as? String == "installed")
        #expect(try await rkvoice(sandbox, "remove", "tiny").status == 0)
        #expect(try await rkvoice(sandbox, "path", "tiny").status == 66)
    }

    @Test("A changed file makes verify end with 65 and name it")
    func damaged() async throws {
        let sandbox = try await Sandbox()
        #expect(try await rkvoice(sandbox, "pull", "tiny").status == 0)
        let file = sandbox.home.models + "/tiny/tiny.onnx"
        try Fixtures.write(Data(repeating: 0, count: 16384), to: file)
        let verify = try await rkvoice(sandbox, "verify", "tiny")
        #expect(verify.status == 65)
        #expect(verify.output.contains("tiny.onnx\twrong SHA-256: expected"))
        #expect(verify.errors == "error: damaged: tiny; run: rkvoice models pull tiny\n")
    }

    @Test(
        "Each fault has its exit status and one line",
        arguments: [
            (["pull", "tinny"], 64, "did you mean 'tiny'?"), (["pull"], 64, "Missing expected argument"),
            (["path", "tiny"], 66, "rkvoice models pull tiny"), (["import", "/none"], 66, "'/none'"),
            (["verify", "tiny"], 66, "not installed"),
        ] as [([String], Int32, String)]
    )
    func faults(arguments: [String], status: Int32, text: String) async throws {
        let sandbox = try await Sandbox(sharesPython: false)
        let environment = try sandbox.environment(withCatalog: Entries.wheel())
        let result = try await Fixtures.run(Fixtures.program, ["models"] + arguments, environment: environment)
        #expect(result.status == status)
        #expect(result.output.isEmpty && result.errors.contains(text))
    }

    @Test("A faulty setting or no network is one line with a remedy")
    func environment() async throws {
        let sandbox = try await Sandbox()
        let offline = try await rkvoice(sandbox, "pull", "tiny", also: ["RKVOICE_OFFLINE": "1"])
        #expect(offline.status == 69 && offline.errors.contains("unset RKVOICE_OFFLINE"))
        let home = try await rkvoice(sandbox, "pull", "tiny", also: ["RKVOICE_HOME": "/dev/null/home"])
        #expect(home.status == 73 && home.errors.contains("/dev/null/home"))
        let catalog = try await rkvoice(sandbox, "list", also: ["RKVOICE_CATALOG": "/none.json"])
        #expect(catalog.status == 66 && catalog.errors.contains("RKVOICE_CATALOG"))
    }

    @Test("Nothing is written outside the home")
    func footprint() async throws {
        let sandbox = try await Sandbox(sharesPython: false)
        let user = sandbox.root + "/user"
        try FileManager.default.createDirectory(atPath: user + "/tmp", withIntermediateDirectories: true)
        let environment = ["HOME": user, "TMPDIR": user + "/tmp", "XDG_CACHE_HOME": user + "/cache"]
        #expect(try await rkvoice(sandbox, "pull", "tiny", also: environment).status == 0)
        #expect(try FileManager.default.subpathsOfDirectory(atPath: user) == ["tmp"])
    }
}
