/// A WAV file in a coding that libsndfile decodes, without anything that libsndfile need not see.
///
/// Its parsers of lists, cues and the like believe the lengths that they find: 139 bytes kept 1.2.0 busy for minutes, and
/// a call to it cannot be ended. It gets a header of the format and the count of frames, and behind it the samples.
struct BareWAV {
    /// `RIFF` or `RIFX`, the chunks `fmt ` and `fact`, and the head of `data`.
    let header: [UInt8]
    /// Where the samples start in the file.
    let start: Int
    /// Bytes of samples.
    let count: Int

    /// - Parameter source: seekable, a RIFF, RF64, BW64 or RIFX file; its position is left anywhere.
    /// - Throws: `truncated` when it ends before its first sample, `unsupportedFormat` when its header makes no sense.
    init(_ source: ByteSource) throws(AudioError) {
        source.rewind()
        let walk = Walk(source: source, isBigEndian: try source.read(12).starts(with: "RIFX".utf8))
        var kept: [UInt8] = []
        var hasFormat = false
        while true {
            let (name, size) = try walk.chunk()
            switch name {
            case "data":
                guard hasFormat else { throw walk.senseless("the samples come before their format") }
                start = source.position
                // Streaming writers leave 0 or a large number.
                let remaining = min(source.remaining ?? 0, 0xFFF0_0000)
                count = size == 0 ? remaining : min(size, remaining)
                let riff = Array((walk.isBigEndian ? "RIFX" : "RIFF").utf8) + walk.word(4 + kept.count + 8 + count)
                header = riff + Array("WAVE".utf8) + kept + Array("data".utf8) + walk.word(count)
                return
            case "fmt ":
                // The longest that is known, of GSM and MPEG, has a few dozen bytes; ADPCM's tables too.
                guard (14...1_024).contains(size) else { throw walk.senseless("its format chunk has \(size) bytes") }
                let body = try walk.body(size)
                if !hasFormat { kept += Array("fmt ".utf8) + walk.word(size) + body + (size % 2 == 1 ? [0] : []) }
                hasFormat = true
            case "fact" where size >= 4:
                let frames = try walk.body(4)
                if hasFormat, kept.count < 1_100 { kept += Array("fact".utf8) + walk.word(4) + frames }
                try walk.skip(size - 4)
                continue
            default:
                try walk.skip(size)
                continue
            }
            try walk.skipPadding(of: size)
        }
    }
}

extension BareWAV {
    /// A way from chunk to chunk that never leaves the file.
    private struct Walk {
        let source: ByteSource
        let isBigEndian: Bool

        func chunk() throws(AudioError) -> (name: String, size: Int) {
            let head = try body(8)
            let size = isBigEndian ? Array(head[4...].reversed()).word(at: 0) : head.word(at: 4)
            return (String(decoding: head[..<4], as: UTF8.self), Int(size))
        }

        func body(_ size: Int) throws(AudioError) -> [UInt8] {
            let bytes = try source.read(size)
            guard bytes.count == size else { throw endsEarly() }
            return bytes
        }

        func skip(_ size: Int) throws(AudioError) {
            guard try source.skip(size) == size else { throw endsEarly() }
            try skipPadding(of: size)
        }

        func skipPadding(of size: Int) throws(AudioError) {
            if size % 2 == 1, try source.peek(1) == [0] { _ = try source.skip(1) }
        }

        func word(_ value: Int) -> [UInt8] {
            let bytes = (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
            return isBigEndian ? bytes.reversed() : bytes
        }

        func senseless(_ reason: String) -> AudioError {
            AudioError(.unsupportedFormat, "\(source.name): \(reason); convert it with ffmpeg")
        }

        private func endsEarly() -> AudioError {
            AudioError(.truncated, "\(source.name): the file ends before its first sample; get a complete copy")
        }
    }
}
