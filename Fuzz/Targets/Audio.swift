import Glibc
import SpeechSignal

/// Reads all of it, at most ten seconds: samples that can be played, or one clear line.
private func hear(_ open: () throws(AudioError) -> AudioReader) {
    do throws(AudioError) {
        let reader = try open()
        promise((1...8).contains(reader.channels), "\(reader.channels) channels")
        promise((8_000...192_000).contains(reader.sampleRate), "\(reader.sampleRate) Hz")
        var frames = 0
        while let block = try reader.read(frames: 4_096) {
            promise(!block.isEmpty && block.count % reader.channels == 0, "whole frames")
            promise(block.allSatisfy { abs($0) <= 1 }, "samples in [-1, 1]")
            frames += block.count / reader.channels
        }
        promise(frames <= 10 * reader.sampleRate, "ten seconds at most: \(frames)")
    } catch {
        promiseOneLine(error.message)
    }
}

/// WAV, from memory and, where the first byte of the input is odd, through a pipe.
@Sendable func fuzzWAV(_ input: [UInt8]) {
    let form: [UInt8] = Array("RIFF".utf8) + input.prefix(4) + Array("WAVE".utf8)
    let bytes = form + input.dropFirst(4)
    guard input.first.map({ $0 % 2 == 1 }) ?? false, bytes.count < 60_000 else {
        return hear { () throws(AudioError) in try AudioReader(bytes: bytes, maximumSeconds: 10) }
    }
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { return }
    // Less than a pipe holds: nobody has to read meanwhile.
    _ = write(ends[1], bytes, bytes.count)
    close(ends[1])
    hear { () throws(AudioError) in
        try AudioReader(ByteSource(fileDescriptor: ends[0], closing: true), maximumSeconds: 10)
    }
}

/// Anything, through the first bytes to whatever reads it; libsndfile for the most part. No child is started.
@Sendable func fuzzContainer(_ input: [UInt8]) {
    var foreign = ForeignDecoding()
    foreign.directories = []
    // Half of the Ogg files get the sums of their pages put right, so that what is bent reaches the codecs.
    let bytes = input.count % 2 == 0 ? withOggSums(input) : input
    hear { () throws(AudioError) in
        try AudioReader(ByteSource(bytes: bytes), maximumSeconds: 10, foreign: foreign)
    }
}

/// The CRC of RFC 3533, 6, of every page from the first byte on.
private func withOggSums(_ input: [UInt8]) -> [UInt8] {
    var bytes = input
    var start = 0
    while start + 27 <= bytes.count, bytes[start..<start + 4].elementsEqual("OggS".utf8) {
        let table = start + 27 + Int(bytes[start + 26])
        guard table <= bytes.count else { break }
        let end = bytes[(start + 27)..<table].reduce(table) { $0 + Int($1) }
        guard end <= bytes.count else { break }
        bytes.replaceSubrange(start + 22..<start + 26, with: [0, 0, 0, 0])
        let sum = bytes[start..<end].reduce(UInt32(0)) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte) << 24) { value, _ in value << 1 ^ (value >> 31) &* 0x04C1_1DB7 }
        }
        for index in 0..<4 { bytes[start + 22 + index] = UInt8(truncatingIfNeeded: sum >> (8 * UInt32(index))) }
        start = end
    }
    return bytes
}

/// WebM, M4A and AAC through the ffmpeg of this machine; one process for each input, so there are few.
@Sendable func fuzzForeign(_ input: [UInt8]) {
    hear { () throws(AudioError) in try AudioReader(bytes: input, maximumSeconds: 10) }
}

/// A description of raw audio, and the samples behind its first line.
@Sendable func fuzzRaw(_ input: [UInt8]) {
    let line = input.prefix { $0 != 10 }
    do throws(AudioError) {
        let raw = try RawAudio(String(decoding: line, as: UTF8.self))
        let again = try RawAudio(raw.description)
        promise(again == raw, "\(raw) means the same again")
        let samples = Array(input.dropFirst(line.count + 1))
        hear { () throws(AudioError) in try AudioReader(raw, ByteSource(bytes: samples), maximumSeconds: 10) }
    } catch {
        promiseOneLine(error.message)
    }
}
