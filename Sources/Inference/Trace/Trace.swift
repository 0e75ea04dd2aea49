package import Foundation
import Synchronization

/// What ran when: leases of NPU cores, waiting for them, and the stages of models.
///
/// Written in the trace event format of Chrome ("Trace Event Format", JSON object form), which Perfetto and
/// `chrome://tracing` open. Only the newest events are kept, because a server runs for weeks and what matters is what
/// happened last; how many were dropped is in the file.
package final class Trace: Sendable {
    /// One thing that took time.
    struct Event: Sendable {
        enum Kind: Sendable { case lease(device: String, LeaseRecord), stage }
        var kind: Kind
        var label: String
        var start: ContinuousClock.Instant
        var ran: Duration
    }

    /// Events that are kept by default: some tens of megabytes of file.
    package static let standardCapacity = 100_000

    /// Whether a simulator stood in for the devices; said in the file.
    package let isSimulated: Bool
    private let capacity: Int
    private let origin = ContinuousClock.now
    private let state = Mutex(State())

    private struct State {
        var events: [Event] = []
        /// Where the next event goes once the ring is full.
        var next = 0
        var dropped = 0
    }

    /// - Parameters:
    ///   - capacity: most events kept.
    ///   - isSimulated: whether a simulator stands in for the devices.
    package init(capacity: Int = Trace.standardCapacity, isSimulated: Bool = false) {
        self.capacity = max(1, capacity)
        self.isSimulated = isSimulated
    }

    /// Notes every lease of a device down from now on.
    package func observe(_ npu: NPU) {
        let device = npu.name
        npu.onLease { self.add($0, on: device) }
    }

    /// Notes a lease down. The name of the device becomes a group of tracks.
    package func add(_ lease: LeaseRecord, on device: String) {
        add(Event(kind: .lease(device: device, lease), label: lease.label, start: lease.start, ran: lease.ran))
    }

    /// Notes a run of a stage down.
    package func add(stage: String, start: ContinuousClock.Instant, ran: Duration) {
        add(Event(kind: .stage, label: stage, start: start, ran: ran))
    }

    /// Events that are kept.
    package var count: Int { state.withLock { $0.events.count } }

    /// Events that had to make room.
    package var dropped: Int { state.withLock { $0.dropped } }

    private func add(_ event: Event) {
        state.withLock { state in
            guard state.events.count == capacity else { return state.events.append(event) }
            state.events[state.next] = event
            state.next = (state.next + 1) % capacity
            state.dropped += 1
        }
    }

    /// The trace so far, as JSON.
    package func json() -> Data {
        let (events, dropped) = state.withLock { ($0.events, $0.dropped) }
        let document = TraceDocument(events, origin: origin, isSimulated: isSimulated, dropped: dropped)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Strings and finite numbers always encode.
        return (try? encoder.encode(document)) ?? Data("{}".utf8)
    }

    /// Writes the trace so far; the file appears whole or not at all.
    /// - Throws: `missingFile` with the system's words when it cannot be written.
    package func write(to path: String) throws(InferenceError) {
        do { try json().write(to: URL(fileURLWithPath: path), options: .atomic) } catch {
            throw InferenceError(
                .missingFile,
                "the trace cannot be written: \(error.localizedDescription)",
                graph: path
            )
        }
    }
}
