import Foundation
import SpeechSignal
import Testing

@Suite("What libsndfile is not shown")
struct LibraryBoundaryTests {
    private func samples(_ bytes: [UInt8]) throws(AudioError) -> [Float] {
        let reader = try AudioReader(bytes: bytes)
        var samples: [Float] = []
        while let block = try reader.read(frames: 4_096) { samples += block }
        return samples
    }

    private func error(_ bytes: [UInt8]) -> AudioError? {
        do throws(AudioError) {
            _ = try samples(bytes)
            return nil
        } catch {
            return error
        }
    }

    private func chunk(_ name: String, _ body: [UInt8], size: UInt32? = nil) -> [UInt8] {
        Array(name.utf8) + WAVBytes.little(size ?? UInt32(body.count)) + body
    }

    @Test("ADPCM sounds the same with every other chunk around its format")
    func otherChunks() throws {
        let plain = try Fixture.bytes("tone_adpcm.wav")
        let format = try #require(plain.firstRange(of: Array("fmt ".utf8))).lowerBound
        let odd = [UInt8](repeating: 0xFF, count: 999) + [0]
        let others =
            chunk("LIST", odd) + chunk("cue ", odd) + chunk("cart", odd) + chunk("odd!", [1, 2, 3]) + [0]
            + chunk("exif", odd) + chunk("PEAK", odd) + chunk("bext", odd) + chunk("smpl", odd)
        let bytes = plain[..<format] + others + plain[format...]
        let wanted = try samples(plain)
        #expect(wanted.count > 4_000)
        #expect(try samples(Array(bytes)) == wanted)
    }

    @Test("a chunk that leaves the file ends it at once, whatever it promises")
    func longChunk() throws {
        // ADPCM, then a list of 4 GB whose entries are empty: libsndfile 1.2.0 counts them for minutes.
        let plain = try Fixture.bytes("tone_adpcm.wav")
        let data = try #require(plain.firstRange(of: Array("data".utf8))).lowerBound
        let list = chunk("LIST", [UInt8](repeating: 0xFF, count: 70), size: 0xFFFF_0003)
        let clock = ContinuousClock()
        let time = clock.measure {
            #expect(error(Array(plain[..<data]) + list)?.code == .truncated)
        }
        #expect(time < .seconds(5))
        #expect(error(Array(plain[..<20]))?.code == .truncated)
    }

    @Test("Vorbis whose headers are not whole is damaged, wherever it is cut or bent")
    func vorbisHeaders() throws {
        let bytes = try Fixture.bytes("tone.ogg")
        let pages = bytes.ranges(of: Array("OggS".utf8)).map(\.lowerBound)
        #expect(pages.count > 3)
        let ends = stride(from: 28, to: pages[2], by: 97)
        for end in ends {
            let error = error(Array(bytes[..<end]))
            #expect(error?.code == .unreadable && error?.message.contains("damaged or cut short") == true, "\(end)")
        }
        for place in stride(from: 8, to: pages[2], by: 211) {
            var bent = bytes
            bent[place] ^= 0x10
            #expect(error(bent)?.code == .unreadable, "\(place)")
        }
        // Not the first page, another version, no channels, a block of 2: the sums are right.
        for (place, value) in [(5, UInt8(0)), (35, 1), (39, 0), (56, 0x11), (57, 0)] {
            var other = bytes
            other[place] = value
            #expect(error(HostileAudioTests.withOggChecksums(other))?.code == .unreadable, "\(place)")
        }
        // A page of the headers is missing, or comes twice.
        #expect(error(Array(bytes[..<pages[1]] + bytes[pages[2]...]))?.code == .unreadable)
        #expect(error(Array(bytes[..<pages[1]] + bytes))?.code == .unreadable)
        #expect(try samples(bytes).count > 1_000)
    }
}
