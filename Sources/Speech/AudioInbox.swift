import Synchronization

/// The letterbox between whoever receives sound and a recognizer.
///
/// The writer waits while it is full, so that TCP slows a client down. The reader gets everything that waits at once,
/// audio merged into one chunk: a slow model skips partial texts instead of falling behind. The order of sound, pauses
/// and ends of utterances is kept. A cancelled writer or reader finishes the box, so that neither waits for the other.
package final class AudioInbox: Sendable {
    fileprivate struct State {
        /// What waits before `audio`, in order.
        var queue: [RecognizerInput] = []
        /// The newest sound, still growing.
        var audio: AudioChunk?
        /// Samples in `queue` and `audio`.
        var held = 0
        /// Frames taken so far, at the rate of the chunk that came last.
        var position = 0
        var isFinished = false
        var readers: [CheckedContinuation<Void, Never>] = []
        var writers: [CheckedContinuation<Void, Never>] = []
    }

    /// Pauses, ends of utterances and changes of format that may wait; a client has no use for more.
    private static let markers = 64

    private let capacity: Int
    private let state = Mutex(State())

    /// - Parameter capacity: samples held before ``send(_:)`` waits; at least one.
    package init(capacity: Int) { self.capacity = Swift.max(1, capacity) }

    /// Samples that wait to be read.
    package var held: Int { state.withLock { $0.held } }

    /// Adds an input; waits while the box is full. Positions of chunks are ignored: the box counts what it takes.
    /// - Returns: false when the box is finished: the input, or the rest of it, was dropped.
    @discardableResult
    package func send(_ input: RecognizerInput) async -> Bool {
        if Task.isCancelled { finish() }
        var sent = 0
        while true {
            let (outcome, readers) = state.withLock { state in
                (state.add(input, from: &sent, capacity: capacity, markers: Self.markers), state.readers.all())
            }
            for reader in readers { reader.resume() }
            switch outcome {
            case .added: return true
            case .finished: return false
            case .full:
                await wait {
                    $0.isFull(capacity, Self.markers)
                } in: {
                    $0.writers.append($1)
                }
            }
        }
    }

    /// Says that nothing more will come; what waits can still be read.
    package func finish() {
        let waiting = state.withLock { state in
            state.isFinished = true
            return state.readers.all() + state.writers.all()
        }
        for one in waiting { one.resume() }
    }

    /// What waits, sound up to the next mark merged into one chunk; waits for it.
    /// - Returns: nil once finished and empty, and when the task is cancelled.
    package func receive() async -> RecognizerInput? {
        while !Task.isCancelled {
            let (input, isFinished, writers) = state.withLock { state in
                let input = state.next()
                return (input, state.isFinished, input == nil ? [] : state.writers.all())
            }
            for writer in writers { writer.resume() }
            if input != nil || isFinished { return input }
            await wait {
                $0.isEmpty
            } in: {
                $0.readers.append($1)
            }
        }
        finish()
        return nil
    }

    /// Suspends while `condition` holds; looks at it once, so callers loop.
    private func wait(
        while condition: (State) -> Bool,
        in list: (inout State, CheckedContinuation<Void, Never>) -> Void
    ) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let mustWait = state.withLock { state in
                    guard !state.isFinished, condition(state) else { return false }
                    list(&state, continuation)
                    return true
                }
                if !mustWait { continuation.resume() }
            }
        } onCancel: {
            finish()
        }
    }
}

extension AudioInbox.State {
    enum Outcome { case added, full, finished }

    var isEmpty: Bool { queue.isEmpty && audio == nil }

    func isFull(_ capacity: Int, _ markers: Int) -> Bool { held >= capacity || queue.count >= markers }

    /// Adds what there is room for; `sent` counts samples of the input that are in.
    mutating func add(_ input: RecognizerInput, from sent: inout Int, capacity: Int, markers: Int) -> Outcome {
        guard !isFinished else { return .finished }
        guard !isFull(capacity, markers) else { return .full }
        guard case .audio(let chunk) = input else {
            close()
            queue.append(input)
            return .added
        }
        // A whole number of frames, and at least one, or a tiny box would never take any.
        let frames = max(1, (capacity - held) / chunk.channels)
        let end = min(chunk.samples.count, sent + frames * chunk.channels)
        append(chunk.samples[sent..<end], like: chunk)
        sent = end
        return end == chunk.samples.count ? .added : .full
    }

    private mutating func append(_ samples: ArraySlice<Float>, like chunk: AudioChunk) {
        guard !samples.isEmpty else { return }
        if let audio, audio.sampleRate != chunk.sampleRate || audio.channels != chunk.channels { close() }
        if audio == nil {
            audio = AudioChunk(
                samples: [],
                sampleRate: chunk.sampleRate,
                channels: chunk.channels,
                position: position
            )
        }
        audio?.samples += samples
        held += samples.count
        position += samples.count / chunk.channels
    }

    private mutating func close() {
        if let chunk = audio.take() { queue.append(.audio(chunk)) }
    }

    mutating func next() -> RecognizerInput? {
        let input = queue.isEmpty ? audio.take().map(RecognizerInput.audio) : queue.removeFirst()
        if case .audio(let chunk) = input { held -= chunk.samples.count }
        return input
    }
}

extension [CheckedContinuation<Void, Never>] {
    /// Everybody who waits, taken off the list.
    mutating func all() -> Self {
        guard !isEmpty else { return self }
        defer { self = [] }
        return self
    }
}

extension AudioInbox: AsyncSequence {
    package typealias Element = RecognizerInput
    package typealias Failure = SpeechError

    package func makeAsyncIterator() -> Iterator { Iterator(inbox: self) }

    package struct Iterator: AsyncIteratorProtocol {
        let inbox: AudioInbox

        package func next() async throws(SpeechError) -> RecognizerInput? { await inbox.receive() }

        package func next(isolation actor: isolated (any Actor)?) async throws(SpeechError) -> RecognizerInput? {
            await inbox.receive()
        }
    }
}
