import SpeechSignal
import Testing

@Suite("WAV files are read whatever their width")
struct WAVWidthTests {
    /// A ramp over the whole range, as each width stores it.
    private static let ramp: [Double] = [-1, -0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75]

    private func integers(bits: Int) -> [UInt8] {
        Self.ramp.flatMap { value -> [UInt8] in
            let scaled = Int64(value * Double(Int64(1) << (bits - 1)))
            let stored = bits == 8 ? scaled + 128 : scaled
            return (0..<bits / 8).map { UInt8(truncatingIfNeeded: stored >> (8 * $0)) }
        }
    }

    private func read(_ wav: WAVBytes) throws -> [Float] {
        let reader = try AudioReader(bytes: wav.bytes)
        #expect(reader.container == .wav)
        #expect(reader.frameCount == Self.ramp.count / wav.channels)
        let samples = try #require(try reader.read(frames: 100))
        #expect(try reader.read(frames: 100) == nil)
        #expect(!reader.isTruncated)
        return samples
    }

    @Test("integers", arguments: [8, 16, 24, 32])
    func integer(bits: Int) throws {
        for channels in [1, 2, 8] {
            let wav = WAVBytes(bits: bits, channels: channels, samples: integers(bits: bits))
            #expect(try read(wav) == Self.ramp.map { Float($0) })
        }
    }

    @Test("integers behind the extensible header", arguments: [8, 16, 24, 32])
    func extensible(bits: Int) throws {
        let wav = WAVBytes(bits: bits, channels: 2, subFormat: 1, samples: integers(bits: bits))
        #expect(try read(wav) == Self.ramp.map { Float($0) })
    }

    @Test("24 bits in containers of 32")
    func wideContainer() throws {
        let wav = WAVBytes(bits: 24, frameBytes: 4, subFormat: 1, samples: integers(bits: 32))
        #expect(try read(wav) == Self.ramp.map { Float($0) })
    }

    @Test("floats of 32 and 64 bits")
    func floats() throws {
        let single = Self.ramp.flatMap { WAVBytes.little(Float($0).bitPattern) }
        #expect(try read(WAVBytes(tag: 3, bits: 32, samples: single)) == Self.ramp.map { Float($0) })
        let double = Self.ramp.flatMap { value -> [UInt8] in (0..<8).map { UInt8(value.bitPattern >> (8 * $0) & 255) } }
        #expect(try read(WAVBytes(tag: 3, bits: 64, subFormat: 3, samples: double)) == Self.ramp.map { Float($0) })
    }

    @Test("floats no loudspeaker can play become silence or full scale")
    func wildFloats() throws {
        let wild: [Float] = [.nan, .infinity, -.infinity, 7, -7, .greatestFiniteMagnitude, 0.5, -0]
        let wav = WAVBytes(tag: 3, bits: 32, samples: wild.flatMap { WAVBytes.little($0.bitPattern) })
        #expect(try read(wav) == [0, 0, 0, 1, -1, 1, 0.5, 0])
    }

    @Test(
        "the telephone's A-law and mu-law agree with libsndfile",
        arguments: [("tone_alaw.wav", 6), ("tone_ulaw.wav", 7)]
    )
    func telephone(file: String, tag: UInt32) throws {
        let reader = try AudioReader(path: Fixture.path(file))
        let tone = try #require(try reader.read(frames: 10_000))
        // One step near half scale is 1/64 in both laws.
        #expect(distance(tone, sine(440, rate: 8_000, count: 2_000)) <= 1.0 / 64)
        let codes = (0...255).map { UInt8($0) }
        let ours = try #require(
            try AudioReader(bytes: WAVBytes(tag: Int(tag), bits: 8, sampleRate: 8_000, samples: codes).bytes)
                .read(frames: 256)
        )
        let au =
            Array(".snd".utf8) + [24, 256, tag == 6 ? 27 : 1, 8_000, 1].flatMap { WAVBytes.little($0).reversed() }
            + codes
        let theirs = try #require(try AudioReader(bytes: au).read(frames: 256))
        #expect(ours == theirs)
    }
}

@Suite("WAV headers may lie")
struct WAVHeaderLieTests {
    private static let tone = PCM16.encode(sine(440, rate: 16_000, count: 1_000))

    /// Frames read, and whether the reader calls the file cut short.
    private func outcome(_ bytes: [UInt8]) throws -> (frames: Int, truncated: Bool) {
        let reader = try AudioReader(bytes: bytes)
        var frames = 0
        while let block = try reader.read(frames: 300) { frames += block.count / reader.channels }
        return (frames, reader.isTruncated)
    }

    private func code(_ bytes: [UInt8]) -> AudioError.Code? {
        do throws(AudioError) {
            _ = try AudioReader(bytes: bytes)
            return nil
        } catch {
            #expect(!error.message.contains("\n") && error.message.contains(";") || error.message.contains("onvert"))
            return error.code
        }
    }

    @Test(
        "sizes a streaming writer leaves mean until the end",
        arguments: [0, .max, 0x7FFF_F000, 0x7FFF_FFFF, 0x8000_0000]
    )
    func streaming(size: UInt32) throws {
        let bytes = WAVBytes(riffSize: size, dataSize: size, samples: Self.tone).bytes
        #expect(try outcome(bytes) == (1_000, false))
    }

    @Test("a size beyond the file: what is there, and a warning")
    func cutShort() throws {
        #expect(try outcome(WAVBytes(dataSize: 90_000, samples: Self.tone).bytes) == (1_000, true))
        #expect(try outcome(WAVBytes(samples: Self.tone).bytes.dropLast(501)) == (749, true))
        #expect(try outcome(WAVBytes(dataSize: .max, samples: Array(Self.tone.dropLast())).bytes) == (999, true))
    }

    @Test("of a file, it is known at once, and the count is what is there")
    func cutShortKnown() throws {
        let reader = try AudioReader(bytes: WAVBytes(dataSize: 90_000, samples: Self.tone).bytes)
        #expect(reader.isTruncated)
        #expect(reader.frameCount == 1_000)
    }

    @Test("chunks around the samples are passed over, padded or not", arguments: [true, false])
    func chunks(padded: Bool) throws {
        let odd = WAVBytes.chunk("LIST", [1, 2, 3], padded: padded) + WAVBytes.chunk("fact", [1, 0, 0, 0])
        let bext = WAVBytes.chunk("bext", [UInt8](repeating: 65, count: 603), padded: padded)
        let bytes = WAVBytes(beforeFormat: bext, beforeData: odd, afterData: odd, samples: Self.tone).bytes
        #expect(try outcome(bytes) == (1_000, false))
    }

    @Test("RF64 takes its length from the ds64 chunk", arguments: ["RF64", "BW64"])
    func longForm(form: String) throws {
        func long(_ count: Int) -> [UInt8] { WAVBytes.little(UInt32(count)) + [0, 0, 0, 0] }
        let sizes = WAVBytes.chunk("ds64", long(0) + long(Self.tone.count) + long(1_000) + [0, 0, 0, 0])
        let trailer = WAVBytes.chunk("LIST", [1, 2, 3, 4])
        var wav = WAVBytes(form: form, riffSize: .max, dataSize: .max, beforeFormat: sizes, afterData: trailer)
        wav.samples = Self.tone
        #expect(try outcome(wav.bytes) == (1_000, false))
    }

    @Test("no sound: empty, whatever follows")
    func empty() {
        let trailer = WAVBytes.chunk("LIST", [1, 2, 3, 4])
        #expect(code([]) == .empty)
        #expect(code(WAVBytes().bytes) == .empty)
        #expect(code(WAVBytes(dataSize: .max).bytes) == .empty)
        #expect(code(WAVBytes(afterData: trailer).bytes) == .empty)
    }

    @Test("files that end in their header are truncated")
    func endsInHeader() {
        let bytes = WAVBytes(beforeFormat: WAVBytes.chunk("LIST", [1, 2, 3]), samples: Self.tone).bytes
        for length in 4..<bytes.count - Self.tone.count { #expect(code(Array(bytes[..<length])) == .truncated) }
        #expect(
            code(WAVBytes(beforeData: WAVBytes.chunk("LIST", [], size: 0xFFFF_FFF0), samples: Self.tone).bytes)
                == .truncated
        )
    }

    @Test("what is refused says why")
    func refused() {
        #expect(code(WAVBytes(channels: 9, samples: Self.tone).bytes) == .tooManyChannels)
        #expect(code(WAVBytes(channels: 65_535, samples: Self.tone).bytes) == .tooManyChannels)
        #expect(code(WAVBytes(channels: 0, samples: Self.tone).bytes) == .unsupportedFormat)
        #expect(code(WAVBytes(sampleRate: 7_999, samples: Self.tone).bytes) == .badSampleRate)
        #expect(code(WAVBytes(sampleRate: 0, samples: Self.tone).bytes) == .badSampleRate)
        #expect(code(WAVBytes(sampleRate: 192_001, samples: Self.tone).bytes) == .badSampleRate)
        #expect(code(WAVBytes(tag: 0x1234, samples: Self.tone).bytes) == .unsupportedFormat)
        #expect(code(WAVBytes(bits: 48, samples: Self.tone).bytes) == .unsupportedFormat)
    }
}
