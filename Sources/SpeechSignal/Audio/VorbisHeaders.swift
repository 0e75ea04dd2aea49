/// Looks at the beginning of an Ogg Vorbis file before libsndfile does.
///
/// libsndfile 1.2 never frees what it has read of the three header packets when the rest does not come, or when the first
/// is of another version: 5,784 bytes, and the comments, which may be as long as the file.
enum VorbisHeaders {
    /// Whether all three headers are there; true of an Ogg file of another codec. Leaves the source's position anywhere.
    ///
    /// Pages as RFC 3533 has them, packets as Vorbis I, 4.2.1. libogg passes over a page whose sum is wrong, which then
    /// is missing.
    static func areWhole(_ source: ByteSource) throws(AudioError) -> Bool {
        source.rewind()
        guard let first = try page(source) else { return false }
        guard first.body.starts(with: [1] + "vorbis".utf8) else { return true }
        guard first.isFirst, isIdentification(first.body.prefix(first.packetBytes)) else { return false }
        var packets = first.packets
        var last = first
        while packets < 3 {
            guard let next = try page(source) else { return false }
            guard next.serial == first.serial else { continue }
            guard next.number == last.number &+ 1, next.isContinued == last.isOpen else { return false }
            packets += next.packets
            last = next
        }
        return true
    }

    /// Vorbis I, 4.2.2: what libvorbis asks of the first header.
    private static func isIdentification(_ packet: ArraySlice<UInt8>) -> Bool {
        guard packet.count == 30 else { return false }
        let blocks = (short: packet[28] & 15, long: packet[28] >> 4)
        return packet[7..<11].allSatisfy { $0 == 0 } && packet[11] > 0 && packet[12..<16].contains { $0 > 0 }
            && blocks.short >= 6 && blocks.short <= blocks.long && blocks.long <= 13 && packet[29] & 1 == 1
    }

    private struct Page {
        var serial: UInt32
        var number: UInt32
        /// Whether it says that it is the first of its stream.
        var isFirst: Bool
        /// Bytes of what it holds of its first packet.
        var packetBytes: Int
        /// Whether it begins in the middle of a packet.
        var isContinued: Bool
        /// Whether its last packet goes on.
        var isOpen: Bool
        /// Packets that end in it.
        var packets: Int
        var body: [UInt8]
    }

    private static func page(_ source: ByteSource) throws(AudioError) -> Page? {
        let head = try source.read(27)
        guard head.count == 27, head.starts(with: "OggS".utf8), head[4] == 0 else { return nil }
        let lacing = try source.read(Int(head[26]))
        let length = lacing.reduce(0) { $0 + Int($1) }
        let body = try source.read(length)
        guard lacing.count == Int(head[26]), body.count == length else { return nil }
        var blank = head
        blank.replaceSubrange(22..<26, with: [0, 0, 0, 0])
        guard sum(blank + lacing + body) == head.word(at: 22) else { return nil }
        return Page(
            serial: head.word(at: 14),
            number: head.word(at: 18),
            isFirst: head[5] & 2 != 0,
            packetBytes: lacing.prefix((lacing.firstIndex { $0 < 255 } ?? lacing.count - 1) + 1).reduce(0) {
                $0 + Int($1)
            },
            isContinued: head[5] & 1 != 0,
            isOpen: lacing.last == 255,
            packets: lacing.count { $0 < 255 },
            body: body
        )
    }

    /// The CRC of RFC 3533, 6: polynomial 04C11DB7, from zero, nothing reflected.
    private static func sum(_ bytes: [UInt8]) -> UInt32 {
        bytes.reduce(0) { $0 << 8 ^ table[Int(UInt8(truncatingIfNeeded: $0 >> 24) ^ $1)] }
    }

    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index) << 24) { value, _ in value << 1 ^ (value >> 31 == 1 ? 0x04C1_1DB7 : 0) }
    }
}
