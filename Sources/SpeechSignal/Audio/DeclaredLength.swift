/// Finds containers whose own headers promise more bytes than the file has: libsndfile quietly shortens those.
enum DeclaredLength {
    /// Whether the file is visibly cut short. Leaves the source's position anywhere.
    ///
    /// WAV, AIFF and Wave64: the length of the outermost chunk; AU: header plus data; CAF: the sum of the chunks; Ogg:
    /// the last page must be whole and flagged as the last. A length that stands for "unknown" promises nothing.
    static func exceedsFile(_ source: ByteSource) throws(AudioError) -> Bool {
        guard let size = source.size else { return false }
        source.rewind()
        let head = try source.read(24)
        guard head.count == 24 else { return false }
        switch AudioContainer(head: head) {
        case .wav:
            return promises(Int(head.word(at: 4)) + 8, beyond: size)
        case .bigEndianWAV, .aiff:
            return promises(big(head[4..<8]) + 8, beyond: size)
        case .au:
            return promises(big(head[4..<8]) + big(head[8..<12]), beyond: size)
        case .wave64:
            return promises(big(Array(head[16..<24].reversed())[...]), beyond: size)
        case .caf:
            return try chunksExceed(source, size: size)
        case .ogg:
            return try !endsWithLastPage(source, size: size)
        default:
            return false
        }
    }

    /// Lengths near 2 GB and above, of a smaller file, are what writers leave that could not know (sox: 7F000000 and more).
    private static func promises(_ length: Int, beyond size: Int) -> Bool {
        length > size && length < 0x7F00_0000
    }

    /// Core Audio Format (Apple, 2005): after 8 bytes, chunks of a name, 64 bits of length (-1: to the end) and a body.
    private static func chunksExceed(_ source: ByteSource, size: Int) throws(AudioError) -> Bool {
        var offset = 8
        while offset < size {
            source.seek(to: offset)
            let header = try source.read(12)
            guard header.count == 12 else { return true }
            let length = big(header[4..<12])
            if length < 0 { return false }
            let (next, overflow) = (offset + 12).addingReportingOverflow(length)
            if overflow || next > size { return true }
            offset = next
        }
        return false
    }

    /// Ogg (RFC 3533): flag 4 in byte 5 marks the last page; its segment table gives its length.
    private static func endsWithLastPage(_ source: ByteSource, size: Int) throws(AudioError) -> Bool {
        // The longest page: 27 bytes of header, 255 segments of 255 bytes and their table.
        let longest = 27 + 255 + 255 * 255
        source.seek(to: max(0, size - longest))
        let tail = try source.read(min(size, longest))
        let marker = Array("OggS".utf8)
        for start in stride(from: tail.count - 27, through: 0, by: -1) where tail[start] == marker[0] {
            guard tail[start..<start + 4].elementsEqual(marker) else { continue }
            let body = start + 27 + Int(tail[start + 26])
            guard body <= tail.count else { return false }
            let end = tail[(start + 27)..<body].reduce(body) { $0 + Int($1) }
            return tail[start + 5] & 4 != 0 && end <= tail.count
        }
        return false
    }

    /// Big-endian, two's complement where it is 64 bits long.
    private static func big(_ bytes: ArraySlice<UInt8>) -> Int {
        bytes.reduce(0) { $0 << 8 | Int($1) }
    }
}
