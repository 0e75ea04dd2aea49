import Conversation
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

    @Test("No sound at all is said so") func empty() async {
        let error = await #expect(throws: SpeechError.self) {
            for try await _ in FileAudio(bytes: wav(seconds: 0), maximumSeconds: 2) {}
        }
        #expect(error?.code == .invalidAudio)
    }
}
