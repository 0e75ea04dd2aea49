import SpeechSignal
import Testing

@Suite struct AudioEncoderTests {
    /// A tone of 440 Hz.
    private func tone(seconds: Double, rate: Int) -> [Float] {
        let step = 2 * Float.pi * 440 / Float(rate)
        return (0..<Int(seconds * Double(rate))).map { 0.5 * sin(Float($0) * step) }
    }

    private func sin(_ x: Float) -> Float {
        // Reduced first: a series is exact only near zero.
        let turn = 2 * Float.pi
        let y = x - (x / turn).rounded() * turn
        var (term, sum) = (y, y)
        for n in stride(from: Float(2), through: 20, by: 2) {
            term *= -y * y / (n * (n + 1))
            sum += term
        }
        return sum
    }

    private func encoded(_ samples: [Float], _ format: AudioFormat, rate: Int, streaming: Bool) throws -> [UInt8] {
        let encoder = try AudioEncoder(format, sampleRate: rate, isStreaming: streaming)
        var bytes: [UInt8] = []
        for start in stride(from: 0, to: samples.count, by: 1000) {
            let part = try encoder.encode(Array(samples[start..<min(start + 1000, samples.count)]))
            #expect(streaming || part.isEmpty)
            bytes += part
        }
        return bytes + (try encoder.finish())
    }

    private func rms(_ samples: some Collection<Float>) -> Float {
        (samples.reduce(0) { $0 + $1 * $1 } / Float(max(1, samples.count))).squareRoot()
    }

    @Test(arguments: [8_000, 16_000, 22_050, 24_000, 44_100, 48_000], [true, false])
    func losslessFormatsComeBackToTheBit(rate: Int, streaming: Bool) throws {
        let samples = tone(seconds: 0.7, rate: rate)
        let expected = PCM16.decode(PCM16.encode(samples))
        for format in [AudioFormat.wav, .flac] {
            let bytes = try encoded(samples, format, rate: rate, streaming: streaming)
            let reader = try AudioReader(bytes: bytes)
            #expect(reader.sampleRate == rate)
            #expect(try reader.read(frames: 1 << 20) == expected)
            #expect(!reader.isTruncated, "\(format) streaming \(streaming)")
        }
    }

    @Test(arguments: [8_000, 16_000, 22_050, 24_000, 44_100, 48_000], [AudioFormat.mp3, .opus])
    func lossyFormatsKeepLengthAndLoudness(rate: Int, format: AudioFormat) throws {
        for streaming in [true, false] {
            let samples = tone(seconds: 1.3, rate: rate)
            let bytes = try encoded(samples, format, rate: rate, streaming: streaming)
            let reader = try AudioReader(bytes: bytes)
            let decoded = try reader.read(frames: 1 << 20) ?? []
            let seconds = Double(decoded.count) / Double(reader.sampleRate)
            // A streamed MP3 lacks the note of what padding to drop: a few frames (ISO 11172-3: 1152 samples).
            let padding = format == .mp3 && streaming ? 4 * 1152 / Double(reader.sampleRate) : 0.002
            #expect(seconds > 1.298 && seconds < 1.302 + padding, "\(seconds) s")
            let middle = decoded.dropFirst(decoded.count / 4).prefix(decoded.count / 2)
            #expect(abs(rms(middle) - 0.354) < 0.03)
            #expect(!reader.isTruncated, "nothing of it was cut")
        }
    }

    @Test func streamedFormatsSendSoundSoon() throws {
        for (format, milliseconds) in [(AudioFormat.wav, 20), (.flac, 250), (.mp3, 300), (.opus, 250)] {
            let encoder = try AudioEncoder(format, sampleRate: 22_050, isStreaming: true)
            let samples = tone(seconds: 1, rate: 22_050)
            var fed = 0
            var bytes = 0
            // Beyond what a header takes.
            while bytes < 600, fed + 441 <= samples.count {
                bytes += try encoder.encode(Array(samples[fed..<fed + 441])).count
                fed += 441
            }
            #expect(fed / 22 <= milliseconds, "\(format): \(fed / 22) ms before sound")
        }
    }

    @Test func rawFormatsAreTheSamplesAndNothingElse() throws {
        let samples: [Float] = [0, 0.5, -0.5, 1, -1, 2, .nan]
        #expect(try encoded(samples, .pcm, rate: 22_050, streaming: true) == PCM16.encode(samples))
        #expect(
            try encoded(samples, .rated, rate: 22_050, streaming: true) == [0x22, 0x56, 0, 0] + PCM16.encode(samples)
        )
    }

    @Test func aStreamedWAVSaysThatItsLengthIsUnknown() throws {
        let bytes = try encoded([0.5], .wav, rate: 16_000, streaming: true)
        #expect(bytes[4..<8] == [255, 255, 255, 255] && bytes[40..<44] == [255, 255, 255, 255])
        #expect(try encoded([0.5], .wav, rate: 16_000, streaming: false)[40..<44] == [2, 0, 0, 0])
    }

    @Test func ratesThatAFormatLacksBecomeTheNextAbove() throws {
        #expect(try AudioEncoder(.opus, sampleRate: 22_050, isStreaming: true).sampleRate == 24_000)
        #expect(try AudioEncoder(.opus, sampleRate: 44_100, isStreaming: true).sampleRate == 48_000)
        #expect(try AudioEncoder(.mp3, sampleRate: 22_050, isStreaming: true).sampleRate == 22_050)
        #expect(try AudioEncoder(.mp3, sampleRate: 96_000, isStreaming: true).sampleRate == 48_000)
        #expect(try AudioEncoder(.flac, sampleRate: 96_000, isStreaming: true).sampleRate == 96_000)
    }

    @Test(arguments: AudioFormat.allCases)
    func anEncoderThatHeardNothingEndsInOrder(format: AudioFormat) throws {
        for streaming in [true, false] {
            let encoder = try AudioEncoder(format, sampleRate: 16_000, isStreaming: streaming)
            #expect(throws: Never.self) { try encoder.finish() }
        }
        // Left in the middle.
        _ = try AudioEncoder(format, sampleRate: 16_000, isStreaming: true).encode([0.5, 0.5])
    }

    @Test(arguments: [AudioFormat.flac, .mp3, .opus])
    func samplesThatAreNoSoundDoNoHarm(format: AudioFormat) throws {
        let samples = [Float](repeating: .infinity, count: 5000) + [Float](repeating: .nan, count: 5000)
        let bytes = try encoded(samples, format, rate: 16_000, streaming: true)
        let decoded = try AudioReader(bytes: bytes).read(frames: 1 << 20) ?? []
        #expect(!decoded.isEmpty && decoded.allSatisfy { $0.isFinite && abs($0) <= 1 })
    }
}
