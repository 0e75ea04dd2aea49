import Conversation
import Foundation
import Speech
import SpeechSignal
import Testing

@Suite("A file in memory as what a recognizer hears") struct FileAudioTests {
    private func wav(seconds: Int, rate: Int = 8000) -> [UInt8] {
        let samples = [Float](repeating: 0.25, count: seconds * rate)
        return WAVHeader.bytes(sampleRate: rate, channels: 1, frames: samples.count) + PCM16.encode(samples)
    }

    @Test("It is heard whole at the recognizer's rate, then the utterance ends") func whole() async throws {
        var (samples, ends) = (0, 0)
        for try await input in FileAudio(bytes: wav(seconds: 3), maximumSeconds: 10) {
            switch input {
            case .audio(let chunk):
                #expect(chunk.sampleRate == 16_000 && chunk.position == samples)
                samples += chunk.frames
            case .endOfUtterance: ends += 1
            case .pause: Issue.record("a file has no pauses of its own")
            }
        }
        #expect(abs(samples - 48_000) < 10)
        #expect(ends == 1)
    }

    @Test("More sound than is allowed is refused while it is decoded") func tooLong() async {
        let error = await #expect(throws: SpeechError.self) {
            for try await _ in FileAudio(bytes: wav(seconds: 3), name: "the file", maximumSeconds: 2) {}
        }
        #expect((error?.cause as? AudioError)?.code == .tooLong)
        #expect(error?.message.hasPrefix("the file: ") == true)
    }

    @Test("What was heard before a failure is an utterance; then comes the failure") func failsLate() async throws {
        // A stream has no length in its header: it is too long only when it has been read so far.
        let encoder = try AudioEncoder(.flac, sampleRate: 16_000, isStreaming: true)
        let bytes = try encoder.encode([Float](repeating: 0.25, count: 80_000)) + encoder.finish()
        var inputs = FileAudio(bytes: bytes, maximumSeconds: 2).makeAsyncIterator()
        var seen: [String] = []
        do {
            while let input = try await inputs.next() { seen.append("\(input)".prefix { $0 != "(" }.description) }
        } catch { seen.append("failure") }
        #expect(seen.suffix(2) == ["endOfUtterance", "failure"] && seen.first == "audio", "\(seen)")
        #expect(try await inputs.next() == nil)
    }

    @Test("A file on disk is heard up to its limit, a pipe as long as it comes") func disk() async throws {
        let path = FileManager.default.temporaryDirectory.path + "/long-\(UUID().uuidString).wav"
        try Data(wav(seconds: 3)).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        let error = await #expect(throws: SpeechError.self) {
            for try await _ in FileAudio(path: path, maximumSeconds: 2) {}
        }
        #expect(error?.message.contains("longer than 2 s") == true)
        let pipe = path + ".fifo"
        #expect(mkfifo(pipe, 0o600) == 0)
        defer { unlink(pipe) }
        let bytes = wav(seconds: 3)
        let writing = Thread { FileHandle(forWritingAtPath: pipe)?.write(Data(bytes)) }
        writing.start()
        var samples = 0
        for try await case .audio(let chunk) in FileAudio(path: pipe, maximumSeconds: 2) { samples += chunk.frames }
        #expect(abs(samples - 48_000) < 10)
    }

    @Test("No sound at all is said so") func empty() async {
        let error = await #expect(throws: SpeechError.self) {
            for try await _ in FileAudio(bytes: wav(seconds: 0), maximumSeconds: 2) {}
        }
        #expect(error?.code == .invalidAudio)
    }
}
