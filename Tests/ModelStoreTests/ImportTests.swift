import Foundation
import ModelStore
import Testing

@Suite("Importing")
struct ImportTests {
    @Test(
        "A model comes in from a directory or any kind of archive",
        arguments: ["directory", "good.tar.gz", "good.tar", "good.zip"]
    )
    func good(name: String) async throws {
        let sandbox = try await Sandbox(sharesPython: false)
        let store = try sandbox.store()
        let id = try await store.importModel(from: Fixtures.archives + "/" + name)
        #expect(id == "tiny")
        #expect(try await store.verify("tiny").isIntact)
        #expect(store.list().first { $0.id == "tiny" }?.languages == ["en"])
        let taken = await #expect(throws: StoreError.self) {
            try await store.importModel(from: Fixtures.archives + "/" + name)
        }
        #expect(taken?.code == .invalidRequest && taken?.message.contains("--id") == true)
        #expect(try await store.importModel(from: Fixtures.archives + "/" + name, id: "second") == "second")
        #expect(sandbox.leftovers().isEmpty)
    }

    @Test(
        "Hostile and broken archives are refused, and nothing of them stays",
        arguments: [
            ("absolute.tar.gz", "absolute path"), ("parent.tar.gz", "leaves the archive"), ("symlink.tar.gz", "link"),
            ("hardlink.tar.gz", "link"), ("device.tar.gz", "device"), ("twice.tar.gz", "stands twice"),
            ("bomb.tar.gz", "more than is allowed"), ("cut.tar.gz", "corrupt"), ("text.zip", "corrupt"),
            ("parent.zip", "leaves the archive"), ("symlink.zip", "link"), ("bomb.zip", "beyond reason"),
            ("crowd.zip", "10000 entries"), ("missing.tar.gz", "'tiny.onnx', which is not there"),
        ]
    )
    func hostile(name: String, reason: String) async throws {
        let sandbox = try await Sandbox(sharesPython: false)
        let store = try sandbox.store()
        let error = await #expect(throws: StoreError.self) {
            try await store.importModel(from: Fixtures.archives + "/" + name)
        }
        #expect(error?.code == .badData)
        #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
        #expect(store.list().isEmpty && sandbox.leftovers().isEmpty)
        let around = try FileManager.default.subpathsOfDirectory(atPath: sandbox.root)
        #expect(!around.contains { $0.hasSuffix("escaped") || $0.hasSuffix("tiny.onnx") })
        #expect(!FileManager.default.fileExists(atPath: "/tmp/rkvoice-hostile"))
    }

    @Test("An installed model, packed elsewhere, is held against its manifest")
    func carried() async throws {
        let (source, target) = (try await Sandbox(), try await Sandbox(sharesPython: false))
        try await source.store(Entries.wheel()).pull(["tiny"])
        let archive = source.root + "/tiny.tar.gz"
        try await Fixtures.run("/usr/bin/env", ["tar", "-C", source.home.models, "-czf", archive, "tiny"])
        let store = try target.store(Entries.wheel())
        #expect(try await store.importModel(from: archive) == "tiny")
        #expect(try store.listing(of: "tiny").state == .installed)
        let file = source.home.models + "/tiny/tiny.onnx"
        try Fixtures.write(Data(repeating: 7, count: 16384), to: file)
        let error = await #expect(throws: StoreError.self) {
            try await store.importModel(from: source.home.models + "/tiny", id: "changed")
        }
        #expect(error?.code == .badData && error?.message.contains("tiny.onnx") == true)
    }

    @Test("A path that is not there, a link inside, a voice without its description")
    func incomplete() async throws {
        let sandbox = try await Sandbox(sharesPython: false)
        let store = try sandbox.store()
        let missing = await #expect(throws: StoreError.self) { try await store.importModel(from: "/none/model.zip") }
        #expect(missing?.code == .notFound)
        let directory = sandbox.root + "/linked"
        try FileManager.default.copyItem(atPath: Fixtures.archives + "/directory", toPath: directory)
        try FileManager.default.createSymbolicLink(atPath: directory + "/x", withDestinationPath: "/etc/passwd")
        let linked = await #expect(throws: StoreError.self) { try await store.importModel(from: directory) }
        #expect(linked?.code == .badData && linked?.message.contains("is a link") == true)
        let voice = await #expect(throws: StoreError.self) {
            try await store.importModel(from: Fixtures.archives + "/directory/tiny.onnx")
        }
        #expect(voice?.code == .notFound && voice?.message.contains("tiny.onnx.json") == true)
        let name = await #expect(throws: StoreError.self) {
            try await store.importModel(from: Fixtures.archives + "/directory", id: "../up")
        }
        #expect(name?.code == .invalidRequest)
    }

    @Test("A model for the CPU may name files for a board that are compiled later, and one for a board alone may not")
    func compiledLater() async throws {
        let sandbox = try await Sandbox(sharesPython: false)
        let store = try sandbox.store()
        let directory = sandbox.root + "/board"
        try FileManager.default.copyItem(atPath: Fixtures.archives + "/directory", toPath: directory)
        func describe(_ placements: String) throws {
            let text = #"{"schema": 1, "family": "tiny", "name": "board", "sampleRate": 16000, "placements": "#
            try Fixtures.write(Data((text + placements + "}").utf8), to: directory + "/bundle.json")
        }
        let cpu = #""cpu": {"detector": [[{"file": "tiny.onnx", "runtime": "onnx"}]]}"#
        let npu = #""rknn": {"boards": ["rk3588"], "detector": [[{"file": "tiny.{board}.rknn", "runtime": "rknn"}]]}"#
        try describe("{\(npu)}")
        let error = await #expect(throws: StoreError.self) { try await store.importModel(from: directory) }
        #expect(error?.code == .badData && error?.message.contains("'tiny.{board}.rknn'") == true)
        try describe("{\(cpu), \(npu)}")
        #expect(try await store.importModel(from: directory, id: "both") == "both")
        try describe("{\(npu)}")
        try Fixtures.write(Data("RKNN".utf8), to: directory + "/tiny.rk3588.rknn")
        #expect(try await store.importModel(from: directory, id: "compiled") == "compiled")
    }
}
