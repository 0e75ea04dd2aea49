import Foundation
import SpeechSignal
import Testing

@Suite("Hostile bytes")
struct HostileAudioTests {
    static let seeds = [
        "tone.flac", "tone.mp3", "tone.ogg", "tone.opus", "tone.aiff", "tone.au", "tone.caf", "tone.w64",
        "tone_adpcm.wav", "tone_ulaw.wav",
    ]

    /// One to eight changes: a byte, a 32-bit extreme, a cut, a repetition, a stretch of noise.
    private func mutate(_ original: [UInt8], _ numbers: inout SeededNumbers) -> [UInt8] {
        var bytes = original
        for _ in 0..<Int.random(in: 1...8, using: &numbers) where bytes.count > 16 {
            // Headers decide most: half of the changes fall there.
            let end = Bool.random(using: &numbers) ? min(128, bytes.count - 8) : bytes.count - 8
            let at = Int.random(in: 0..<end, using: &numbers)
            switch Int.random(in: 0..<6, using: &numbers) {
            case 0, 1: bytes[at] = UInt8.random(in: 0...255, using: &numbers)
            case 2: bytes[at] ^= 1 << UInt8.random(in: 0...7, using: &numbers)
            case 3:
                let extreme: UInt32 = [0, 1, 0x7FFF_FFFF, 0x8000_0000, .max].randomElement(using: &numbers) ?? 0
                bytes.replaceSubrange(at..<at + 4, with: WAVBytes.little(extreme))
            case 4: bytes.removeSubrange(at..<min(bytes.count, at + Int.random(in: 1...64, using: &numbers)))
            default: bytes.insert(contentsOf: bytes[at..<at + 8], at: at)
            }
        }
        return Bool.random(using: &numbers) ? Self.withOggChecksums(bytes) : bytes
    }

    /// Makes the pages of an Ogg file valid again, so that damage reaches the codec (CRC-32 of RFC 3533, polynomial
    /// 04C11DB7, over the page with its checksum zeroed).
    static func withOggChecksums(_ original: [UInt8]) -> [UInt8] {
        var bytes = original
        var start = 0
        while start + 27 <= bytes.count, bytes[start..<start + 4].elementsEqual("OggS".utf8) {
            let table = start + 27 + Int(bytes[start + 26])
            guard table <= bytes.count else { break }
            let end = bytes[(start + 27)..<table].reduce(table) { $0 + Int($1) }
            guard end <= bytes.count else { break }
            bytes.replaceSubrange(start + 22..<start + 26, with: [0, 0, 0, 0])
            var sum: UInt32 = 0
            for byte in bytes[start..<end] {
                sum ^= UInt32(byte) << 24
                for _ in 0..<8 { sum = sum & 0x8000_0000 == 0 ? sum << 1 : sum << 1 ^ 0x04C1_1DB7 }
            }
            bytes.replaceSubrange(start + 22..<start + 26, with: WAVBytes.little(sum))
            start = end
        }
        return bytes
    }

    /// Decodes all of it, at most a minute of sound; whatever comes must be playable.
    private func decode(_ bytes: [UInt8]) -> Bool {
        do throws(AudioError) {
            let reader = try AudioReader(bytes: bytes, maximumSeconds: 60)
            while let block = try reader.read(frames: 4_096) {
                guard block.allSatisfy({ abs($0) <= 1 }), block.count % reader.channels == 0 else { return false }
            }
            return true
        } catch {
            return !error.message.isEmpty && !error.message.contains("\n")
        }
    }

    @Test("mutations of every container end in sound or in an error, soon", arguments: seeds)
    func mutations(file: String) throws {
        let original = try Fixture.bytes(file)
        var numbers = SeededNumbers(seed: UInt64(original.count))
        let clock = ContinuousClock()
        var slowest = Duration.zero
        for round in 0..<400 {
            let bytes = mutate(original, &numbers)
            let time = clock.measure {
                #expect(decode(bytes), "\(file), round \(round)")
            }
            slowest = max(slowest, time)
        }
        print("\(file): slowest of 400 mutations \(slowest)")
        // A minute of sound takes some 0.1 s; the rest is for a busy machine.
        #expect(slowest < .seconds(5))
    }

    @Test("noise behind every magic number ends in an error or in sound")
    func noise() {
        let tags = [
            "RIFF____WAVE", "fLaC", "OggS", "ID3", ".snd", "caff", "FORM____AIFF", "riff.", "RIFX____WAVE",
            "RF64____WAVE",
        ]
        var numbers = SeededNumbers(seed: 5)
        for tag in tags {
            for _ in 0..<30 {
                let noise = (0..<2_000).map { _ in UInt8.random(in: 0...255, using: &numbers) }
                #expect(decode(Array(tag.utf8) + noise), "\(tag)")
            }
        }
    }
}
