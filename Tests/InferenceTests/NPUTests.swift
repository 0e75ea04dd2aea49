import Inference
import Testing

@Suite(.timeLimit(.minutes(5))) struct NPUTests {
    /// Lets other tasks go on until something is so.
    private func until(_ isSo: () -> Bool) async { while !isSo() { await Task.yield() } }

    @Test func twoRunsTakeTwoCoresAndTheThirdWaits() async throws {
        let npu = NPU(board: .rk3576, memoryLimit: 1 << 20)
        let first = try await npu.acquire(.any, label: "a")
        let second = try await npu.acquire(.any, label: "b")
        #expect(first.cores.isDisjoint(with: second.cores))
        async let third = npu.acquire(.any, label: "c")
        await until { npu.snapshot.queue.live == 1 }
        #expect(npu.snapshot.cores.compactMap(\.running).sorted() == ["a", "b"])
        npu.release(second)
        let lease = try await third
        #expect(lease.cores == second.cores)
        npu.release(lease)
        npu.release(first)
        let snapshot = npu.snapshot
        #expect(snapshot.cores.allSatisfy { $0.running == nil } && snapshot.queue.leases == 3)
        #expect(snapshot.queue.waited > .zero && snapshot.queue.longest == snapshot.queue.waited)
    }

    @Test func liveRunsGoBeforeThoseOfFiles() async throws {
        let npu = NPU(board: .rk1828)
        let order = Shared<[String]>([])
        let first = try await npu.acquire(.any, label: "first")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (label, priority) in [("file", RunPriority.background), ("live", .live)] {
                group.addTask {
                    try await RunPriority.$current.withValue(priority) {
                        let lease = try await npu.acquire(.any, label: label)
                        #expect(lease.priority == priority)
                        order.withLock { $0.append(label) }
                        npu.release(lease)
                    }
                }
                await until { npu.snapshot.queue.live + npu.snapshot.queue.background == (label == "file" ? 1 : 2) }
            }
            npu.release(first)
            try await group.waitForAll()
        }
        #expect(order.withLock { $0 } == ["live", "file"])
    }

    @Test func aCancelledWaiterLeavesAtOnceAndHoldsNobodyUp() async throws {
        let npu = NPU(board: .rk3576)
        let lease = try await npu.acquire(.exactly(.core0), label: "running")
        let both = Task { try await npu.acquire(.exactly([.core0, .core1]), label: "both") }
        await until { npu.snapshot.queue.live == 1 }
        let other = Task { try await npu.acquire(.exactly(.core1), label: "other") }
        await until { npu.snapshot.queue.live == 2 }
        both.cancel()
        let error = await #expect(throws: InferenceError.self) { _ = try await both.value }
        #expect(error?.code == .cancelled)
        npu.release(try await other.value)
        npu.release(lease)
    }

    @Test func aTaskThatIsCancelledBeforeItAsksGetsNothing() async throws {
        let npu = NPU(board: .rk3576)
        let task = Task {
            await until { Task.isCancelled }
            return try await npu.acquire(.any, label: "late")
        }
        task.cancel()
        let error = await #expect(throws: InferenceError.self) { _ = try await task.value }
        #expect(error?.code == .cancelled)
        #expect(npu.snapshot.cores.allSatisfy { $0.running == nil })
    }

    @Test func aRunThatDoesNotComeBackHoldsUpNobodyWhoCanDoWithoutItsCore() async throws {
        let npu = NPU(board: .rk3576)
        let hung = try await npu.acquire(.exactly(.core0), label: "hung")
        let pinned = Task { try await npu.acquire(.exactly(.core0), label: "pinned") }
        await until { npu.snapshot.queue.live == 1 }
        npu.detain(hung)
        let error = await #expect(throws: InferenceError.self) { _ = try await pinned.value }
        #expect(error?.code == .deviceUnavailable)
        #expect(error?.description.contains("pinned") == true && error?.description.contains("RK3576") == true)
        #expect(npu.snapshot.detained == .core0)
        for _ in 0..<10 {
            let lease = try await npu.acquire(.any, label: "others")
            #expect(lease.cores == .core1)
            npu.release(lease)
        }
        // The call comes back after all.
        let records = Shared<[LeaseRecord]>([])
        npu.onLease { record in records.withLock { $0.append(record) } }
        npu.release(hung)
        #expect(records.withLock { $0.map(\.wasDetained) } == [true])
        npu.release(try await npu.acquire(.exactly(.core0), label: "again"))
    }

    @Test func whenEveryCoreHangsItIsSaid() async throws {
        let npu = NPU(board: .rk1828)
        npu.detain(try await npu.acquire(.any, label: "hung"))
        let error = await #expect(throws: InferenceError.self) { _ = try await npu.acquire(.any, label: "next") }
        #expect(error?.code == .deviceUnavailable)
    }

    @Test(arguments: [
        (Board.rk3576, CoreMask.core2), (.rk3588, CoreMask(rawValue: 8)), (.rk3588, CoreMask.automatic),
        (.cpu, CoreMask.core0),
    ])
    func coresThatTheBoardLacksAreRefused(board: Board, mask: CoreMask) async {
        let npu = NPU(board: board)
        let error = await #expect(throws: InferenceError.self) {
            _ = try await npu.acquire(.exactly(mask), label: "x")
        }
        #expect(error?.code == .deviceUnavailable)
        #expect(error?.message.contains(board.name) == true)
    }

    @Test func thousandsOfRunsLeaveNothingBehind() async throws {
        let npu = NPU(board: .rk3588)
        let running = Shared((now: 0, most: 0))
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<2_000 {
                group.addTask {
                    let request = number % 5 == 0 ? CoreRequest.exactly([.core0, .core1]) : .any
                    let priority = number % 3 == 0 ? RunPriority.background : .live
                    await RunPriority.$current.withValue(priority) {
                        guard let lease = try? await npu.acquire(request, label: "run") else { return }
                        running.withLock { state in
                            state.now += lease.cores.count
                            state.most = max(state.most, state.now)
                        }
                        await Task.yield()
                        running.withLock { $0.now -= lease.cores.count }
                        npu.release(lease)
                    }
                }
                if number % 7 == 0 {
                    group.addTask {
                        let task = Task { try await npu.acquire(.any, label: "cancelled") }
                        task.cancel()
                        if let lease = try? await task.value { npu.release(lease) }
                    }
                }
            }
        }
        let snapshot = npu.snapshot
        #expect(running.withLock { $0.most } <= 3)
        #expect(snapshot.queue.leases >= 2_000 && snapshot.queue.live == 0 && snapshot.queue.background == 0)
        #expect(snapshot.cores.allSatisfy { $0.running == nil && $0.leases > 0 && $0.busy > .zero })
    }

    /// Prints what a lease costs. The bound is loose: it finds a mistake of the order of things on any machine.
    @Test func aLeaseCostsNextToNothing() async throws {
        let npu = NPU(board: .rk3588)
        let count = 20_000
        let start = ContinuousClock.now
        for _ in 0..<count { npu.release(try await npu.acquire(.any, label: "run")) }
        let nanoseconds = (ContinuousClock.now - start) / .nanoseconds(1) / Double(count)
        print("acquire and release without contention: \(Int(nanoseconds)) ns")
        #expect(nanoseconds < 1_000_000)
    }

    @Test func memoryBeyondTheBudgetIsRefusedWithTheSum() throws {
        let npu = NPU(board: .rk3588, memoryLimit: 100 << 20)
        let voice = try npu.admit(bytes: 60 << 20, label: "voice")
        let ear = try npu.admit(bytes: 30 << 20, label: "ear")
        let error = #expect(throws: InferenceError.self) { try npu.admit(bytes: 20 << 20, label: "third") }
        #expect(error?.code == .outOfMemory)
        let words = ["100 MiB", "20 MiB (third) + 60 MiB (voice) + 30 MiB (ear)", "10 MiB too much"]
        for word in words { #expect(error?.message.contains(word) == true, "\(error?.message ?? "")") }
        #expect(throws: InferenceError.self) { try npu.adjust(ear, toBytes: 41 << 20) }
        try npu.adjust(ear, toBytes: 40 << 20)
        npu.free(voice)
        npu.free(voice)
        #expect(npu.snapshot.memory.used == 40 << 20)
        let third = try npu.admit(bytes: 60 << 20, label: "third")
        #expect(npu.snapshot.memory.holders.map(\.label) == ["third", "ear"])
        npu.free(third)
        npu.free(ear)
        #expect(npu.snapshot.memory.used == 0)
    }

    @Test func aSizeThatNoMachineHasIsRefusedAndNothingOverflows() throws {
        let npu = NPU(board: .rk3588, memoryLimit: 1 << 30)
        _ = try npu.admit(bytes: 1 << 29, label: "some")
        #expect(throws: InferenceError.self) { try npu.admit(bytes: .max, label: "all") }
        _ = try npu.admit(bytes: -5, label: "none")
        #expect(npu.snapshot.memory.used == 1 << 29)
    }

    @Test func theBudgetIsWhatTheBoardHas() {
        #expect(Board.rk3588.memoryLimit(freeBytes: 8 << 30) == 4 << 30)
        #expect(Board.rk3588.memoryLimit(freeBytes: 1 << 30) == 1 << 30)
        #expect(Board.rk3588.memoryLimit(freeBytes: 16 << 30, domains: 2) == 8 << 30)
        #expect(Board.rk1828.memoryLimit(freeBytes: 1 << 30) == 5120 << 20)
        #expect(Board.cpu.memoryLimit(freeBytes: 1 << 30) == nil)
    }
}
