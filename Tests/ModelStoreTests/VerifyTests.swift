import Foundation
import ModelStore
import Testing

@Suite("Verifying and removing")
struct VerifyTests {
    @Test("Missing, cut and changed files are told apart")
    func findings() async throws {
        let sandbox = try await Sandbox(sharesPython: false)
        let store = try sandbox.store()
        _ = try await store.importModel(from: Fixtures.archives + "/directory")
        let file = try store.path("tiny") + "/tiny.onnx"
        var bytes = try #require(FileManager.default.contents(atPath: file))
        bytes[100] ^= 1
        let expectations: [(Data?, FileCheck.State)] = [
            (bytes, .wrongHash), (Data(bytes.dropLast()), .wrongSize), (nil, .missing),
        ]
        for (contents, state) in expectations {
            try FileManager.default.removeItem(atPath: file)
            if let contents { try Fixtures.write(contents, to: file) }
            let report = try await store.verify("tiny")
            #expect(!report.isIntact)
            let check = try #require(report.files.first { $0.path == "tiny.onnx" })
            #expect(check.state == state)
            #expect(check.expectedBytes == 16384)
            #expect((check.actualSHA256 != nil) == (state == .wrongHash))
            if contents == nil { break }
        }
    }

    @Test("A removed model is gone; removing it again says so")
    func remove() async throws {
        let sandbox = try await Sandbox(sharesPython: false)
        let store = try sandbox.store()
        _ = try await store.importModel(from: Fixtures.archives + "/directory")
        try await store.remove("tiny")
        #expect(store.list().isEmpty && sandbox.leftovers().isEmpty)
        let error = await #expect(throws: StoreError.self) { try await store.remove("tiny") }
        #expect(error?.code == .unknownModel)
    }

    @Test("What is not installed can be neither verified nor removed")
    func notInstalled() async throws {
        let store = try await Sandbox(sharesPython: false).store(Entries.wheel())
        for action in [{ _ = try await store.verify("tiny") }, { try await store.remove("tiny") }] {
            let error = await #expect(throws: StoreError.self) { try await action() }
            #expect(error?.code == .notFound)
        }
    }
}
