import SpeechSignal
import Testing

@Suite("Whisper hears the log-mel of the reference")
struct WhisperMelTests {
    private func speechlike() throws -> [Float] {
        let reader = try MonoReader(AudioReader(path: Fixture.path("speechlike.wav")))
        return try reader.readAll(maximumFrames: 100_000)
    }

    @Test("within 1e-4 of double precision, 80 and 128 filters", arguments: [80, 128])
    func matchesReference(bins: Int) throws {
        let mel = WhisperMel(bins: bins).logMel(of: try speechlike(), paddedTo: 0)
        let difference = distance(mel, try Fixture.floats("mel\(bins).f32"))
        print("\(bins) bins: largest difference \(difference)")
        #expect(difference <= 1e-4)
    }

    @Test("padded to 30 s: the same, and the floor in the frames of silence")
    func padded() throws {
        let samples = try speechlike()
        let golden = try Fixture.floats("mel80_padded.f32")
        let heard = golden.count / 80
        let silence = try #require(golden.last)
        let mel = WhisperMel().logMel(of: samples)
        #expect(mel.count == 80 * 3_000)
        for bin in 0..<80 {
            let row = Array(mel[bin * 3_000..<(bin + 1) * 3_000])
            #expect(distance(Array(row[..<heard]), Array(golden[bin * heard..<(bin + 1) * heard])) <= 1e-4)
            #expect(row[heard...].allSatisfy { abs($0 - silence) <= 1e-4 })
        }
    }

    @Test(
        "clips of every length give whole frames of finite values",
        arguments: [0, 1, 2, 159, 160, 201, 399, 641, 16_001]
    )
    func anyLength(count: Int) {
        let clip = sine(440, rate: 16_000, count: count)
        let bare = WhisperMel().logMel(of: clip, paddedTo: 0)
        #expect(bare.count == 80 * (count / 160))
        #expect(bare.allSatisfy { $0.isFinite })
        let padded = WhisperMel().logMel(of: clip, paddedTo: 32_000)
        #expect(padded.count == 80 * 200)
        #expect(padded.allSatisfy { $0.isFinite })
    }

    @Test("digital silence is the floor everywhere")
    func silence() {
        let mel = WhisperMel().logMel(of: [Float](repeating: 0, count: 16_000), paddedTo: 0)
        // log10(1e-10) = -10, scaled: (-10 + 4) / 4.
        #expect(mel.allSatisfy { $0 == -1.5 })
    }

    @Test("a clip longer than the window is taken whole")
    func longClip() {
        #expect(WhisperMel().logMel(of: sine(300, rate: 16_000, count: 481_000)).count == 80 * (481_000 / 160))
    }
}

@Suite("Mel filters are those of the reference")
struct MelFilterBankTests {
    @Test("Slaney scale and area, as Whisper's")
    func slaney() throws {
        let bank = MelFilterBank(bins: 80, fftSize: 400, sampleRate: 16_000)
        #expect(distance(bank.matrix(), try Fixture.floats("filters80.f32")) <= 1e-7)
    }

    @Test("HTK scale, unit height, a part of the range")
    func htk() throws {
        let bank = MelFilterBank(
            bins: 40,
            fftSize: 512,
            sampleRate: 16_000,
            range: 64...7_600,
            scale: .htk,
            normalization: .none
        )
        #expect(distance(bank.matrix(), try Fixture.floats("filters40_htk.f32")) <= 1e-6)
    }

    @Test("applying the bank is multiplying by its matrix")
    func apply() {
        let bank = MelFilterBank(bins: 20, fftSize: 64, sampleRate: 8_000)
        let power = (0..<33).map { Float($0 % 7) + 0.5 }
        let matrix = bank.matrix()
        let expected = (0..<20).map { bin in (0..<33).reduce(Float(0)) { $0 + matrix[bin * 33 + $1] * power[$1] } }
        #expect(distance(bank.apply(to: power), expected) <= 1e-6)
    }
}
