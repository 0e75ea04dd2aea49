import Foundation
import SpeechSignal
import Testing

@Suite("Containers that ffmpeg reads")
struct ForeignSoundTests {
    /// The beginning of each container.
    static let heads: [(ForeignKind, [UInt8])] = [
        (.webm, [0x1A, 0x45, 0xDF, 0xA3]), (.mp4, [0, 0, 0, 0x20] + Array("ftypM4A ".utf8)),
        (.aac, [0xFF, 0xF1, 0x50]),
    ]

    static let isInstalled = ["/usr/local/bin", "/usr/bin", "/bin"].contains { directory in
        FileManager.default.isExecutableFile(atPath: directory + "/ffmpeg")
    }

    /// A directory with an `ffmpeg` that does what the shell script says.
    private final class Program {
        let path = FileManager.default.temporaryDirectory.path + "/ffmpeg-\(UUID().uuidString)"

        init(_ script: String) throws {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            // Written by a child: a descriptor of ours might be open in the child of another test, which is being
            // started, and what somebody writes cannot be executed.
            let shell = Process()
            shell.executableURL = URL(fileURLWithPath: "/bin/sh")
            let words = #"printf '#!/bin/sh\n%s\n' "$1" >"$2" && chmod 700 "$2""#
            shell.arguments = ["-c", words, "sh", script, path + "/ffmpeg"]
            try shell.run()
            shell.waitUntilExit()
            #expect(shell.terminationStatus == 0)
        }

        deinit { try? FileManager.default.removeItem(atPath: path) }

        var decoding: ForeignDecoding {
            var decoding = ForeignDecoding()
            decoding.directories = [path, "/usr/bin", "/bin"]
            return decoding
        }
    }

    private func failure(_ decoding: ForeignDecoding, _ bytes: [UInt8] = Self.heads[0].1) -> AudioError? {
        do throws(AudioError) {
            let reader = try AudioReader(ByteSource(bytes: bytes, name: "talk.webm"), foreign: decoding)
            while try reader.read(frames: 16_000) != nil {}
            return nil
        } catch {
            return error
        }
    }

    @Test("without ffmpeg the message names the container and what to install", arguments: heads)
    func missing(kind: ForeignKind, head: [UInt8]) throws {
        var decoding = ForeignDecoding()
        decoding.directories = ["/no/such/directory"]
        let error = try #require(failure(decoding, head))
        #expect(error.code == .unsupportedFormat)
        #expect(error.message.hasPrefix("talk.webm: \(kind.rawValue)"))
        #expect(error.message.contains("sudo apt-get install ffmpeg"))
    }

    @Test("it gets the file, a fixed demuxer, no network and limits")
    func arguments() throws {
        // The limits of time, memory (kB) and files, the bytes of its input, and its arguments.
        let program = try Program(#"echo "$(ulimit -t) $(ulimit -v) $(ulimit -f) $(wc -c) $*" >&2; exit 1"#)
        let error = try #require(failure(program.decoding, Self.heads[0].1 + [UInt8](repeating: 0, count: 96)))
        let wanted =
            "900 1048576 0 100 -nostdin -hide_banner -nostats -loglevel error -threads 1 "
            + "-protocol_whitelist file -codec_whitelist aac,"
        #expect(error.code == .unreadable && error.message.contains(wanted), "\(error.message)")
    }

    @Test("its complaint is told, without control characters")
    func complaint() throws {
        let program = try Program("printf '[mov @ 0x5] moov \\033[31matom not found\\n' >&2; exit 1")
        let error = try #require(failure(program.decoding))
        #expect(error.code == .unreadable)
        #expect(error.message.contains("moov ?[31matom not found"), "\(error.message)")
    }

    @Test("one that says nothing for long is killed, and the wait ends")
    func stalled() throws {
        let program = try Program("exec sleep 60")
        var decoding = program.decoding
        decoding.patience = .milliseconds(300)
        let clock = ContinuousClock()
        var error: AudioError?
        let time = clock.measure { error = failure(decoding) }
        #expect(error?.code == .io && error?.message.contains("nothing came") == true)
        #expect(time < .seconds(20))
    }

    @Test("one that computes for ever is ended by its limit")
    func computes() throws {
        let program = try Program("while :; do :; done")
        var decoding = program.decoding
        decoding.computingSeconds = 1
        let error = try #require(failure(decoding))
        #expect(error.code == .tooLong, "\(error.message)")
    }

    @Test("one that complains for ever does not stop the sound")
    func chatter() throws {
        let program = try Program("yes 'a complaint' | head -c 2000000 >&2; exit 1")
        #expect(failure(program.decoding)?.message.contains("a complaint") == true)
    }

    @Test("one that makes sound for ever is stopped at the cap")
    func endless() throws {
        let header = WAVHeader.bytes(sampleRate: 16_000, channels: 1, frames: nil)
        let octal = header.map { "\\" + String(Int($0) + 0o1000, radix: 8).dropFirst() }.joined()
        let program = try Program("printf '\(octal)'; exec cat /dev/zero")
        let source = ByteSource(bytes: Self.heads[0].1, name: "bomb.webm")
        let reader = try AudioReader(source, maximumSeconds: 60, foreign: program.decoding)
        do throws(AudioError) {
            while try reader.read(frames: 16_000) != nil {}
            Issue.record("ended")
        } catch {
            #expect(error.code == .tooLong && error.message.contains("longer than 60 s"))
        }
    }

    @Test("one that gives no WAV is not read on")
    func noise() throws {
        let program = try Program("exec cat /dev/urandom")
        #expect(failure(program.decoding)?.code == .unsupportedFormat)
    }

    @Test("one that somebody kills is told so")
    func killed() throws {
        let program = try Program("kill -9 $$")
        #expect(failure(program.decoding)?.message.contains("ffmpeg was killed") == true)
    }

    @Test("a task that is cancelled ends it, and what it started")
    func cancelled() async throws {
        // Its number and that of its child, once both run.
        let program = try Program(#"sleep 60 & echo "$$ $!" >"$0.started"; wait"#)
        let signal = program.path + "/ffmpeg.started"
        #expect(mkfifo(signal, 0o600) == 0)
        let decoding = program.decoding
        let clock = ContinuousClock()
        let task = Task { (failure(decoding), clock.now) }
        // A thread of its own: the pool's may all be busy with other tests, which is not what is measured.
        let started = await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                let bytes = try? FileHandle(forReadingAtPath: signal)?.readToEnd()
                let cancelled = clock.now
                task.cancel()
                continuation.resume(returning: (String(decoding: bytes ?? Data(), as: UTF8.self), cancelled))
            }
        }
        let (error, ended) = await task.value
        #expect(error?.message.contains("interrupted") == true)
        #expect(ended - started.1 < .seconds(20))
        let processes = started.0.split(whereSeparator: \.isWhitespace).compactMap { pid_t($0) }
        #expect(processes.count == 2)
        for process in processes { #expect(isGone(process), "\(process)") }
    }

    /// Whether a process has ended; what nobody has collected yet counts as ended.
    private func isGone(_ process: pid_t) -> Bool {
        guard let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else { return true }
        return status.contains(") Z ") || status.contains(") X ")
    }

    @Test("none is left behind, however it ends")
    func noZombies() throws {
        let program = try Program("exec sleep 60")
        var decoding = program.decoding
        decoding.patience = .milliseconds(100)
        for _ in 0..<3 { _ = failure(decoding) }
        let children = try String(contentsOfFile: "/proc/self/task/\(getpid())/children", encoding: .utf8)
        for child in children.split(separator: " ") {
            let words = (try? String(contentsOfFile: "/proc/\(child)/cmdline", encoding: .utf8)) ?? ""
            #expect(!words.contains("sleep"))
        }
    }

    @Test(
        "a tone comes back",
        .enabled(if: isInstalled, "ffmpeg is not installed"),
        arguments: [
            "tone.webm", "tone.m4a", "tone.aac", "video.webm",
        ]
    )
    func tone(file: String) throws {
        let reader = try AudioReader(path: Fixture.path(file))
        #expect(reader.sampleRate == 48_000 && reader.channels == 1)
        var samples: [Float] = []
        while let block = try reader.read(frames: 777) { samples += block }
        // AAC without a container's table keeps the encoder's lead-in.
        #expect((24_000..<24_000 + 4_096).contains(samples.count), "\(samples.count)")
        #expect(!reader.isTruncated)
        let middle = samples[6_000..<18_000]
        let power = middle.reduce(0) { $0 + $1 * $1 } / Float(middle.count)
        #expect(abs(power.squareRoot() - 0.354) < 0.03)
    }

    @Test(
        "from a pipe and from memory it is the same",
        .enabled(if: isInstalled, "ffmpeg is not installed"),
        arguments: [
            "tone.webm", "tone.m4a",
        ]
    )
    func sources(file: String) throws {
        let bytes = try Fixture.bytes(file)
        let fromFile = try AudioReader(path: Fixture.path(file)).read(frames: 1 << 20)
        let pipe = Pipe()
        try pipe.fileHandleForWriting.write(contentsOf: bytes)
        try pipe.fileHandleForWriting.close()
        let source = try ByteSource(fileDescriptor: pipe.fileHandleForReading.fileDescriptor)
        #expect(try AudioReader(source).read(frames: 1 << 20) == fromFile)
        #expect(try AudioReader(bytes: bytes).read(frames: 1 << 20) == fromFile)
    }

    @Test("damaged, cut or without sound, it is told", .enabled(if: isInstalled, "ffmpeg is not installed"))
    func damaged() throws {
        let webm = try Fixture.bytes("tone.webm")
        let cut = try AudioReader(bytes: Array(webm[..<(webm.count / 2)]))
        while try cut.read(frames: 4_096) != nil {}
        #expect(cut.isTruncated)
        let m4a = try Fixture.bytes("tone.m4a")
        #expect(failure(.installed, Array(m4a[..<200]))?.code == .unreadable)
        let silent = try #require(failure(.installed, try Fixture.bytes("mute.webm")))
        #expect(silent.code == .empty && silent.message.contains("sound track"))
    }

    @Test("mutations end in sound or in one line", .enabled(if: isInstalled, "ffmpeg is not installed"))
    func mutations() throws {
        var numbers = SeededNumbers(seed: 8)
        for file in ["tone.webm", "tone.m4a", "tone.aac"] {
            let original = try Fixture.bytes(file)
            for _ in 0..<12 {
                var bytes = original
                for _ in 0..<4 {
                    let place = Int.random(in: 16..<bytes.count, using: &numbers)
                    bytes[place] = UInt8.random(in: 0...255, using: &numbers)
                }
                if let error = failure(.installed, bytes) {
                    #expect(!error.message.isEmpty && !error.message.contains("\n"))
                }
            }
        }
    }
}
