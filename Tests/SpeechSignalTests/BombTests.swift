import SpeechSignal
import Testing

@Suite("Much sound in few bytes, and sound that is none")
struct BombTests {
    /// Three minutes of silence; a stream, so that no header tells its length.
    private func bomb(_ format: AudioFormat) throws -> [UInt8] {
        let encoder = try AudioEncoder(format, sampleRate: 16_000, isStreaming: true)
        let minute = [Float](repeating: 0, count: 60 * 16_000)
        var bytes: [UInt8] = []
        for _ in 0..<3 { bytes += try encoder.encode(minute) }
        return bytes + (try encoder.finish())
    }

    @Test("decoding stops at the cap, whatever the header says", arguments: [AudioFormat.flac, .opus, .mp3])
    func cap(format: AudioFormat) throws {
        let bytes = try bomb(format)
        print("\(format): 3 minutes in \(bytes.count) bytes")
        var frames = 0
        do throws(AudioError) {
            let reader = try AudioReader(bytes: bytes, name: "bomb", maximumSeconds: 10)
            while let block = try reader.read(frames: 4_096) { frames += block.count }
            Issue.record("\(frames) frames were decoded")
        } catch {
            #expect(
                error.code == .tooLong
                    && error.message == "bomb: longer than 10 s; split it, or raise the limit of a server"
            )
        }
        #expect(frames <= 10 * 16_000)
    }

    @Test("eight channels at 192 kHz of numbers that are no sound are heard as silence")
    func wideNoSound() throws {
        let bad: [Float] = [
            .nan, .infinity, -.infinity, .signalingNaN, 0, -0.0, .leastNonzeroMagnitude, -.leastNormalMagnitude,
        ]
        let frames = (0..<19_200).flatMap { _ in bad }
        let samples = frames.flatMap { WAVBytes.little($0.bitPattern) }
        let bytes = WAVBytes(tag: 3, bits: 32, channels: 8, sampleRate: 192_000, samples: samples).bytes
        let reader = try MonoReader(AudioReader(bytes: bytes))
        let heard = try reader.readAll(maximumFrames: 16_000)
        #expect((1_590...1_610).contains(heard.count) && heard.allSatisfy { $0.isFinite && abs($0) < 1e-3 })
    }

    @Test("floats far outside of full scale are clipped, not passed on")
    func loud() throws {
        let samples = [Float](repeating: 3e38, count: 800) + [Float](repeating: -3e38, count: 800)
        let bytes = WAVBytes(
            tag: 3,
            bits: 32,
            sampleRate: 8_000,
            samples: samples.flatMap {
                WAVBytes.little($0.bitPattern)
            }
        ).bytes
        let heard = try MonoReader(AudioReader(bytes: bytes)).readAll(maximumFrames: 16_000)
        // The filter of another rate overshoots by a tenth at a step.
        #expect((3_190...3_210).contains(heard.count) && heard.allSatisfy { abs($0) < 1.3 })
    }
}
