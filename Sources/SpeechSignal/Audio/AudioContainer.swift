/// What kind of file the first bytes announce. The extension of a name is never asked.
package enum AudioContainer: Sendable, Equatable {
    /// RIFF, RF64 or BW64 with a WAVE form: read here, also from a pipe.
    case wav
    /// Containers that libsndfile decodes.
    case flac, ogg, mp3, aiff, au, caf, wave64, bigEndianWAV
    /// Decoded by an installed ffmpeg.
    case foreign(ForeignKind)
    /// Samples without a container, by their description alone.
    case raw
    /// Known, but not decoded: the name of the format, for the message.
    case unreadable(String)
    /// Nothing but readable characters.
    case text
    case unknown

    /// Bytes of the beginning that ``init(head:)`` wants to see.
    package static let headCount = 512

    /// Recognizes a file by its first bytes (magic numbers as their formats' specifications give them).
    package init(head: [UInt8]) {
        self = Self.riff(head) ?? Self.decodable(head) ?? Self.foreign(head) ?? (Self.isText(head) ? .text : .unknown)
    }

    private static func riff(_ head: [UInt8]) -> AudioContainer? {
        let form = has("WAVE", at: 8, in: head)
        if has("RIFF", in: head) || has("RF64", in: head) || has("BW64", in: head) {
            if head.count < 12 { return .wav }
            return form ? .wav : .unreadable("a RIFF file without sound (AVI or WebP)")
        }
        return has("RIFX", in: head) && form ? .bigEndianWAV : nil
    }

    private static func decodable(_ head: [UInt8]) -> AudioContainer? {
        if has("fLaC", in: head) { return .flac }
        if has("OggS", in: head) { return .ogg }
        if has("FORM", in: head), has("AIF", at: 8, in: head) { return .aiff }
        if has(".snd", in: head) { return .au }
        if has("caff", in: head) { return .caf }
        if has("riff.", in: head) { return .wave64 }
        return has("ID3", in: head) || isMPEGFrame(head) ? .mp3 : nil
    }

    private static func foreign(_ head: [UInt8]) -> AudioContainer? {
        if head.starts(with: [0x1A, 0x45, 0xDF, 0xA3]) { return .foreign(.webm) }
        if has("ftyp", at: 4, in: head) { return .foreign(.mp4) }
        if head.starts(with: [0x30, 0x26, 0xB2, 0x75]) { return .unreadable("WMA") }
        if head.count > 1, head[0] == 0xFF, head[1] & 0xF6 == 0xF0 { return .foreign(.aac) }
        if has("#!AMR", in: head) { return .unreadable("AMR") }
        if has("wvpk", in: head) { return .unreadable("WavPack") }
        if has("MAC ", in: head) { return .unreadable("Monkey's Audio") }
        return has("MThd", in: head) ? .unreadable("MIDI") : nil
    }

    /// An MPEG-1/2/2.5 frame header of layer II or III (ISO 11172-3, 2.4.2.3). Layer I is left out: the byte order mark
    /// of UTF-16 text looks like one.
    private static func isMPEGFrame(_ head: [UInt8]) -> Bool {
        guard head.count >= 3, head[0] == 0xFF, head[1] & 0xE0 == 0xE0 else { return false }
        let version = (head[1] >> 3) & 3
        let layer = (head[1] >> 1) & 3
        let bitRate = head[2] >> 4
        let sampleRate = (head[2] >> 2) & 3
        return version != 1 && (layer == 1 || layer == 2) && bitRate != 15 && sampleRate != 3
    }

    private static func isText(_ head: [UInt8]) -> Bool {
        if head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) { return true }
        return !head.isEmpty && head.allSatisfy { $0 >= 32 && $0 != 127 || (9...13).contains($0) || $0 == 27 }
    }

    private static func has(_ tag: String, at offset: Int = 0, in head: [UInt8]) -> Bool {
        head.dropFirst(offset).starts(with: tag.utf8)
    }
}
