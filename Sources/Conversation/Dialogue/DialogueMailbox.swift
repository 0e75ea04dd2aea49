import Speech
import Synchronization

/// The one place where a dialogue waits: the client, the recognizer, the language model, the voice and the clock,
/// whichever comes first; of several, the most urgent.
///
/// Whoever puts something in waits until it is taken, so nothing piles up; a cancelled writer takes its own out again.
final class DialogueMailbox: Sendable {
    /// Where an arrival comes from.
    enum Lane: Int, CaseIterable, Sendable { case client, hearing, answer, voice }

    /// What arrives: an event, and the sound that belongs to it.
    struct Arrival: Sendable {
        var event: TurnEvent
        var sound: AudioChunk?
    }

    fileprivate struct Entry {
        let id: UInt64
        let arrival: Arrival
        let writer: CheckedContinuation<Bool, Never>
    }

    fileprivate struct State {
        var lanes = [[Entry]](repeating: [], count: Lane.allCases.count)
        var nextID: UInt64 = 0
        var isRinging = false
        var isClosed = false
        var reader: CheckedContinuation<Void, Never>?

        func holds(_ lanes: [Lane]) -> Bool { lanes.contains { !self.lanes[$0.rawValue].isEmpty } }
    }

    private let state = Mutex(State())

    /// Puts an event in, and waits until it is taken.
    /// - Returns: false when it was not, and nothing else will be: the box is closed, or the task cancelled.
    @discardableResult
    func put(_ event: TurnEvent, sound: AudioChunk? = nil, in lane: Lane) async -> Bool {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        let arrival = Arrival(event: event, sound: sound)
        return await withTaskCancellationHandler {
            await withCheckedContinuation { add(Entry(id: id, arrival: arrival, writer: $0), to: lane) }
        } onCancel: {
            withdraw(id, from: lane)
        }
    }

    /// The most urgent arrival of some lanes; waits for it. A tick comes when nothing else is there.
    /// - Returns: nil once closed, and when the task is cancelled.
    func next(_ lanes: [Lane]) async -> Arrival? {
        while true {
            let (arrival, isClosed, writer) = state.withLock { $0.take(lanes) }
            writer?.resume(returning: true)
            if arrival != nil || isClosed { return arrival }
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    let mustWait = state.withLock { state in
                        guard !state.isClosed, !Task.isCancelled, !state.isRinging, !state.holds(lanes) else {
                            return false
                        }
                        state.reader = continuation
                        return true
                    }
                    if !mustWait { continuation.resume() }
                }
            } onCancel: {
                close()
            }
            if Task.isCancelled { close() }
        }
    }

    /// The time that was waited for has come.
    func ring() {
        let reader = state.withLock { state in
            state.isRinging = true
            return state.reader.take()
        }
        reader?.resume()
    }

    /// Nothing is taken any more; whoever waits goes on.
    func close() {
        let (reader, entries) = state.withLock { state in
            state.isClosed = true
            let entries = state.lanes.joined()
            state.lanes = Array(repeating: [], count: Lane.allCases.count)
            return (state.reader.take(), Array(entries))
        }
        reader?.resume()
        for entry in entries { entry.writer.resume(returning: false) }
    }

    private func add(_ entry: Entry, to lane: Lane) {
        let (isAdded, reader) = state.withLock { state -> (Bool, CheckedContinuation<Void, Never>?) in
            // A cancellation before this line has found nothing to take out; one after it will.
            guard !state.isClosed, !Task.isCancelled else { return (false, nil) }
            state.lanes[lane.rawValue].append(entry)
            return (true, state.reader.take())
        }
        if !isAdded { entry.writer.resume(returning: false) }
        reader?.resume()
    }

    private func withdraw(_ id: UInt64, from lane: Lane) {
        let entry = state.withLock { state -> Entry? in
            let entries = state.lanes[lane.rawValue]
            return entries.firstIndex { $0.id == id }.map { state.lanes[lane.rawValue].remove(at: $0) }
        }
        entry?.writer.resume(returning: false)
    }
}

extension DialogueMailbox.State {
    fileprivate mutating func take(
        _ lanes: [DialogueMailbox.Lane]
    ) -> (DialogueMailbox.Arrival?, isClosed: Bool, writer: CheckedContinuation<Bool, Never>?) {
        if isClosed { return (nil, true, nil) }
        for lane in lanes where !self.lanes[lane.rawValue].isEmpty {
            let entry = self.lanes[lane.rawValue].removeFirst()
            return (entry.arrival, false, entry.writer)
        }
        guard isRinging else { return (nil, false, nil) }
        isRinging = false
        return (DialogueMailbox.Arrival(event: .tick), false, nil)
    }
}
