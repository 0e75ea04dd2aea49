import Conversation
import Foundation
import Inference
import Speech
import SpeechSignal
import VoiceServer

/// Where the user's side of a conversation comes from.
enum TalkSource: Equatable, Sendable {
    /// Sound goes in portions of this length, as from a microphone.
    private static let portionSeconds = 0.04
    /// How far an answer is ahead of what is heard.
    static let lead = Duration.milliseconds(300)

    case microphone
    case files([String])
    case typed

    /// Whether it is recordings.
    var isRecorded: Bool { if case .files = self { true } else { false } }

    /// - Throws: ``CommandError`` when a file is missing or there is no recorder.
    init(files: [String], isTyped: Bool) throws {
        if isTyped {
            self = .typed
        } else if files.isEmpty {
            _ = try Recorder.found()
            self = .microphone
        } else {
            for file in files where access(file, R_OK) != 0 { _ = try ByteSource(path: file) }
            self = .files(files)
        }
    }

    /// Speaks until there is no more.
    /// - Parameters:
    ///   - inputs: gets what is said.
    ///   - sampleRate: Hz that the dialogue hears.
    ///   - answered: tells each turn that is over; recordings wait for it.
    /// - Throws: what reading throws.
    func speak(
        to inputs: Letterbox<DialogueInput>,
        sampleRate: Int,
        answered: Letterbox<Int>
    ) async throws {
        switch self {
        case .microphone: try await Recorder.found().record(to: inputs, sampleRate: sampleRate)
        case .files(let files):
            for file in files {
                try await Self.play(file, to: inputs, sampleRate: sampleRate)
                await inputs.send(.endOfUtterance)
                _ = await answered.receive()
                // The end of the answer is still ahead of whoever listens; the next question waits for it.
                try await Task.sleep(for: Self.lead + .milliseconds(100))
            }
        case .typed:
            var rest = ""
            for try await text in StandardInputText() {
                rest += text
                while let end = rest.firstIndex(where: \.isNewline) {
                    await inputs.send(.question(String(rest[..<end]), interrupts: true))
                    rest = String(rest[rest.index(after: end)...])
                }
            }
            if !rest.isEmpty { await inputs.send(.question(rest, interrupts: true)) }
        }
    }

    /// A recording at the pace of real time.
    private static func play(_ path: String, to inputs: Letterbox<DialogueInput>, sampleRate: Int) async throws {
        let size = max(1, Int(portionSeconds * Double(sampleRate)))
        let started = ContinuousClock.now
        var sent = 0
        for try await input in FileAudio(path: path, sampleRate: sampleRate) {
            guard case .audio(let chunk) = input else { continue }
            for start in stride(from: 0, to: chunk.samples.count, by: size) {
                let portion = Array(chunk.samples[start..<min(chunk.samples.count, start + size)])
                await inputs.send(.audio(AudioChunk(samples: portion, sampleRate: sampleRate, position: sent)))
                sent += portion.count
                try await Task.sleep(until: started + .seconds(Double(sent) / Double(sampleRate)), clock: .continuous)
            }
        }
    }
}

/// A program that records raw sound to its standard output.
struct Recorder: Sendable {
    let path: String
    /// Gets the rate in Hz in place of `RATE`.
    let arguments: [String]

    private static let known: [(name: String, arguments: [String])] = [
        ("pw-record", ["--raw", "--format", "s16", "--channels", "1", "--rate", "RATE", "-"]),
        ("parec", ["--format=s16le", "--channels=1", "--rate=RATE", "--latency-msec=30"]),
        ("arecord", ["-q", "-t", "raw", "-f", "S16_LE", "-c", "1", "-r", "RATE", "-"]),
    ]

    /// The first that is there.
    /// - Throws: ``CommandError`` naming what to install.
    static func found() throws -> Recorder {
        for (name, arguments) in known {
            for directory in ["/usr/local/bin", "/usr/bin", "/bin"] {
                let path = directory + "/" + name
                if FileManager.default.isExecutableFile(atPath: path) {
                    return Recorder(path: path, arguments: arguments)
                }
            }
        }
        let names = known.map(\.name).joined(separator: ", ")
        throw CommandError(
            .unavailable,
            "no recorder found (\(names)); install alsa-utils, or use --input FILE.wav or --text"
        )
    }

    /// Records until the task is cancelled.
    /// - Throws: ``CommandError`` when the recorder ends by itself: there is no microphone.
    func record(to inputs: Letterbox<DialogueInput>, sampleRate: Int) async throws {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments.map { $0.replacingOccurrences(of: "RATE", with: String(sampleRate)) }
        process.standardOutput = pipe
        try process.run()
        defer { process.terminate() }
        // Reading a pipe blocks; that must not happen on a thread of the cooperative pool.
        let pool = BlockingPool(label: "rkvoice.microphone")
        let descriptor = pipe.fileHandleForReading.fileDescriptor
        let bytes = 2 * sampleRate / 25
        var odd: [UInt8] = []
        while !Task.isCancelled {
            let read = await withTaskExecutorPreference(pool) { Self.read(descriptor, atMost: bytes) }
            guard !read.isEmpty else {
                throw CommandError(.unavailable, "\(path) ended: is there a microphone? Use --input FILE.wav or --text")
            }
            var all = odd + read
            odd = all.count.isMultiple(of: 2) ? [] : [all.removeLast()]
            let chunk = AudioChunk(samples: PCM16.decode(all), sampleRate: sampleRate)
            guard await inputs.send(.audio(chunk)) else { return }
        }
    }

    /// - Returns: nothing at the end of the pipe.
    private static func read(_ descriptor: Int32, atMost count: Int) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: count)
        while true {
            let count = Foundation.read(descriptor, &buffer, buffer.count)
            if count >= 0 { return Array(buffer[..<count]) }
            if errno != EINTR { return [] }
        }
    }
}
