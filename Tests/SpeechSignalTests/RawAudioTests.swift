import SpeechSignal
import Testing

@Suite("Audio without a container")
struct RawAudioTests {
    @Test("what is left out is one channel of 16 bits")
    func defaults() throws {
        #expect(try RawAudio("16000") == RawAudio(sampleRate: 16_000, channels: 1, encoding: .s16le))
        #expect(try RawAudio("44100:2") == RawAudio(sampleRate: 44_100, channels: 2, encoding: .s16le))
        #expect(try RawAudio("8000:1:MULAW").description == "8000:1:mulaw")
    }

    @Test(
        "a wrong description says what was expected",
        arguments: [
            ("", "16000:1:s16le"), ("fast", "16000:1:s16le"), ("16000:1:s16le:2", "16000:1:s16le"),
            ("+16000", "such as"),
            ("16000:-1", "channels"), ("16000:one", "channels"), ("16000:1:mp3", "s24le"), ("16000:1:", "s24le"),
            ("7999", "7999 Hz"), ("192001", "8000 to 192000"), ("16000:9", "at most 8"), ("16000:0", "no channels"),
            ("99999999999999999999", "16000:1:s16le"), ("16000:1:\u{7}\n", "?"),
        ]
    )
    func mistakes(text: String, word: String) {
        do throws(AudioError) {
            _ = try RawAudio(text)
            Issue.record("was taken")
        } catch {
            #expect(error.message.contains(word) && !error.message.contains("\n"), "\(error.message)")
        }
    }

    @Test("each encoding gives its samples back", arguments: RawAudio.Encoding.allCases)
    func samples(encoding: RawAudio.Encoding) throws {
        let (bytes, expected): ([UInt8], [Float]) =
            switch encoding {
            case .u8: ([0, 128, 192], [-1, 0, 0.5])
            case .s16le: ([0, 0x80, 0, 0, 0, 0x40], [-1, 0, 0.5])
            case .s24le: ([0, 0, 0x80, 0, 0, 0, 0, 0, 0x40], [-1, 0, 0.5])
            case .s32le: ([0, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 0, 0x40], [-1, 0, 0.5])
            case .f32le: ([0, 0, 0xC0, 0x7F, 0, 0, 0, 0, 0, 0, 0, 0x3F], [0, 0, 0.5])
            case .f64le: ([UInt8](repeating: 0, count: 6) + [0xF0, 0x7F] + [0, 0, 0, 0, 0, 0, 0xE0, 0x3F], [0, 0.5])
            case .alaw: ([0xD5, 0x55], [0.000_244_14, -0.000_244_14])
            case .mulaw: ([0xFF, 0x00], [0, -0.980_346_7])
            }
        let raw = try RawAudio(sampleRate: 8_000, encoding: encoding)
        let reader = try AudioReader(raw, ByteSource(bytes: bytes))
        #expect(reader.container == .raw && reader.sampleRate == 8_000)
        let samples = try #require(try reader.read(frames: 100))
        #expect(samples.count == expected.count && distance(samples, expected) < 1e-6, "\(samples)")
    }

    @Test("bytes that look like a header are samples, and an unfinished frame is told")
    func headerIsSound() throws {
        let bytes = WAVBytes(channels: 2, samples: [1, 2, 3, 4]).bytes + [7]
        let reader = try AudioReader(RawAudio("16000:2"), ByteSource(bytes: bytes))
        #expect(try reader.read(frames: 1_000)?.count == (44 + 4) / 2)
        #expect(reader.isTruncated)
    }

    @Test("nothing is an error, and so is more than allowed")
    func limits() throws {
        let raw = try RawAudio("16000")
        #expect(throws: AudioError.self) { try AudioReader(raw, ByteSource(bytes: [])) }
        #expect(throws: AudioError.self) { try AudioReader(raw, ByteSource(bytes: [1])) }
        let second = [UInt8](repeating: 1, count: 32_000)
        #expect(throws: AudioError.self) {
            let reader = try AudioReader(raw, ByteSource(bytes: second), maximumSeconds: 0.5)
            while try reader.read(frames: 4_000) != nil {}
        }
    }
}
