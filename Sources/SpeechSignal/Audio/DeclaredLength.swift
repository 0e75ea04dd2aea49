/// Finds containers whose own header promises more bytes than the file has: libsndfile quietly shortens those.
enum DeclaredLength {
    /// Whether the file is visibly cut short. Leaves the source's position anywhere.
    ///
    /// AIFF: the length of the FORM; AU: header plus data length; Ogg: the last page must be whole and flagged as the
    /// last.
    static func exceedsFile(_ source: ByteSource) throws(AudioError) -> Bool {
        guard let size = source.size else { return false }
        source.rewind()
        let head = try source.read(12)
        guard head.count == 12 else { return false }
        switch AudioContainer(head: head) {
        case .aiff:
            return big(head, 4) + 8 > size
        case .au:
            // 0xFFFFFFFF: the writer did not know.
            return big(head, 8) != 0xFFFF_FFFF && big(head, 4) + big(head, 8) > size
        case .ogg:
            return try !endsWithLastPage(source, size: size)
        default:
            return false
        }
    }

    /// Ogg (RFC 3533): flag 4 in byte 5 marks the last page; its segment table gives its length.
    private static func endsWithLastPage(_ source: ByteSource, size: Int) throws(AudioError) -> Bool {
        // The longest page: 27 bytes of header, 255 segments of 255 bytes and their table.
        let longest = 27 + 255 + 255 * 255
        source.seek(to: max(0, size - longest))
        let tail = try source.read(min(size, longest))
        let marker = Array("OggS".utf8)
        var start = tail.count - 27
        while start >= 0 {
            if tail[start] == marker[0], tail[start..<start + 4].elementsEqual(marker) {
                let segments = Int(tail[start + 26])
                guard start + 27 + segments <= tail.count else { return false }
                let body = tail[(start + 27)..<(start + 27 + segments)].reduce(0) { $0 + Int($1) }
                return tail[start + 5] & 4 != 0 && start + 27 + segments + body <= tail.count
            }
            start -= 1
        }
        return false
    }

    private static func big(_ bytes: [UInt8], _ offset: Int) -> Int {
        bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
    }
}
