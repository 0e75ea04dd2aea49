import Inference
import Runtimes
import SpeechTesting
import Testing

/// A generation that nobody wants any more ends within one token, wherever it is, and everything it held comes back.
@Suite(.enabled(if: SimulatedDecoder.isBuilt, SimulatedDecoder.skipReason)) struct RKLLMAbortTests {
    private let prompt = Prompt.tokens([7])
    private var cores: CoreRequest { .exactly(CoreMask(first: 3)) }

    /// Waits until the cores are back, which nobody tells who has stopped asking.
    private func expectIdle(_ simulator: SimulatedDecoder) async {
        #expect(await eventually { simulator.isIdle }, "the cores are back")
    }

    @Test(arguments: SimulatedDecoder.releases)
    func aDroppedIteratorEndsItWithinOneToken(release: String) async throws {
        let simulator = try await SimulatedDecoder(release)
        try simulator.library.configure("latency_ms", "5")
        do {
            let model = try await simulator.load(.rows)
            for state in ["finish", "error", "none"] {
                try simulator.library.configure("abort_state", state)
                for wanted in 1...4 {
                    var iterator: (any AsyncIteratorProtocol)? = model.generation(after: prompt, sampling: .greedy)
                        .makeAsyncIterator()
                    for _ in 0..<wanted { _ = try await iterator?.next() }
                    iterator = nil
                    let then = try simulator.count("tokens")
                    await expectIdle(simulator)
                    #expect(try simulator.count("tokens") <= then + 1)
                }
            }
            #expect(try await answer(model, prompt).map(\.id) == TinyDecoder.golden[1].answer)
            #expect(try simulator.count("runs_aborted") >= 12)
        }
        try await simulator.expectNothingLeft()
    }

    @Test(arguments: ["1.1.4", "1.2.3", "1.3.0"])
    func aCancelledTaskIsToldAtOnceAndItEndsWithinOneToken(release: String) async throws {
        let simulator = try await SimulatedDecoder(release)
        let model = try await simulator.load(.rows)
        try simulator.library.configure("fault_after", "3")
        try simulator.library.configure("fault", "hang")
        // The fourth step does not come back, so the task is asking when it is cancelled.
        let task = Task { try await answer(model, prompt, nil) }
        #expect(await eventually { (try? simulator.count("runs_hanging")) == 1 })
        task.cancel()
        let error = await #expect(throws: InferenceError.self) { _ = try await task.value }
        #expect(error?.code == .cancelled)
        #expect(!simulator.isIdle, "the library is still in its call")
        let then = try simulator.count("tokens")
        try simulator.library.configure("fault", "none")
        await expectIdle(simulator)
        #expect(try simulator.count("tokens") <= then + 1)
        #expect(try await answer(model, prompt).map(\.id) == TinyDecoder.golden[1].answer)
    }

    @Test func whoWaitsForTheCoresIsLetGoAtOnce() async throws {
        let simulator = try await SimulatedDecoder()
        let model = try await simulator.load(.rows)
        let lease = try await simulator.npu.acquire(cores, label: "another")
        let waiting = Task { try await answer(model, prompt) }
        #expect(await eventually { simulator.npu.snapshot.queue.live == 1 })
        // This one waits for the model, not for the cores.
        let behind = Task { try await answer(model, prompt) }
        for task in [behind, waiting] {
            task.cancel()
            let error = await #expect(throws: InferenceError.self) { _ = try await task.value }
            #expect(error?.code == .cancelled)
        }
        simulator.npu.release(lease)
        #expect(try simulator.count("runs") == 0)
        #expect(try await answer(model, prompt).map(\.id) == TinyDecoder.golden[1].answer)
        await expectIdle(simulator)
    }

    @Test func aTaskThatIsCancelledBeforeNeverReachesTheLibrary() async throws {
        let simulator = try await SimulatedDecoder()
        let model = try await simulator.load(.rows)
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            return try await answer(model, prompt)
        }
        task.cancel()
        let error = await #expect(throws: InferenceError.self) { _ = try await task.value }
        #expect(error?.code == .cancelled)
        await expectIdle(simulator)
        #expect(try simulator.count("tokens") == 0)
    }

    @Test func oneModelServesOneGenerationAfterTheOther() async throws {
        // Beside a thousand other tests, 200 yields have taken two minutes: nobody is to lose patience in them.
        let patience = RKLLMPatience(token: .seconds(3_600), consumer: .seconds(3_600))
        let simulator = try await SimulatedDecoder(patience: patience)
        let model = try await simulator.load(.rows)
        var iterator: (any AsyncIteratorProtocol)? = model.generation(after: prompt, sampling: .greedy)
            .makeAsyncIterator()
        _ = try await iterator?.next()
        let done = Flag()
        let next = Task {
            let tokens = try await answer(model, prompt)
            done.raise()
            return tokens
        }
        for _ in 0..<200 { await Task.yield() }
        #expect(!done.isRaised)
        iterator = nil
        #expect(try await next.value.map(\.id) == TinyDecoder.golden[1].answer)
        #expect(try simulator.count("runs_refused") == 0)
    }

    @Test func anAbortThatTakesLongHoldsNobodyUpButTheNextRun() async throws {
        let simulator = try await SimulatedDecoder()
        let model = try await simulator.load(.rows)
        try simulator.library.configure("abort_ms", "1500")
        var iterator: (any AsyncIteratorProtocol)? = model.generation(after: prompt, sampling: .greedy)
            .makeAsyncIterator()
        _ = try await iterator?.next()
        let start = ContinuousClock.now
        iterator = nil
        #expect(.now - start < .seconds(1), "whoever drops it does not wait")
        #expect(try await answer(model, prompt).map(\.id) == TinyDecoder.golden[1].answer)
        #expect(.now - start >= .milliseconds(1500))
        await expectIdle(simulator)
    }

    @Test func aGenerationThatNobodyAsksGivesTheCoresBack() async throws {
        let patience = RKLLMPatience(token: .seconds(60), consumer: .milliseconds(200))
        let simulator = try await SimulatedDecoder(patience: patience)
        let model = try await simulator.load(.rows)
        var iterator = model.generation(after: prompt, sampling: .greedy).makeAsyncIterator()
        _ = try await iterator.next()
        // No more than some tokens are computed ahead.
        await expectIdle(simulator)
        #expect(try simulator.count("tokens") <= 12)
        var told: InferenceError?
        do { while try await iterator.next() != nil {} } catch { told = error as? InferenceError }
        #expect(told?.code == .timedOut)
        #expect(told?.message.contains("nobody asked") == true)
        // So few that none of them has to wait, however slow this machine is.
        #expect(try await answer(model, prompt, 4).map(\.id) == Array(TinyDecoder.golden[1].answer.prefix(4)))
    }

    @Test func twoModelsTakeTurnsOnTheCores() async throws {
        let simulator = try await SimulatedDecoder()
        do {
            let models = [try await simulator.load(.rows), try await simulator.load(.tokens)]
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<24 {
                    let (prompt, golden) = TinyDecoder.golden[index % 3]
                    group.addTask {
                        let tokens = try await answer(models[index % 2], .tokens(prompt)).map(\.id)
                        #expect(tokens == golden)
                    }
                }
                try await group.waitForAll()
            }
            #expect(try simulator.count("running_max") == 1, "one lease holds all cores")
        }
        try await simulator.expectNothingLeft()
    }
}
