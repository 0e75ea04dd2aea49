import Conversation
import Foundation
import Inference
import Speech
import SpeechSignal

/// Where the answers of a conversation go: a loudspeaker that can be silenced at once, or a file.
actor TalkSink {
    /// Settled before any work.
    enum Destination: Equatable, Sendable {
        case player(Player)
        case file(String)

        /// - Throws: ``CommandError`` when there is no player, or the file has no place.
        init(output: String?) throws {
            guard let output else {
                guard let player = Player.find() else {
                    throw CommandError(.unavailable, "no player found; install alsa-utils, or use -o FILE.wav")
                }
                self = .player(player)
                return
            }
            guard output != "-" else { throw CommandError(.usage, "-o names a WAV file; texts go to standard output") }
            // Tells what can be told of the place.
            _ = try SpeechSink.Destination(output: output)
            self = .file(output)
        }

        var isLoud: Bool { if case .player = self { true } else { false } }
    }

    private let destination: Destination
    private let sampleRate: Int
    private let writer: WAVFileWriter?
    /// Writing into a pipe blocks.
    private let pool = BlockingPool(label: "rkvoice.loudspeaker")
    private var playing: (process: Process, input: FileHandle)?

    init(_ destination: Destination, _ sampleRate: Int) throws {
        self.destination = destination
        self.sampleRate = sampleRate
        if case .file(let path) = destination {
            writer = try WAVFileWriter(path: path, sampleRate: sampleRate)
        } else {
            writer = nil
        }
    }

    /// Plays the sound of an event; the end of a turn that was interrupted silences it.
    func take(_ event: DialogueEvent) async throws {
        switch event.content {
        case .audio(let chunk): try await play(chunk)
        case .ended(let report): if report.outcome == .done { try endTurn() } else { silence() }
        case .truncated: silence()
        default: break
        }
    }

    /// The conversation is over: what was sent is played to its end, the file gets its name.
    // Inlined into a caller, it crashes Swift 6.3.1's compiler (splitting a coroutine).
    @inline(never)
    func finish() async throws {
        try endTurn()
        try writer?.finish()
    }

    private func play(_ chunk: AudioChunk) async throws {
        if let writer { return try writer.append(chunk.samples) }
        guard case .player(let player) = destination else { return }
        let bytes = PCM16.encode(chunk.samples)
        if playing == nil {
            let started = try player.start()
            playing = started
            try started.input.writeAll(WAVHeader.bytes(sampleRate: sampleRate, channels: 1, frames: nil))
        }
        guard let input = playing?.input else { return }
        try await withTaskExecutorPreference(pool) { try await Self.write(bytes, to: input) }
    }

    private static func write(_ bytes: [UInt8], to input: FileHandle) async throws { try input.writeAll(bytes) }

    /// The player plays what it has, and ends.
    private func endTurn() throws {
        try playing?.input.close()
        playing = nil
    }

    private func silence() {
        playing?.process.terminate()
        try? playing?.input.close()
        playing = nil
    }
}
