import Foundation
import Inference
import Runtimes
import SpeechTesting
import Testing

/// Every fault that the simulator can show: a typed error for the request in flight, the others go on, nothing is lost.
@Suite(.enabled(if: SimulatedBoard.isBuilt, SimulatedBoard.skipReason)) struct RKNNFaultTests {
    private let shape = ["features": [1, 8, 12]]
    private var inputs: [String: Tensor] { ["features": numbers([1, 8, 12])] }

    @Test(
        arguments: [
            ("init", InferenceError.Code.runtimeFailed, "RKNN_ERR_FAIL"),
            ("driver", .runtimeUnavailable, "RKNN_ERR_DEVICE_UNMATCH"),
            ("memory", .outOfMemory, "RKNN_ERR_MALLOC_FAIL"),
        ]
    ) func aLoadThatFailsIsToldAndLeavesNothing(fault: String, code: InferenceError.Code, name: String) async throws {
        let simulator = try await SimulatedBoard()
        // The first call that asks, and one in the middle.
        for after in ["0", "2"] {
            try simulator.library.configure("fault_after", after)
            try simulator.library.configure("fault", fault)
            do {
                _ = try await simulator.load("front", shape)
                // A duplicate that fails is made from the file instead.
                #expect(after == "2" && fault != "memory")
            } catch let error as InferenceError {
                #expect(error.code == code, "\(error)")
                #expect(error.description.contains(name), "\(error)")
                #expect(error.description.contains("front.rk3588.rknn"), "\(error)")
            }
            try simulator.library.configure("fault", "none")
            try await simulator.expectNothingLeft()
        }
        let graph = try await simulator.load("front", shape)
        _ = try await graph.run(inputs)
    }

    @Test func everyStatusHasItsNameAndAnAdvice() async throws {
        let simulator = try await SimulatedBoard()
        let graph = try await simulator.load("front", shape, contexts: 1)
        for status in 1...13 {
            try simulator.library.configure("fault_status", "-\(status)")
            try simulator.library.configure("fault_count", "1")
            try simulator.library.configure("fault", "run")
            let error = await #expect(throws: InferenceError.self) { _ = try await graph.run(inputs) }
            #expect(error?.status == Int32(-status))
            #expect(error?.message.contains("RKNN_ERR_") == true)
            #expect(error?.message.contains("; ") == true, "there is an advice: \(String(describing: error))")
            try simulator.library.configure("fault", "none")
            // The context was made anew.
            _ = try await graph.run(inputs)
        }
    }

    @Test func aFailedRunIsItsRequestsAlone() async throws {
        let simulator = try await SimulatedBoard()
        do {
            let graph = try await simulator.load("front", shape)
            try simulator.library.configure("latency_ms", "5")
            try simulator.library.configure("fault_after", "10")
            try simulator.library.configure("fault_count", "3")
            try simulator.library.configure("fault", "run")
            let failures = await withTaskGroup(of: InferenceError?.self) { group in
                for _ in 0..<60 {
                    group.addTask {
                        do throws(InferenceError) {
                            _ = try await graph.run(self.inputs)
                            return nil
                        } catch { return error }
                    }
                }
                return await group.reduce(into: [InferenceError]()) { if let error = $1 { $0.append(error) } }
            }
            #expect(failures.count == 3)
            #expect(failures.allSatisfy { $0.code == .runtimeFailed && $0.message.contains("rknn_run") })
            try simulator.library.configure("fault", "none")
            for _ in 0..<6 { _ = try await graph.run(inputs) }
            #expect(try simulator.count("contexts_created") >= 6)
        }
        try await simulator.expectNothingLeft()
    }

    @Test func aRunThatHangsIsGivenUpAndTheOthersGoOn() async throws {
        let simulator = try await SimulatedBoard(runTimeout: .milliseconds(300))
        do {
            let graph = try await simulator.load("front", shape)
            try simulator.library.configure("fault_count", "1")
            try simulator.library.configure("fault", "hang")
            let error = await #expect(throws: InferenceError.self) { _ = try await graph.run(inputs) }
            #expect(error?.code == .timedOut)
            #expect(error?.description.contains("front.rk3588.rknn") == true)
            #expect(error?.message.contains("core ") == true)
            #expect(simulator.npu.snapshot.detained.count == 1)
            await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<20 { group.addTask { (try? await graph.run(self.inputs)) != nil } }
                for await isFine in group { #expect(isFine) }
            }
            try simulator.library.configure("fault", "none")
            let npu = simulator.npu
            #expect(await eventually { npu.snapshot.detained.isEmpty })
            for _ in 0..<6 { _ = try await graph.run(inputs) }
        }
        try await simulator.expectNothingLeft()
    }

    @Test func whoNeedsTheHangingCoreIsToldAtOnce() async throws {
        let simulator = try await SimulatedBoard(runTimeout: .milliseconds(300))
        let graph = try await simulator.load("front", shape, cores: [0])
        try simulator.library.configure("fault_count", "1")
        try simulator.library.configure("fault", "hang")
        // The second waits while the first hangs.
        let codes = await withTaskGroup(of: InferenceError.Code?.self) { group in
            for _ in 0..<2 {
                group.addTask {
                    do throws(InferenceError) {
                        _ = try await graph.run(self.inputs)
                        return nil
                    } catch { return error.code }
                }
            }
            return await group.reduce(into: Set<InferenceError.Code?>()) { $0.insert($1) }
        }
        #expect(codes == [.timedOut, .deviceUnavailable])
        let third = await #expect(throws: InferenceError.self) { _ = try await graph.run(inputs) }
        #expect(third?.code == .deviceUnavailable)
        try simulator.library.configure("fault", "none")
        let npu = simulator.npu
        #expect(await eventually { npu.snapshot.detained.isEmpty })
        _ = try await graph.run(inputs)
    }

    @Test func aSingleContextThatHangsStrandsNobody() async throws {
        let simulator = try await SimulatedBoard(runTimeout: .milliseconds(300))
        let graph = try await simulator.load("front", shape, contexts: 1)
        try simulator.library.configure("fault_count", "1")
        try simulator.library.configure("fault", "hang")
        let codes = await withTaskGroup(of: InferenceError.Code?.self) { group in
            for _ in 0..<5 {
                group.addTask {
                    do throws(InferenceError) {
                        _ = try await graph.run(self.inputs)
                        return nil
                    } catch { return error.code }
                }
            }
            return await group.reduce(into: [InferenceError.Code?]()) { $0.append($1) }
        }
        #expect(codes.filter { $0 == .timedOut }.count == 1)
        #expect(codes.filter { $0 == .deviceUnavailable }.count == 4)
        try simulator.library.configure("fault", "none")
        let npu = simulator.npu
        #expect(await eventually { npu.snapshot.detained.isEmpty })
        _ = try await graph.run(inputs)
    }

    @Test func cancellingLetsTheCallerGoAtOnce() async throws {
        let simulator = try await SimulatedBoard()
        do {
            let graph = try await simulator.load("front", shape, cores: [1])
            try simulator.library.configure("fault", "hang")
            let running = Task { try await graph.run(inputs) }
            #expect(await eventually { (try? simulator.count("runs_hanging")) == 1 })
            let waiting = Task { try await graph.run(inputs) }
            #expect(await eventually { simulator.npu.snapshot.queue.live == 1 })
            for task in [waiting, running] {
                task.cancel()
                let error = await #expect(throws: InferenceError.self) { _ = try await task.value }
                #expect(error?.code == .cancelled)
            }
            // The library is still in its call, so the core is still taken.
            #expect(simulator.npu.snapshot.cores[1].running != nil)
            try simulator.library.configure("fault", "none")
            _ = try await graph.run(inputs)
        }
        try await simulator.expectNothingLeft()
    }

    @Test func aTaskThatIsCancelledBeforeItRunsNeverReachesTheLibrary() async throws {
        let simulator = try await SimulatedBoard()
        let graph = try await simulator.load("front", shape)
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            return try await graph.run(inputs)
        }
        task.cancel()
        let error = await #expect(throws: InferenceError.self) { _ = try await task.value }
        #expect(error?.code == .cancelled)
        #expect(try simulator.count("runs") == 0)
        _ = try await graph.run(inputs)
    }

    @Test func cancellingAtAnyMomentLosesNothing() async throws {
        let simulator = try await SimulatedBoard()
        do {
            let graph = try await simulator.load("front", shape, contexts: 2)
            for round in 0..<100 {
                let tasks = (0..<20).map { _ in Task { try await graph.run(self.inputs) } }
                for _ in 0..<round { await Task.yield() }
                for task in tasks { task.cancel() }
                for task in tasks { _ = try? await task.value }
            }
            for _ in 0..<4 { _ = try await graph.run(inputs) }
        }
        try await simulator.expectNothingLeft()
    }

    @Test func moreThanTheDeviceHoldsIsRefusedWithTheSum() async throws {
        let simulator = try await SimulatedBoard(memoryLimit: 4096)
        let first = try await simulator.load("front", shape, contexts: 1)
        let error = await #expect(throws: InferenceError.self) {
            _ = try await simulator.load("back", ["hidden": [1, 400, 6]])
        }
        #expect(error?.code == .outOfMemory)
        #expect(error?.message.contains("front.rk3588.rknn)") == true, "\(String(describing: error))")
        _ = try await first.run(inputs)
    }

    @Test func aMaskThatTheDriverRefusesIsToldWithThoseItTakes() async throws {
        let simulator = try await SimulatedBoard()
        let error = await #expect(throws: InferenceError.self) {
            _ = try await simulator.load("front", shape, cores: [1, 2])
        }
        #expect(error?.code == .deviceUnavailable)
        #expect(error?.message.contains("core mask 6") == true)
        #expect(error?.message.contains("RK3588 takes 0 (any core), 1 (core 0)") == true)
        let none = await #expect(throws: InferenceError.self) {
            _ = try await simulator.load("front", shape, cores: [7])
        }
        #expect(none?.code == .deviceUnavailable)
        try await simulator.expectNothingLeft()
        try simulator.library.configure("mask6", "1")
        _ = try await simulator.load("front", shape, cores: [1, 2]).run(inputs)
    }
}
