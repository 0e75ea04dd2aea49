import Foundation
import Inference
import Runtimes
import SpeechTesting
import Testing

/// Every fault that the simulator can show: an error in words for the generation in flight, and the next one works.
@Suite(.enabled(if: SimulatedDecoder.isBuilt, SimulatedDecoder.skipReason)) struct RKLLMFaultTests {
    private let prompt = Prompt.tokens([7])
    private let golden = TinyDecoder.golden[1].answer

    @Test(arguments: ["init", "memory"]) func aModelThatIsNotLoadedIsToldAndLeavesNothing(fault: String) async throws {
        let simulator = try await SimulatedDecoder()
        try simulator.library.configure("fault", fault)
        let error = await #expect(throws: InferenceError.self) { _ = try await simulator.load(.rows) }
        #expect(error?.code == .badModel)
        #expect(error?.status == -1)
        #expect(error?.description.contains(".rkllm") == true, "it names the file: \(String(describing: error))")
        #expect(error?.message.contains("RKLLM 1.2.3 (simulated)") == true)
        try await simulator.expectNothingLeft()
        try simulator.library.configure("fault", "none")
        #expect(try await answer(simulator.load(.rows), prompt).map(\.id) == golden)
    }

    @Test(arguments: SimulatedDecoder.releases, ["run", "token"])
    func aRunThatFailsIsItsOwnAlone(release: String, fault: String) async throws {
        let simulator = try await SimulatedDecoder(release)
        do {
            let model = try await simulator.load(.rows)
            try simulator.library.configure("fault_after", fault == "run" ? "1" : "15")
            try simulator.library.configure("fault_count", "1")
            try simulator.library.configure("fault", fault)
            #expect(try await answer(model, prompt).map(\.id) == golden)
            var told: [GeneratedToken] = []
            let error = await #expect(throws: InferenceError.self) {
                for try await token in model.generation(after: prompt, sampling: .greedy) { told.append(token) }
            }
            #expect(error?.code == .runtimeFailed)
            #expect(error?.message.contains("rkllm_run") == true)
            // What came before is told, and is right.
            #expect(told.map(\.id) == Array(golden.prefix(fault == "run" ? 0 : 3)))
            #expect(try await answer(model, prompt).map(\.id) == golden)
        }
        try await simulator.expectNothingLeft()
    }

    @Test func aRunThatHangsIsSetAsideUntilItIsBack() async throws {
        let patience = RKLLMPatience(token: .seconds(1), consumer: .seconds(60))
        let simulator = try await SimulatedDecoder(patience: patience)
        do {
            let models = [try await simulator.load(.rows), try await simulator.load(.tokens)]
            try simulator.library.configure("fault_count", "1")
            try simulator.library.configure("fault", "hang")
            let hanging = Task { try await answer(models[0], prompt) }
            #expect(await eventually { (try? simulator.count("runs_hanging")) == 1 })
            // One that waits for the same model, one that waits for the cores.
            let others = models.map { model in Task { try await answer(model, prompt) } }
            let error = await #expect(throws: InferenceError.self) { _ = try await hanging.value }
            #expect(error?.code == .timedOut)
            #expect(error?.message.contains("no token within") == true)
            for other in others {
                let error = await #expect(throws: InferenceError.self) { _ = try await other.value }
                #expect(error?.code == .deviceUnavailable, "\(String(describing: error))")
            }
            #expect(simulator.npu.snapshot.detained.count == 3)
            let late = await #expect(throws: InferenceError.self) { _ = try await answer(models[0], prompt) }
            #expect(late?.code == .deviceUnavailable)
            try simulator.library.configure("fault", "none")
            #expect(await eventually { simulator.isIdle })
            for model in models { #expect(try await answer(model, prompt).map(\.id) == golden) }
        }
        try await simulator.expectNothingLeft()
    }

    @Test func moreThanTheDeviceHoldsIsRefusedWithTheSum() async throws {
        let simulator = try await SimulatedDecoder(memoryLimit: 40_000)
        let first = try await simulator.load(.rows)
        let error = await #expect(throws: InferenceError.self) { _ = try await simulator.load(.tokens) }
        #expect(error?.code == .outOfMemory)
        #expect(error?.message.contains("rows-") == true, "it says who holds it: \(String(describing: error))")
        #expect(try await answer(first, prompt).map(\.id) == golden)
    }

    @Test func filesThatAreNoneAreRefusedInWords() async throws {
        let simulator = try await SimulatedDecoder()
        let part = Placement.Part("a.rkllm", on: .rkllm)
        let missing = await #expect(throws: InferenceError.self) {
            _ = try await simulator.runtime.load(part, at: "/nowhere/a.rkllm", dimensions: TinyDecoder.dimensions())
        }
        #expect(missing?.code == .missingFile)
        for bytes in [Data(), Data("version https://git-lfs".utf8), Data(repeating: 7, count: 4096)] {
            let path = simulator.directory + "/a.rkllm"
            try bytes.write(to: URL(fileURLWithPath: path))
            let error = await #expect(throws: InferenceError.self) {
                _ = try await simulator.runtime.load(part, at: path, dimensions: TinyDecoder.dimensions())
            }
            #expect(error?.code == .badModel)
        }
        // Cut off anywhere, it is refused, and never read beyond its end.
        let whole = simulator.directory + "/whole.rkllm"
        try await simulator.container(.rows, at: whole)
        let container = try Data(contentsOf: URL(fileURLWithPath: whole))
        for count in stride(from: 1, to: container.count, by: container.count / 12) {
            let path = simulator.directory + "/cut.rkllm"
            try container.prefix(count).write(to: URL(fileURLWithPath: path))
            await #expect(throws: InferenceError.self) {
                _ = try await simulator.runtime.load(part, at: path, dimensions: TinyDecoder.dimensions())
            }
        }
        try await simulator.expectNothingLeft()
    }

    @Test(arguments: ["1.2.1b1", "1.2.4", "2.0.0"])
    func aLibraryOfAnUnknownReleaseIsRefusedByNameBeforeItIsLoaded(release: String) async throws {
        let directory = try await SimulatedDecoder().directory + "-other"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        var library = try Data(contentsOf: URL(fileURLWithPath: SimulatedDecoder.libraryPath))
        library.append(Data("\0rkllm-runtime version: \(release), rknpu driver version: 0.9.8\0".utf8))
        let path = directory + "/librkllmrt.so"
        try library.write(to: URL(fileURLWithPath: path))
        let error = #expect(throws: InferenceError.self) { try RKLLMLibrary.load(from: [path]) }
        #expect(error?.code == .runtimeUnavailable)
        #expect(error?.message.contains("\"\(release)") == true)
        #expect(error?.message.contains(release.contains("b") ? "is a beta" : "is not known") == true)
        let loaded = try String(contentsOfFile: "/proc/self/maps", encoding: .utf8)
        #expect(!loaded.contains(directory))
    }

    @Test func aSimulatorIsOneReleaseInAProcess() async throws {
        let simulator = try await SimulatedDecoder("1.2.3")
        let error = #expect(throws: InferenceError.self) {
            try RKLLMLibrary.load(from: [simulator.library.path], version: "1.3.0")
        }
        #expect(error?.message.contains("is RKLLM 1.2.3 in this process and cannot be 1.3.0") == true)
        #expect(try await answer(simulator.load(.rows), prompt).map(\.id) == golden)
    }
}
