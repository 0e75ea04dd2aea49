import Foundation
import Inference
import SpeechTesting
import Testing

/// A runtime whose files say their length: `frames 4`.
private struct LengthRuntime: GraphRuntime {
    let loaded = Shared<[String]>([])

    func load(_ part: Placement.Part, at path: String) async throws(InferenceError) -> any Graph {
        loaded.withLock { $0.append(path) }
        let text = String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
        guard let frames = text.split(separator: " ").last.flatMap({ Int($0) }) else {
            throw InferenceError(.badModel, "no length", graph: path)
        }
        return ClosureGraph(
            path,
            inputs: [TensorSpec("x", .f32, [frames])],
            outputs: [TensorSpec("x", .f32, [frames])]
        ) { $0 }
    }
}

@Suite struct RuntimeSetTests {
    private let link = """
        {"rknn": {"stage": [[{"file": "four.{board}.rknn", "runtime": "rknn", "frames": 4,
                              "sha256": {"rk3588": "\(String(repeating: "4", count: 64))"}},
                             {"file": "eight.rknn", "runtime": "rknn", "frames": 8}]]}}
        """
    private let files = ["four.rk3588.rknn": "frames 4", "eight.rknn": "frames 8"]

    private func graph(
        _ directory: Directory,
        _ runtime: LengthRuntime = LengthRuntime(),
        board: Board? = .rk3588,
        files: BundleFiles = BundleFiles()
    ) async throws -> any Graph {
        let placement = try directory.bundle(link).placement("rknn")
        return try await RuntimeSet([.rknn: runtime], board: board, files: files)
            .graph(for: "stage", of: placement, in: directory.path)
    }

    @Test func bucketsOfABoardBecomeOneGraph() async throws {
        let graph = try await graph(try Directory(files))
        #expect(graph.frameSizes == [4, 8])
        let x = Tensor(shape: [5], [Float](repeating: 1, count: 5))
        #expect(try await graph.run(["x": x]).tensor("x").shape == [5])
    }

    @Test func onePartWithAFrameCountIsABucketToo() async throws {
        let directory = try Directory(files)
        let part = Placement.Part("eight.rknn", on: .rknn, frames: 8)
        let graph = try await RuntimeSet([.rknn: LengthRuntime()])
            .graph(for: "s", of: Placement(["s": [[part]]]), in: directory.path)
        #expect(graph.frameSizes == [8])
    }

    @Test func aFileOfTheBoardNeedsABoard() async throws {
        let directory = try Directory(files)
        let none = await #expect(throws: InferenceError.self) { _ = try await graph(directory, board: nil) }
        #expect(none?.code == .badModel)
        let other = await #expect(throws: InferenceError.self) { _ = try await graph(directory, board: .rk3576) }
        #expect(other?.code == .missingFile)
        #expect(other?.description.contains("four.rk3576.rknn") == true)
    }

    @Test func aFileWithAnotherHashIsNotLoaded() async throws {
        let runtime = LengthRuntime()
        let asked = Shared<[String]>([])
        let verify: BundleFiles.Verify = { path, hash throws(InferenceError) in
            asked.withLock { $0.append(hash) }
            throw InferenceError(.badModel, "wrong SHA-256", graph: path)
        }
        let error = await #expect(throws: InferenceError.self) {
            _ = try await graph(try Directory(files), runtime, files: BundleFiles(verify: verify))
        }
        #expect(error?.message == "wrong SHA-256")
        #expect(asked.withLock { $0 } == [String(repeating: "4", count: 64)])
        #expect(!runtime.loaded.withLock { $0.contains { $0.hasSuffix("four.rk3588.rknn") } })
    }

    @Test func aFileMayBeMadeInPlaceOfTheDeclaredOne() async throws {
        let directory = try Directory(["eight.rknn": "frames 8"])
        let cache = try Directory(["made": "frames 4"])
        let locate: BundleFiles.Locate = { part, path in part.frames == 4 ? cache.path + "/made" : path }
        let verify: BundleFiles.Verify = { path, _ throws(InferenceError) in
            throw InferenceError(.badModel, "a file made here has no hash to compare with", graph: path)
        }
        let graph = try await graph(directory, files: BundleFiles(verify: verify, locate: locate))
        #expect(graph.frameSizes == [4, 8])
    }

    @Test func aLinkOutOfTheDirectoryIsRefused() async throws {
        let outside = try Directory(["secret": "frames 8"])
        let directory = try Directory(["four.rk3588.rknn": "frames 4"])
        try FileManager.default.createSymbolicLink(
            atPath: directory.path + "/eight.rknn",
            withDestinationPath: outside.path + "/secret"
        )
        let error = await #expect(throws: InferenceError.self) { _ = try await graph(directory) }
        #expect(error?.code == .badModel)
        #expect(error?.message.contains("leaves the bundle's directory") == true)
        // A bundle that is itself behind a link is none of that.
        let link = try Directory()
        let whole = try Directory(files)
        let place = link.path + "/bundle"
        try FileManager.default.createSymbolicLink(atPath: place, withDestinationPath: whole.path)
        let placement = try whole.bundle(self.link).placement("rknn")
        _ = try await RuntimeSet([.rknn: LengthRuntime()], board: .rk3588).graph(for: "stage", of: placement, in: place)
    }

    @Test func aStageThatIsMisspelledNamesTheNearest() async throws {
        let placement = Placement(["decoder": [[.init("d", on: .onnx)]]])
        let error = await #expect(throws: InferenceError.self) {
            _ = try await RuntimeSet([:]).graph(for: "decodr", of: placement, in: "/nowhere")
        }
        #expect(error?.message.contains("it has \"decoder\"") == true)
    }
}
