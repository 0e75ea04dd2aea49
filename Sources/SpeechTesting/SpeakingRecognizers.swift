package import Speech
import Synchronization

/// A recognizer of sound in which a word is said every quarter of a second: it hears those whose middle it is given.
///
/// Whatever a stream is cut into, each word has to come out once.
package struct WordClock: UtteranceRecognizer {
    /// Samples of one word.
    package static let word = 4_096
    package let sampleRate = 16_000
    package let languages = ["en", "de"].compactMap { Language($0) }
    package let longestUtterance: Int
    private let heard = Heard()

    /// What was asked of it.
    private final class Heard: Sendable {
        let calls = Mutex<[Range<Int>]>([])
    }

    /// - Parameter longestUtterance: in samples.
    package init(longestUtterance: Int = 480_000) { self.longestUtterance = longestUtterance }

    /// The stretches of the stream that were decoded, in order.
    package var calls: [Range<Int>] { heard.calls.withLock { $0 } }

    /// The words of a stretch of samples: `w0 w1 w2`.
    package static func words(_ range: Range<Int>) -> [String] {
        (range.lowerBound / word...range.upperBound / word).compactMap { index in
            range.contains(index * word + word / 2) ? "w\(index)" : nil
        }
    }

    package func transcript(of audio: AudioChunk, _ options: RecognitionOptions) async throws(SpeechError) -> Transcript
    {
        guard audio.frames <= longestUtterance else { throw SpeechError(.invalidAudio, "too long: \(audio.frames)") }
        let range = audio.position..<audio.position + audio.frames
        heard.calls.withLock { $0.append(range) }
        let text = Self.words(range).joined(separator: " ")
        let start = Double(audio.position) / 16_000
        let segment = Transcript.Segment(start: start, end: start + audio.seconds, text: text)
        return Transcript(text: text, language: options.language, segments: text.isEmpty ? [] : [segment])
    }
}

/// A recognizer whose decodes take until the test lets them go.
package final class GatedRecognizer: UtteranceRecognizer {
    private struct State {
        var isOpen = false
        var started = 0
        var cancelled = 0
        var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
        var watchers: [(count: Int, CheckedContinuation<Void, Never>)] = []
    }

    package let sampleRate = 16_000
    package let languages = ["en"].compactMap { Language($0) }
    package let longestUtterance = 480_000
    private let state = Mutex(State())

    package init() {}

    /// Decodes that have begun.
    package var started: Int { state.withLock { $0.started } }
    /// Decodes that ended because they were cancelled.
    package var cancelled: Int { state.withLock { $0.cancelled } }

    /// Lets all decodes go, those to come as well.
    package func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [:] }
            return state.waiting.values.map { $0 }
        }
        for one in waiting { one.resume() }
    }

    /// Waits until so many decodes have begun.
    package func hasStarted(_ count: Int) async { await watch(count) { $0.started } }

    /// Waits until so many decodes were cancelled.
    package func hasCancelled(_ count: Int) async { await watch(1_000_000 + count) { $0.cancelled + 1_000_000 } }

    package func transcript(of audio: AudioChunk, _ options: RecognitionOptions) async throws(SpeechError) -> Transcript
    {
        let id = state.withLock { state in
            state.started += 1
            return state.started
        }
        tell()
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let mustWait = state.withLock { state in
                    guard !state.isOpen, !Task.isCancelled else { return false }
                    state.waiting[id] = continuation
                    return true
                }
                if !mustWait { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiting.removeValue(forKey: id) }?.resume()
        }
        guard !Task.isCancelled else {
            state.withLock { $0.cancelled += 1 }
            tell()
            throw SpeechError(.cancelled, "cancelled")
        }
        let text = "heard \(audio.frames)"
        return Transcript(text: text, segments: [.init(start: 0, end: audio.seconds, text: text)])
    }

    private func watch(_ count: Int, _ value: @Sendable (borrowing State) -> Int) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if value(state) >= count { return true }
                state.watchers.append((count, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }

    /// Wakes whoever waits for what is now reached.
    private func tell() {
        let reached = state.withLock { state in
            let (started, cancelled) = (state.started, state.cancelled)
            let isReached = { (count: Int) in count >= 1_000_000 ? cancelled + 1_000_000 >= count : started >= count }
            defer { state.watchers.removeAll { isReached($0.count) } }
            return state.watchers.filter { isReached($0.count) }
        }
        for watcher in reached { watcher.1.resume() }
    }
}
