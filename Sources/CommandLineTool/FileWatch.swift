import Conversation
import RKVoice
import Synchronization

/// What is known of a file while it is read: for the progress bar and for the last word on it.
final class FileWatch: Sendable {
    private struct State {
        var progress = FileAudio.Progress()
        var hasText = false
    }

    private let state = Mutex(State())
    private let bar: LabeledProgress

    init(_ bar: LabeledProgress) { self.bar = bar }

    func update(_ progress: FileAudio.Progress) {
        state.withLock { $0.progress = progress }
        bar.update(done: progress.seconds, total: progress.total, unit: "s")
    }

    func heardSomething() { state.withLock { $0.hasText = true } }

    var hasText: Bool { state.withLock { $0.hasText } }
    var isTruncated: Bool { state.withLock { $0.progress.isTruncated } }
    var seconds: Double { state.withLock { $0.progress.seconds } }
}
