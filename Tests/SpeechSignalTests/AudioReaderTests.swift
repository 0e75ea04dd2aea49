import Foundation
import SpeechSignal
import Testing

@Suite("Any audio file is read")
struct AudioReaderTests {
    struct Tone: Sendable, CustomTestStringConvertible {
        var file: String
        var container: AudioContainer
        var sampleRate: Int
        var channels: Int
        /// The largest difference from the tone that was encoded: exact codecs round to 16 bits, lossy ones do not.
        var tolerance: Float

        /// Frames that were encoded.
        var frames: Int { container == .ogg ? sampleRate * 4 : sampleRate / 4 }
        var testDescription: String { file }
    }

    static let tones = [
        Tone(file: "tone.flac", container: .flac, sampleRate: 22_050, channels: 2, tolerance: 1e-4),
        Tone(file: "tone.mp3", container: .mp3, sampleRate: 24_000, channels: 1, tolerance: 0.05),
        Tone(file: "tone.ogg", container: .ogg, sampleRate: 44_100, channels: 2, tolerance: 0.05),
        Tone(file: "tone.opus", container: .ogg, sampleRate: 16_000, channels: 1, tolerance: 0.08),
        Tone(file: "tone.aiff", container: .aiff, sampleRate: 16_000, channels: 1, tolerance: 1e-4),
        Tone(file: "tone.au", container: .au, sampleRate: 8_000, channels: 1, tolerance: 1e-4),
        Tone(file: "tone.caf", container: .caf, sampleRate: 16_000, channels: 1, tolerance: 1e-4),
        Tone(file: "tone.w64", container: .wave64, sampleRate: 16_000, channels: 1, tolerance: 1e-4),
        Tone(file: "tone_adpcm.wav", container: .wav, sampleRate: 16_000, channels: 1, tolerance: 0.05),
        Tone(file: "tone_ex24.wav", container: .wav, sampleRate: 48_000, channels: 2, tolerance: 1e-6),
    ]

    private func all(_ reader: AudioReader, block: Int) throws -> [Float] {
        var samples: [Float] = []
        while let part = try reader.read(frames: block) { samples += part }
        return samples
    }

    @Test("each container gives its tone back", arguments: tones)
    func tone(_ tone: Tone) throws {
        let reader = try AudioReader(path: Fixture.path(tone.file))
        #expect(reader.container == tone.container)
        #expect(reader.sampleRate == tone.sampleRate)
        #expect(reader.channels == tone.channels)
        let samples = Downmix.mono(try all(reader, block: 777), channels: reader.channels)
        #expect(!reader.isTruncated)
        let expected = sine(440, rate: tone.sampleRate, count: tone.frames)
        let middle = 128..<expected.count - 128
        // ADPCM pads to whole blocks and takes some samples to learn its step; Opus loses the last few milliseconds.
        #expect(samples.count >= expected.count && samples.count < expected.count + 1_024)
        #expect(distance(Array(samples[middle]), Array(expected[middle])) <= tone.tolerance)
    }

    @Test("from a pipe it is the same", arguments: tones)
    func pipe(_ tone: Tone) throws {
        let pipe = Pipe()
        let bytes = try Fixture.bytes(tone.file)
        let writer = Thread {
            try? pipe.fileHandleForWriting.write(contentsOf: bytes)
            try? pipe.fileHandleForWriting.close()
        }
        writer.start()
        let source = try ByteSource(fileDescriptor: pipe.fileHandleForReading.fileDescriptor)
        let streamed = try all(AudioReader(source), block: 500)
        #expect(try streamed == all(AudioReader(bytes: bytes), block: 1_000_000))
    }

    @Test("cut short, it gives what is there and says so", arguments: tones)
    func cut(_ tone: Tone) throws {
        let bytes = try Fixture.bytes(tone.file)
        let reader = try AudioReader(bytes: Array(bytes[..<(bytes.count * 3 / 4)]))
        let samples = try all(reader, block: 4_096)
        #expect(!samples.isEmpty && samples.count < tone.frames * tone.channels)
        #expect(reader.isTruncated)
    }

    @Test("an Ogg file that lacks whole pages at its end is cut short", arguments: ["tone.ogg", "tone.opus"])
    func cutBetweenPages(file: String) throws {
        let bytes = try Fixture.bytes(file)
        let lastPage = try #require(bytes.indices.last { bytes[$0...].starts(with: "OggS".utf8) })
        let reader = try AudioReader(bytes: Array(bytes[..<lastPage]))
        #expect(try !all(reader, block: 4_096).isEmpty)
        #expect(reader.isTruncated)
    }

    @Test("a spooled pipe has a limit")
    func spoolLimit() throws {
        let pipe = Pipe()
        try pipe.fileHandleForWriting.write(contentsOf: Fixture.bytes("tone.flac"))
        try pipe.fileHandleForWriting.close()
        let source = try ByteSource(fileDescriptor: pipe.fileHandleForReading.fileDescriptor)
        #expect(throws: AudioError.self) { try AudioReader(source, spoolLimit: 1_000) }
    }

    @Test("longer than allowed is an error, before or while decoding")
    func limit() throws {
        let bytes = try Fixture.bytes("tone.flac")
        #expect(throws: AudioError.self) { try AudioReader(bytes: bytes, maximumSeconds: 0.1) }
        #expect(try all(AudioReader(bytes: bytes, maximumSeconds: 0.3), block: 64).count == 2 * 5_512)
        // A stream does not know its length: the limit falls while it is read.
        let stream = WAVBytes(dataSize: .max, samples: PCM16.encode(sine(440, rate: 16_000, count: 1_000))).bytes
        let pipe = Pipe()
        try pipe.fileHandleForWriting.write(contentsOf: stream)
        try pipe.fileHandleForWriting.close()
        let source = try ByteSource(fileDescriptor: pipe.fileHandleForReading.fileDescriptor)
        let reader = try AudioReader(source, maximumSeconds: 0.05)
        #expect(try reader.read(frames: 800)?.count == 800)
        #expect(throws: AudioError.self) { try reader.read(frames: 1) }
    }

    @Test(
        "what is not audio is named",
        arguments: [
            ("Dear diary,\nno sound today.\n", "text"),
            ("\u{1A}E\u{DF}\u{A3}webm", "WebM"),
            ("\0\0\0\u{20}ftypM4A ", "M4A"),
            ("\u{89}PNG\r\n\u{1A}\n", "not an audio file"),
            ("RIFF\0\0\0\0AVI LIST", "AVI"),
        ]
    )
    func foreign(content: String, word: String) {
        let bytes = content.unicodeScalars.map { UInt8($0.value) }
        var none = ForeignDecoding()
        none.directories = []
        do throws(AudioError) {
            _ = try AudioReader(ByteSource(bytes: bytes, name: "talk.wav"), foreign: none)
            Issue.record("was read")
        } catch {
            #expect(error.code == .unsupportedFormat)
            #expect(error.message.hasPrefix("talk.wav: ") && error.message.contains(word))
        }
    }

    @Test("files that are not there or are folders say so")
    func unreadable() {
        for (path, word) in [("/no/such/file.wav", "check the path"), ("/tmp", "directory")] {
            do throws(AudioError) {
                _ = try AudioReader(path: path)
                Issue.record("was read")
            } catch {
                #expect(error.code == .unreadable)
                #expect(error.message.contains(word))
            }
        }
    }
}

@Suite("A recognizer hears one channel at its own rate")
struct MonoReaderTests {
    @Test("stereo FLAC at 22,050 Hz becomes the 16 kHz tone, in blocks of any size", arguments: [1, 160, 100_000])
    func tone(block: Int) throws {
        let reader = try MonoReader(AudioReader(path: Fixture.path("tone.flac")))
        #expect(reader.expectedFrames == 3_999)
        var samples: [Float] = []
        while let part = try reader.read(frames: block) {
            #expect(part.count <= block)
            samples += part
        }
        #expect((3_999...4_000).contains(samples.count))
        // The tone starts and ends abruptly: look at its middle.
        let expected = sine(440, rate: 16_000, count: samples.count)
        #expect(distance(Array(samples[400..<3_600]), Array(expected[400..<3_600])) <= 1e-3)
    }

    @Test("more than the caller can hold is an error")
    func limit() throws {
        let reader = try MonoReader(AudioReader(path: Fixture.path("tone.flac")))
        #expect(throws: AudioError.self) { try reader.readAll(maximumFrames: 1_000) }
    }

    @Test("channels are averaged")
    func downmix() {
        #expect(Downmix.mono([1, 0, 0.5, -0.5, -1, -1, 0.25], channels: 2) == [0.5, 0, -1])
        #expect(Downmix.mono([0.1, 0.2], channels: 1) == [0.1, 0.2])
    }

    @Test("a named pipe waits for its writer, and no longer than its task")
    func namedPipe() async throws {
        let path = FileManager.default.temporaryDirectory.path + "/pipe-\(UUID().uuidString)"
        #expect(mkfifo(path, 0o600) == 0)
        defer { unlink(path) }
        let source: @Sendable () throws -> [UInt8] = { try ByteSource(path: path).read(3) }
        let task = Task { try source() }
        task.cancel()
        await #expect(throws: AudioError.self) { try await task.value }
        // The reader first: a writer that comes later is waited for.
        let bytes = try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result { try source() }) }
            Thread.detachNewThread { try? FileHandle(forWritingAtPath: path)?.write(contentsOf: [1, 2, 3]) }
        }
        #expect(bytes == [1, 2, 3])
    }
}
