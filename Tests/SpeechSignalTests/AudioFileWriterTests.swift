import Foundation
import SpeechSignal
import Testing

@Suite("Speech as a file of any format")
struct AudioFileWriterTests {
    private final class Folder {
        let path = FileManager.default.temporaryDirectory.path + "/files-\(UUID().uuidString)"

        init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
        deinit { try? FileManager.default.removeItem(atPath: path) }

        var files: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() }
    }

    private let tone = sine(440, rate: 16_000, count: 48_000)

    @Test(
        "the ending of the name says what is written",
        arguments: [
            ("a.wav", AudioFormat.wav), ("a.FLAC", .flac), ("a.b.mp3", .mp3), ("dir.mp3/a.opus", .opus),
            ("a.ogg", .opus),
            ("a.pcm", .pcm),
        ]
    )
    func endings(path: String, format: AudioFormat) {
        #expect(AudioFormat(path: path) == format)
    }

    @Test("an ending that means nothing", arguments: ["a", "dir.mp3/a", "a.txt", "a.", ""])
    func noEnding(path: String) {
        #expect(AudioFormat(path: path) == nil)
    }

    @Test(
        "what is written is what is read, and its header knows its length",
        arguments: ["wav", "flac", "mp3", "opus"]
    )
    func roundTrip(ending: String) throws {
        let folder = try Folder()
        let path = "\(folder.path)/tone.\(ending)"
        let writer = try AudioFileWriter(path: path, sampleRate: 16_000)
        for start in stride(from: 0, to: tone.count, by: 1_600) {
            try writer.append(Array(tone[start..<start + 1_600]))
            #expect(folder.files.allSatisfy { $0.contains(".partial-") })
        }
        try writer.finish()
        #expect(folder.files == ["tone.\(ending)"])
        let reader = try AudioReader(path: path)
        // The length of a stream is unknown or guessed: here it is exact, so the header was corrected.
        #expect(reader.frameCount == tone.count)
        let samples = try #require(try reader.read(frames: 1 << 20))
        #expect(samples.count == tone.count && !reader.isTruncated)
        let tolerance: Float = ["wav": 1e-4, "flac": 1e-4, "mp3": 0.05, "opus": 0.08][ending] ?? 0
        #expect(distance(Array(samples[4_000..<40_000]), Array(tone[4_000..<40_000])) <= tolerance)
    }

    @Test("bytes reach the disk while it is spoken", arguments: ["wav", "flac", "mp3", "opus", "pcm"])
    func flat(ending: String) throws {
        let folder = try Folder()
        let writer = try AudioFileWriter(path: "\(folder.path)/tone.\(ending)", sampleRate: 16_000)
        try writer.append(tone)
        // The file has no name yet; its descriptor tells where it is.
        let sizes = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").compactMap { number -> Int? in
            let place = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(number)")
            var status = stat()
            guard place?.hasPrefix(folder.path) == true, stat("/proc/self/fd/\(number)", &status) == 0 else {
                return nil
            }
            return Int(status.st_size)
        }
        #expect(sizes.count == 1 && sizes.allSatisfy { $0 > 2_000 }, "\(sizes)")
        #expect(folder.files.isEmpty)
    }

    @Test("given up, it leaves nothing", arguments: ["flac", "mp3", "opus"])
    func abandoned(ending: String) throws {
        let folder = try Folder()
        do {
            let writer = try AudioFileWriter(path: "\(folder.path)/tone.\(ending)", sampleRate: 16_000)
            try writer.append(tone)
        }
        #expect(folder.files.isEmpty)
    }

    @Test("a pipe gets a stream", arguments: [AudioFormat.wav, .flac, .mp3, .opus])
    func pipe(format: AudioFormat) throws {
        let pipe = Pipe()
        let descriptor = pipe.fileHandleForWriting.fileDescriptor
        // A second: less than the pipe holds.
        let writer = try AudioFileWriter(path: "/dev/fd/\(descriptor)", format: format, sampleRate: 16_000)
        try writer.append(Array(tone[..<16_000]))
        try writer.finish()
        try pipe.fileHandleForWriting.close()
        let reader = try AudioReader(ByteSource(fileDescriptor: pipe.fileHandleForReading.fileDescriptor))
        let samples = try #require(try reader.read(frames: 1 << 20))
        #expect((16_000..<16_000 + 4 * 1_152).contains(samples.count) && !reader.isTruncated)
    }

    @Test("a full disk and a place that is none are errors with a reason", arguments: ["/dev/full", "/no/such/a.mp3"])
    func badPlaces(path: String) {
        #expect(throws: AudioError.self) {
            let writer = try AudioFileWriter(path: path, format: .flac, sampleRate: 16_000)
            try writer.append(tone)
            try writer.finish()
        }
    }
}
