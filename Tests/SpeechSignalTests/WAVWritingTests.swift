import Foundation
import SpeechSignal
import Testing

@Suite("16-bit samples")
struct PCM16Tests {
    @Test("every 16-bit value survives decoding and encoding")
    func roundTrip() {
        let bytes = (Int(Int16.min)...Int(Int16.max)).flatMap { WAVBytes.short($0 & 0xFFFF) }
        let samples = PCM16.decode(bytes)
        #expect(samples.first == -1 && samples.last == 32_767.0 / 32_768)
        #expect(PCM16.encode(samples) == bytes)
    }

    @Test("too loud is clipped, not a number is silence")
    func extremes() {
        let encoded = PCM16.encode([1, 2, .infinity, -1, -2, -.infinity, .nan, 0.4 / 32_768])
        #expect(
            PCM16.decode(encoded).map { Int($0 * 32_768) } == [32_767, 32_767, 32_767, -32_768, -32_768, -32_768, 0, 0]
        )
        #expect(PCM16.decode([1, 2, 3]).count == 1)
    }
}

@Suite("WAV files are written whole or not at all")
struct WAVWritingTests {
    private final class Folder {
        let path: String

        init() throws {
            let url = FileManager.default.temporaryDirectory.appendingPathComponent("signal-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
            path = url.path
        }

        deinit { try? FileManager.default.removeItem(atPath: path) }

        var files: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() }
    }

    private let tone = sine(440, rate: 22_050, count: 5_000)

    @Test("what is written is what is read", arguments: [1, 2])
    func roundTrip(channels: Int) throws {
        let folder = try Folder()
        let path = folder.path + "/tone.wav"
        let writer = try WAVFileWriter(path: path, sampleRate: 22_050, channels: channels)
        for start in stride(from: 0, to: tone.count, by: 1_000) {
            try writer.append(Array(tone[start..<start + 1_000]))
        }
        #expect(!folder.files.contains("tone.wav"))
        try writer.finish()
        #expect(folder.files == ["tone.wav"])
        let reader = try AudioReader(path: path)
        #expect(reader.sampleRate == 22_050 && reader.channels == channels && reader.frameCount == 5_000 / channels)
        let samples = try #require(try reader.read(frames: 10_000))
        #expect(distance(samples, tone) <= 0.5 / 32_768)
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        #expect(
            Array(bytes[..<44]) == WAVHeader.bytes(sampleRate: 22_050, channels: channels, frames: 5_000 / channels)
        )
    }

    @Test("given up, it leaves nothing and keeps what was there")
    func abandoned() throws {
        let folder = try Folder()
        let path = folder.path + "/tone.wav"
        try Data("before".utf8).write(to: URL(fileURLWithPath: path))
        do {
            let writer = try WAVFileWriter(path: path, sampleRate: 22_050)
            try writer.append(tone)
            #expect(folder.files == ["tone.wav"])
        }
        #expect(folder.files == ["tone.wav"])
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data("before".utf8))
    }

    @Test("until it is complete there is no file, or one that says so", arguments: [false, true])
    func pending(namedFromStart: Bool) throws {
        let folder = try Folder()
        let path = folder.path + "/tone.wav"
        for content in ["first", "second"] {
            let file = try PendingFile(path: path, namedFromStart: namedFromStart)
            try file.append(Array(content.utf8))
            let partial = folder.files.filter { $0.hasPrefix("tone.wav.partial-") }
            // What has no name goes away with the process, even when it is killed.
            #expect(partial.count == (namedFromStart ? 1 : 0))
            try file.finish()
            #expect(folder.files == ["tone.wav"])
            #expect(try String(contentsOfFile: path, encoding: .utf8) == content)
        }
        do {
            let file = try PendingFile(path: path, namedFromStart: namedFromStart)
            try file.append([1])
            file.abandon()
            #expect(throws: AudioError.self) { try file.append([1]) }
        }
        #expect(folder.files == ["tone.wav"])
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "second")
    }

    @Test("a link stays a link, permissions stay as they were")
    func replaces() throws {
        let folder = try Folder()
        let (path, link) = (folder.path + "/tone.wav", folder.path + "/link.wav")
        try Data().write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
        let writer = try WAVFileWriter(path: link, sampleRate: 22_050)
        try writer.append(tone)
        try writer.finish()
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == path)
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(try AudioReader(path: path).frameCount == 5_000)
    }

    @Test("a full disk is an error with the system's reason")
    func fullDisk() throws {
        do throws(AudioError) {
            let writer = try WAVFileWriter(path: "/dev/full", sampleRate: 22_050)
            try writer.append(tone)
            Issue.record("was written")
        } catch {
            #expect(error.code == .io)
            #expect(error.message.contains("No space left") && error.message.contains("free some space"))
        }
    }

    @Test("places that cannot be written say so", arguments: ["/no/such/folder/tone.wav", "/tmp", "/proc/tone.wav"])
    func badPlace(path: String) {
        #expect(throws: AudioError.self) { try WAVFileWriter(path: path, sampleRate: 22_050) }
    }

    @Test("a device gets the bytes as they come, behind a header without sizes")
    func device() throws {
        let pipe = Pipe()
        let descriptor = pipe.fileHandleForWriting.fileDescriptor
        let writer = try WAVFileWriter(path: "/dev/fd/\(descriptor)", sampleRate: 22_050)
        #expect(!writer.isCorrectable)
        try writer.append(tone)
        try writer.finish()
        try pipe.fileHandleForWriting.close()
        let reader = try AudioReader(ByteSource(fileDescriptor: pipe.fileHandleForReading.fileDescriptor))
        #expect(reader.frameCount == nil)
        #expect(try reader.read(frames: 10_000)?.count == 5_000)
        #expect(!reader.isTruncated)
    }

    @Test("a header too small for the sound announces none")
    func longHeader() {
        let streaming = WAVHeader.bytes(sampleRate: 16_000, channels: 1, frames: nil)
        #expect(WAVHeader.bytes(sampleRate: 16_000, channels: 1, frames: 3_000_000_000) == streaming)
        #expect(Array(streaming[40...]) == [255, 255, 255, 255])
    }
}
