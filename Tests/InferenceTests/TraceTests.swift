import Foundation
import Inference
import SpeechTesting
import Testing

@Suite(.timeLimit(.minutes(5))) struct TraceTests {
    /// What a viewer reads.
    private struct Document: Decodable {
        struct Event: Decodable {
            var name: String
            var ph: String
            var cat: String?
            var ts: Double?
            var dur: Double?
            var pid: Int
            var tid: Int
            var args: [String: Argument]
            var end: Double { (ts ?? 0) + (dur ?? 0) }
        }
        enum Argument: Decodable, Equatable {
            case text(String), number(Double), flag(Bool)
            init(from decoder: any Decoder) throws {
                let value = try decoder.singleValueContainer()
                if let flag = try? value.decode(Bool.self) {
                    self = .flag(flag)
                } else if let number = try? value.decode(Double.self) {
                    self = .number(number)
                } else {
                    self = .text(try value.decode(String.self))
                }
            }
        }
        var traceEvents: [Event]
        var metadata: [String: Argument]

        /// Slices by the name of their track.
        var tracks: [String: [Event]] {
            let names = traceEvents.filter { $0.name == "thread_name" }
            let slices = traceEvents.filter { $0.ph == "X" }
            return names.reduce(into: [:]) { tracks, track in
                guard case .text(let name) = track.args["name"] else { return }
                tracks[name] = slices.filter { $0.pid == track.pid && $0.tid == track.tid }
            }
        }
    }

    private func document(_ trace: Trace) throws -> Document {
        try JSONDecoder().decode(Document.self, from: trace.json())
    }

    private func record(_ label: String, _ cores: CoreMask, at start: ContinuousClock.Instant) -> LeaseRecord {
        let granted = start + .milliseconds(5)
        let lease = Lease(id: 1, cores: cores, label: label, priority: .live, requested: start, granted: granted)
        return LeaseRecord(lease, end: granted + .milliseconds(10))
    }

    @Test func aLeaseIsASliceOnEachOfItsCoresAndWaitingIsOneOfItsOwn() throws {
        let trace = Trace(isSimulated: true)
        let start = ContinuousClock.now
        trace.add(record("decoder", [.core0, .core1], at: start), on: "RK3588 (simulated)")
        trace.add(record("encoder", .core2, at: start), on: "RK3588 (simulated)")
        let document = try document(trace)
        let tracks = document.tracks
        #expect(Set(tracks.keys) == ["core 0", "core 1", "core 2", "queue", "queue #2"])
        let slice = try #require(tracks["core 1"]?.first)
        #expect(slice.name == "decoder" && slice.cat == "lease" && abs((slice.dur ?? 0) - 10_000) < 1)
        #expect(slice.args["queued_ms"] == .number(5) && slice.args["priority"] == .text("live"))
        let queued = try #require(tracks["queue"]?.first)
        #expect(queued.cat == "queue" && abs(queued.end - (slice.ts ?? 0)) < 1)
        #expect(document.metadata["simulated"] == .flag(true))
        let group = document.traceEvents.first { $0.name == "process_name" }
        #expect(group?.args["name"] == .text("RK3588 (simulated)"))
    }

    @Test func runsOfAStageThatOverlapHaveLanesOfTheirOwn() async throws {
        let trace = Trace()
        let start = ContinuousClock.now
        for offset in [0, 5, 20] {
            trace.add(stage: "encoder", start: start + .milliseconds(offset), ran: .milliseconds(10))
        }
        let metered = MeteredGraph(ClosureGraph(inputs: [], outputs: []) { $0 }, stage: "decoder", trace: trace)
        let clock = StageClock()
        try await MeteredGraph.$clock.withValue(clock) { _ = try await metered.run([:]) }
        _ = try await metered.run([:])
        let tracks = try document(trace).tracks
        #expect(tracks["encoder"]?.count == 2 && tracks["encoder #2"]?.count == 1 && tracks["decoder"]?.count == 2)
        #expect(clock.milliseconds["decoder"] != nil)
    }

    @Test func aDeviceWritesItsLeasesDown() async throws {
        let npu = NPU(board: .rk3588, isSimulated: true)
        let trace = Trace(isSimulated: true)
        trace.observe(npu)
        let first = try await npu.acquire(.any, label: "one")
        let second = try await npu.acquire(.any, label: "two")
        npu.release(second)
        npu.release(first)
        let tracks = try document(trace).tracks
        let one = try #require(tracks["core 0"]?.first)
        let two = try #require(tracks["core 1"]?.first)
        // Two cores at the same time, to be seen.
        #expect((one.ts ?? 0) <= (two.ts ?? 0) && one.end >= two.end)
    }

    @Test func onlyTheNewestAreKeptAndTheRestIsCounted() throws {
        let trace = Trace(capacity: 10)
        let start = ContinuousClock.now
        for number in 0..<25 { trace.add(stage: "\(number)", start: start + .seconds(number), ran: .seconds(1)) }
        let document = try document(trace)
        #expect(document.traceEvents.filter { $0.ph == "X" }.map(\.name) == (15..<25).map(String.init))
        #expect(document.metadata["dropped"] == .number(15) && document.metadata["kept"] == .text("newest"))
        #expect(trace.count == 10 && trace.dropped == 15)
    }

    @Test func theFileAppearsWholeOrAnErrorSaysWhyNot() throws {
        let directory = try Directory()
        let trace = Trace()
        trace.add(stage: "quote \" and\nline", start: .now, ran: .zero)
        try trace.write(to: directory.path + "/trace.json")
        let data = try Data(contentsOf: URL(fileURLWithPath: directory.path + "/trace.json"))
        #expect(try JSONDecoder().decode(Document.self, from: data).traceEvents.last?.name == "quote \" and\nline")
        let error = #expect(throws: InferenceError.self) { try trace.write(to: directory.path + "/no/trace.json") }
        #expect(error?.description.contains("/no/trace.json") == true)
    }
}
