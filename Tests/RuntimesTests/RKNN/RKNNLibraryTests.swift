import Foundation
import Inference
import Runtimes
import SpeechTesting
import Testing

/// Libraries that are none, and files that a sound one cannot run: what a user is told.
@Suite struct RKNNLibraryTests {
    private func refusal(_ data: Data) throws -> InferenceError {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("lib-\(UUID().uuidString).so").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try data.write(to: URL(fileURLWithPath: path))
        let error = try #require(#expect(throws: InferenceError.self) { try RKNNLibrary.load(from: [path]) })
        #expect(error.code == .runtimeUnavailable)
        #expect(error.message.contains(path))
        return error
    }

    @Test func garbageIsNoLibrary() throws {
        #expect(try refusal(Data()).message.contains("it is empty"))
        #expect(try refusal(Data("not a library".utf8)).message.contains("not a shared library"))
        #expect(try refusal(Data([0x7F, 0x45, 0x4C, 0x46])).message.contains("not a shared library"))
    }

    @Test func anotherMachinesLibraryIsTold() throws {
        var header = [UInt8](repeating: 0, count: 64)
        header.replaceSubrange(0..<7, with: [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1])
        #if arch(x86_64)
            header[18] = 183
            let words = "it is for aarch64, this machine is x86-64"
        #else
            header[18] = 62
            let words = "it is for x86-64, this machine is aarch64"
        #endif
        #expect(try refusal(Data(header)).message.contains(words))
        header[18] = 40
        #expect(try refusal(Data(header)).message.contains("32-bit arm"))
    }

    @Test(.enabled(if: SimulatedBoard.isBuilt, SimulatedBoard.skipReason)) func aLibraryThatIsCutOffIsTold() throws {
        let whole = try Data(contentsOf: URL(fileURLWithPath: SimulatedBoard.libraryPath))
        for part in [whole.count / 2, whole.count - 1] {
            #expect(try refusal(whole.prefix(part)).message.contains("cut off: \(part) of \(whole.count) bytes"))
        }
    }

    @Test func missingFilesAndSymbolsAreNamed() throws {
        let nowhere = #expect(throws: InferenceError.self) { try RKNNLibrary.load(from: ["/nowhere/librknnrt.so"]) }
        #expect(nowhere?.message.contains("/nowhere/librknnrt.so is not there") == true)
        // A library that loads and is another one.
        let other = #expect(throws: InferenceError.self) { try RKNNLibrary.load(from: ["libsndfile.so.1"]) }
        #expect(other?.message.contains("libsndfile.so.1 has no rknn_init") == true)
        let onBoards = #expect(throws: InferenceError.self) { try RKNNLibrary.load() }
        #expect(onBoards?.message.contains("/usr/lib/librknnrt.so") == true)
    }

    @Test(.enabled(if: SimulatedBoard.isBuilt, SimulatedBoard.skipReason)) func theSimulatorSaysWhatItIs() async throws
    {
        let simulator = try await SimulatedBoard()
        #expect(simulator.library.isSimulated)
        _ = try await simulator.load("front", ["features": [1, 8, 3]])
        #expect(simulator.library.versions?.library.contains("simulated") == true)
        #expect(simulator.library.versions?.driver?.contains("simulated") == true)
        #expect(simulator.npu.name.contains("simulated"))
        let error = #expect(throws: InferenceError.self) { try simulator.library.configure("no_such_switch", "1") }
        #expect(error?.message.contains("no_such_switch=1") == true)
    }

    @Test(.enabled(if: SimulatedBoard.isBuilt, SimulatedBoard.skipReason)) func theOtherChipsFileIsRefused()
        async throws
    {
        let (mine, other) = (try await SimulatedBoard(.rk3576), try await SimulatedBoard(.rk3588))
        let path = try other.container("front", ["features": [1, 8, 3]])
        let error = await #expect(throws: InferenceError.self) {
            _ = try await mine.runtime.load(Placement.Part("front.rknn", on: .rknn), at: path)
        }
        #expect(error?.code == .badModel)
        #expect(error?.message.contains("made for rk3588, but this board is an rk3576") == true)
        #expect(error?.message.contains("front.rk3576.rknn") == true)
        #expect(try mine.count("contexts_created") == 0)
        #expect(mine.npu.snapshot.memory.used == 0)
    }
}
