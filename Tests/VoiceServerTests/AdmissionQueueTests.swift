import HTTPTypes
import Telemetry
import Testing
import Transport
import VoiceConfiguration
import VoiceServer

@Suite(.timeLimit(.minutes(2))) struct AdmissionQueueTests {
    let time = ManualClock()
    let registry = PrometheusRegistry()

    private func queue(_ change: (inout Configuration) -> Void) -> (AdmissionQueue, LiveConfiguration) {
        var settings = Configuration()
        change(&settings)
        let live = LiveConfiguration(settings)
        let metrics = ServerMetrics(registry: registry)
        return (AdmissionQueue(configuration: live, metrics: metrics, clock: time.clock), live)
    }

    private func failure(_ body: () async throws -> Void) async -> HTTPFailure? {
        do {
            try await body()
            return nil
        } catch {
            return error as? HTTPFailure
        }
    }

    @Test func twoComputeAndTheOthersFollowInTheOrderOfTheirArrival() async throws {
        let (queue, _) = queue { $0.limits.concurrentRequests = 2 }
        let diary = Diary()
        let first = try await queue.turn(kind: "tts")
        let second = try await queue.turn(kind: "tts")
        await withTaskGroup(of: Void.self) { group in
            for name in ["a", "b", "c"] {
                let waiting = queue.occupancy.waiting
                group.addTask {
                    try? await queue.withTurn(kind: "tts") { _ in
                        diary.note(name)
                        #expect(queue.occupancy.computing <= 2)
                    }
                }
                await eventually("\(name) waits") { queue.occupancy.waiting == waiting + 1 }
            }
            #expect(diary.entries.isEmpty)
            #expect(queue.occupancy == (2, 3))
            first.release()
        }
        #expect(diary.entries == ["a", "b", "c"])
        second.release()
        #expect(queue.occupancy == (0, 0))
    }

    @Test func aFullQueueRefusesWithTheTimeItWillTake() async throws {
        let (queue, _) = queue {
            $0.limits.concurrentRequests = 1
            $0.limits.queueLength = 1
        }
        // Recent requests took 4 s on average.
        for seconds in [3.0, 5.0] {
            try await queue.withTurn(kind: "tts") { _ in time.advance(by: seconds) }
        }
        let turn = try await queue.turn(kind: "tts")
        let waiting = Task { try await queue.turn(kind: "tts") }
        await eventually("one waits") { queue.occupancy.waiting == 1 }
        let refusal = await failure { _ = try await queue.turn(kind: "asr") }
        #expect(refusal?.status.code == 429)
        #expect(refusal?.code == "too_many_requests")
        #expect(refusal?.retryAfter == 8)
        #expect(refusal?.message == "too many requests wait for their turn; try again in 8 s")
        turn.release()
        try await waiting.value.release()
        let text = registry.render()
        #expect(text.contains(#"rkvoice_queue_refusals_total{code="too_many_requests",kind="asr"} 1"#))
        #expect(text.contains("rkvoice_waiting_requests 0\n"))
        #expect(text.contains("rkvoice_active_requests 0\n"))
    }

    @Test func whoWaitsTooLongIsToldSo() async throws {
        let (queue, _) = queue {
            $0.limits.concurrentRequests = 1
            $0.limits.queueSeconds = 30
        }
        let turn = try await queue.turn(kind: "tts")
        let waiting = Task { await failure { _ = try await queue.turn(kind: "asr") } }
        await eventually("the alarm is set") { time.sleepers == 1 && queue.occupancy.waiting == 1 }
        time.advance(by: 29)
        #expect(queue.occupancy.waiting == 1)
        time.advance(by: 1)
        let refusal = await waiting.value
        #expect(refusal?.status.code == 503)
        #expect(refusal?.code == "queue_timeout")
        #expect(refusal?.message == "no turn came within 30 s; try again later")
        #expect(queue.occupancy == (1, 0))
        turn.release()
        #expect(queue.occupancy == (0, 0))
    }

    @Test func aTurnTellsHowLongItWasWaitedFor() async throws {
        let (queue, _) = queue { $0.limits.concurrentRequests = 1 }
        let turn = try await queue.turn(kind: "tts")
        #expect(turn.waitSeconds == 0)
        let waiting = Task { try await queue.withTurn(kind: "asr") { $0.waitSeconds } }
        await eventually("the alarm is set") { time.sleepers == 1 && queue.occupancy.waiting == 1 }
        time.advance(by: 1.5)
        turn.release()
        #expect(try await waiting.value == 1.5)
        #expect(time.sleepers == 0)
        #expect(registry.render().contains(#"rkvoice_queue_wait_seconds_sum{kind="asr"} 1.5"#))
    }

    @Test func whoGivesUpLeavesAtOnceAndTakesNoTurn() async throws {
        let (queue, _) = queue { $0.limits.concurrentRequests = 1 }
        let turn = try await queue.turn(kind: "tts")
        let impatient = Task { try await queue.turn(kind: "tts") }
        await eventually("one waits") { queue.occupancy.waiting == 1 }
        let patient = Task { try await queue.turn(kind: "tts") }
        await eventually("two wait") { queue.occupancy.waiting == 2 }
        impatient.cancel()
        await #expect(throws: CancellationError.self) { try await impatient.value }
        #expect(queue.occupancy == (1, 1))
        turn.release()
        try await patient.value.release()
        #expect(queue.occupancy == (0, 0))
    }

    @Test func aTurnEndsWithItsBodyEvenWhenThatFails() async throws {
        struct Failure: Error {}
        let (queue, _) = queue { $0.limits.concurrentRequests = 1 }
        await #expect(throws: Failure.self) { try await queue.withTurn(kind: "tts") { _ in throw Failure() } }
        #expect(queue.occupancy.computing == 0)
    }

    @Test func aTurnGivenBackEarlyIsNotGivenBackTwice() async throws {
        let (queue, _) = queue { $0.limits.concurrentRequests = 1 }
        try await queue.withTurn(kind: "tts") { turn in
            turn.release()
            #expect(queue.occupancy.computing == 0)
            let other = try await queue.turn(kind: "tts")
            turn.release()
            #expect(queue.occupancy.computing == 1)
            other.release()
        }
        #expect(queue.occupancy.computing == 0)
    }

    @Test func aTurnThatIsDroppedComesBack() async throws {
        let (queue, _) = queue { $0.limits.concurrentRequests = 1 }
        var turn: AdmissionTurn? = try await queue.turn(kind: "tts")
        #expect(turn != nil && queue.occupancy.computing == 1)
        turn = nil
        #expect(queue.occupancy.computing == 0)
    }

    @Test func aShutdownRefusesAllButThoseWhoCompute() async throws {
        let (queue, _) = queue { $0.limits.concurrentRequests = 1 }
        let turn = try await queue.turn(kind: "tts")
        let waiting = Task { await failure { _ = try await queue.turn(kind: "tts") } }
        await eventually("one waits") { queue.occupancy.waiting == 1 }
        queue.shutDown()
        #expect(await waiting.value?.code == "shutting_down")
        let late = await failure { _ = try await queue.turn(kind: "tts") }
        #expect(late?.status.code == 503)
        #expect(late?.code == "shutting_down")
        #expect(queue.occupancy == (1, 0))
        turn.release()
        #expect(queue.occupancy == (0, 0))
    }

    @Test func withSeveralKeysOneClientWaitsInHalfOfTheQueue() async throws {
        let (queue, live) = queue {
            $0.limits.concurrentRequests = 1
            $0.limits.queueLength = 4
            $0.server.apiKeys = ["one", "two"]
        }
        let turn = try await queue.turn(kind: "tts", client: "key:1")
        let waiting = (0..<2).map { _ in Task { try await queue.turn(kind: "tts", client: "key:1") } }
        await eventually("two wait") { queue.occupancy.waiting == 2 }
        let refusal = await failure { _ = try await queue.turn(kind: "tts", client: "key:1") }
        #expect(refusal?.code == "too_many_requests")
        let other = Task { try await queue.turn(kind: "tts", client: "key:2") }
        await eventually("three wait") { queue.occupancy.waiting == 3 }
        // With one key all clients look alike, and the queue is for all.
        var settings = live.current
        settings.server.apiKeys = ["one"]
        live.replace(with: settings)
        let fourth = Task { try await queue.turn(kind: "tts", client: "key:1") }
        await eventually("four wait") { queue.occupancy.waiting == 4 }
        turn.release()
        for task in waiting + [other, fourth] { try await task.value.release() }
        #expect(queue.occupancy == (0, 0))
    }

    @Test func aReloadAppliesToWhoComesNext() async throws {
        let (queue, live) = queue { $0.limits.concurrentRequests = 1 }
        let first = try await queue.turn(kind: "tts")
        let second = Task { try await queue.turn(kind: "tts") }
        let third = Task { try await queue.turn(kind: "tts") }
        await eventually("two wait") { queue.occupancy.waiting == 2 }
        var settings = live.current
        settings.limits.concurrentRequests = 2
        live.replace(with: settings)
        first.release()
        let turns = try await [second.value, third.value]
        #expect(queue.occupancy == (2, 0))
        for turn in turns { turn.release() }
    }

    @Test func aStormOfArrivalsAndCancellationsLeavesNothingBehind() async throws {
        let (queue, _) = queue {
            $0.limits.concurrentRequests = 3
            $0.limits.queueLength = 40
        }
        let ends = Diary()
        await withTaskGroup(of: Void.self) { group in
            for index in 0..<400 {
                let task = Task {
                    do {
                        try await queue.withTurn(kind: "tts") { _ in
                            #expect(queue.occupancy.computing <= 3)
                            for _ in 0..<(index % 7) { await Task.yield() }
                        }
                        ends.note("done")
                    } catch is CancellationError {
                        ends.note("cancelled")
                    } catch {
                        ends.note((error as? HTTPFailure)?.code ?? "\(error)")
                    }
                }
                group.addTask {
                    if index % 3 == 0 { task.cancel() }
                    await task.value
                }
            }
        }
        #expect(queue.occupancy == (0, 0))
        #expect(time.sleepers == 0)
        #expect(ends.entries.count == 400)
        #expect(Set(ends.entries).isSubset(of: ["done", "cancelled", "too_many_requests"]))
        let text = registry.render()
        #expect(text.contains("rkvoice_waiting_requests 0\n"))
        #expect(text.contains("rkvoice_active_requests 0\n"))
    }
}

@Suite struct StreamCounterTests {
    let time = ManualClock()
    let registry = PrometheusRegistry()

    private func counter(limit: Int) -> StreamCounter {
        var settings = Configuration()
        settings.limits.streams = limit
        return StreamCounter(
            configuration: LiveConfiguration(settings),
            metrics: ServerMetrics(registry: registry),
            clock: time.clock
        )
    }

    @Test func oneStreamTooManyIsRefusedUntilAnotherEnds() throws {
        let streams = counter(limit: 2)
        let first = try streams.open()
        let second = try streams.open()
        #expect(registry.render().contains("rkvoice_active_streams 2\n"))
        let refusal = #expect(throws: HTTPFailure.self) { try streams.open() }
        #expect(refusal?.status.code == 429)
        #expect(refusal?.code == "too_many_streams")
        #expect(refusal?.retryAfter == 1)
        time.advance(by: 12)
        first.release()
        first.release()
        #expect(streams.count == 1)
        let third = try streams.open()
        // Streams live 12 s, so one of two ends every 6 s.
        #expect(#expect(throws: HTTPFailure.self) { try streams.open() }?.retryAfter == 6)
        second.release()
        third.release()
        #expect(streams.count == 0)
        #expect(registry.render().contains("rkvoice_active_streams 0\n"))
    }

    @Test func aPermitThatIsDroppedCountsTheStreamOut() throws {
        let streams = counter(limit: 1)
        _ = try streams.open()
        #expect(streams.count == 0)
    }

    @Test func aShutdownRefusesNewStreams() throws {
        let streams = counter(limit: 1)
        streams.shutDown()
        #expect(#expect(throws: HTTPFailure.self) { try streams.open() }?.code == "shutting_down")
    }
}
