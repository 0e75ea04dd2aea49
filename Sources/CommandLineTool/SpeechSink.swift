import Conversation
import Foundation
import RKVoice
import Speech
import SpeechSignal

/// Where spoken sound goes.
enum SpeechSink {
    /// Settled before any work.
    enum Destination: Equatable {
        case file(String)
        case standardOutput
        case player(Player)

        /// - Throws: ``CommandError`` when sound would go to a terminal, or when there is no player.
        init(output: String?) throws {
            let isTerminal = isatty(1) == 1
            switch output {
            case "-" where isTerminal:
                throw CommandError(.usage, "sound does not belong on a terminal; use `-o FILE.wav` or a pipe")
            case "-": self = .standardOutput
            case .some(let path):
                try Self.checkPlace(path)
                self = .file(path)
            case nil where !isTerminal: self = .standardOutput
            case nil:
                guard let player = Player.find() else {
                    throw CommandError(
                        .unavailable,
                        "no player found (pw-play, paplay, aplay, ffplay, play); install alsa-utils, or use -o FILE.wav"
                    )
                }
                self = .player(player)
            }
        }

        /// Tells what can be told without writing anything.
        private static func checkPlace(_ path: String) throws {
            guard !path.isEmpty else { throw CommandError(.usage, "-o needs the name of a file") }
            let url = URL(fileURLWithPath: path)
            let parent = url.deletingLastPathComponent().path
            var status = stat()
            if stat(path, &status) == 0 {
                guard status.st_mode & S_IFMT != S_IFDIR else {
                    throw CommandError(.cannotCreate, "\(path): is a directory; give a file name")
                }
                guard access(path, W_OK) == 0 else {
                    throw CommandError(.cannotCreate, "\(path): may not be written; choose another name")
                }
            } else if stat(parent, &status) != 0 {
                throw CommandError(.cannotCreate, "\(path): there is no directory \(parent); create it first")
            } else if access(parent, W_OK | X_OK) != 0 {
                throw CommandError(.cannotCreate, "\(path): \(parent) cannot be written; choose another place")
            }
        }

        /// Pulls the narration through; each chunk is gone before the next is computed.
        ///
        /// - Parameters:
        ///   - narration: the speech.
        ///   - sampleRate: Hz of it.
        ///   - format: what to write; nil goes by the name of a file, and is WAV elsewhere.
        /// - Returns: what the speech cost.
        /// - Throws: what making, encoding and writing it throw.
        func play(_ narration: Narration, sampleRate: Int, as format: AudioFormat?) async throws -> SynthesisMetrics {
            switch self {
            case .file(let path): return try await narration.write(to: path, as: format)
            case .standardOutput:
                let encoder = try AudioEncoder(format ?? .wav, sampleRate: sampleRate, isStreaming: true)
                return try await Self.stream(narration, encoder, to: FileHandle.standardOutput)
            case .player(let player):
                let encoder = try AudioEncoder(.wav, sampleRate: sampleRate, isStreaming: true)
                let process = try player.start()
                let metrics = try await Self.stream(narration, encoder, to: process.input)
                try process.input.close()
                process.process.waitUntilExit()
                return metrics
            }
        }

        /// The header leaves with the first sound, so that a failure before it leaves the pipe empty.
        private static func stream(
            _ narration: Narration,
            _ encoder: AudioEncoder,
            to handle: FileHandle
        ) async throws -> SynthesisMetrics {
            var metrics = SynthesisMetrics()
            var hasSound = false
            for try await event in narration {
                switch event {
                case .audio(let chunk):
                    try handle.writeAll(encoder.encode(chunk.samples))
                    hasSound = true
                case .finished(let cost): metrics = cost
                }
            }
            if hasSound { try handle.writeAll(encoder.finish()) }
            return metrics
        }
    }
}

/// A program that plays WAV from its standard input.
struct Player: Equatable {
    var path: String
    var arguments: [String]

    /// Players in the order tried: the sound server's own first. PulseAudio's waits for 2 s of sound before it begins, ALSA's
    /// for 0.5 s, unless told otherwise; an answer in a conversation is made no further ahead than it has to be.
    private static let known = [
        ("pw-play", ["-"]), ("paplay", ["--latency-msec=100"]), ("aplay", ["-q", "--buffer-time=200000", "-"]),
        ("ffplay", ["-nodisp", "-autoexit", "-loglevel", "error", "-i", "-"]), ("play", ["-q", "-t", "wav", "-"]),
    ]

    static func find() -> Player? {
        for (name, arguments) in known {
            for directory in searchPath {
                let path = directory + "/" + name
                if FileManager.default.isExecutableFile(atPath: path) {
                    return Player(path: path, arguments: arguments)
                }
            }
        }
        return nil
    }

    private static let searchPath = ["/usr/local/bin", "/usr/bin", "/bin"]

    func start() throws -> (process: Process, input: FileHandle) {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.standardInput = pipe
        try process.run()
        return (process, pipe.fileHandleForWriting)
    }
}

extension FileHandle {
    /// Writes all of it, waiting while the reader is slow.
    /// - Throws: ``CommandError`` when the reader is gone or the disk is full.
    func writeAll(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Foundation.write(fileDescriptor, Array(rest), rest.count)
            if count > 0 {
                rest.removeFirst(count)
            } else if errno == EPIPE {
                throw CommandError(.readerGone, "the reader of the output is gone")
            } else if errno != EINTR {
                throw CommandError(.inputOutput, "cannot write the output: \(String(cString: strerror(errno)))")
            }
        }
    }
}
