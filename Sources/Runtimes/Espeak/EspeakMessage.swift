import SpeechText

/// A request to `rkvoice-espeak`, as bytes: u32 voice length, u32 text length, voice, text (all numbers little-endian).
/// The protocol is described at the head of `Sources/EspeakProcess/main.c`.
struct EspeakRequest {
    let bytes: [UInt8]

    init(text: String, voice: String) throws(PhonemeError) {
        let (text, voice) = (Array(text.utf8), Array(voice.utf8))
        guard text.count <= EspeakPhonemizer.textLimit else {
            throw PhonemeError(
                .textTooLong,
                "The text has \(text.count) bytes; split it into pieces of at most \(EspeakPhonemizer.textLimit)."
            )
        }
        guard (1...EspeakPhonemizer.voiceLimit).contains(voice.count) else {
            throw PhonemeError(
                .unknownVoice,
                "The name of an espeak-ng voice has 1 to \(EspeakPhonemizer.voiceLimit) bytes, not \(voice.count)."
            )
        }
        bytes = Self.littleEndian(voice.count) + Self.littleEndian(text.count) + voice + text
    }

    private static func littleEndian(_ value: Int) -> [UInt8] {
        withUnsafeBytes(of: UInt32(value).littleEndian) { Array($0) }
    }
}

/// An answer of `rkvoice-espeak`: u8 status, u32 length, then as many bytes.
struct EspeakAnswer {
    enum Status: UInt8 {
        case ok = 0
        case unknownVoice = 1
        case noData = 2
        case noMemory = 3
    }

    /// Bytes before the payload.
    static let headLength = 5
    /// No answer to 64 KiB of text comes near: the longest phonemes ("Chinese letter" for 你) are 8 times their text.
    static let payloadLimit = 16 << 20

    let status: Status
    let payload: [UInt8]

    /// The status and the number of bytes to follow; nothing if the bytes are no head of an answer.
    static func head(_ bytes: [UInt8]) -> (status: Status, length: Int)? {
        guard let status = bytes.first.flatMap(Status.init(rawValue:)),
            let length = number(in: bytes[...], at: 1), length <= payloadLimit
        else { return nil }
        return (status, length)
    }

    /// The payload of an `ok` answer: u32 end, u32 length, phonemes, again and again. Nothing if it is malformed.
    func clauses(of text: String) -> [PhonemeClause]? {
        var spans: [EspeakSpan] = []
        var rest = payload[...]
        while !rest.isEmpty {
            guard let end = Self.number(in: rest, at: 0), let length = Self.number(in: rest, at: 4),
                rest.count >= 8 + length
            else { return nil }
            let phonemes = rest.dropFirst(8).prefix(length)
            spans.append(EspeakSpan(phonemes: String(decoding: phonemes, as: UTF8.self), end: end))
            rest = rest.dropFirst(8 + length)
        }
        return PhonemeClause.clauses(of: text, spans: spans)
    }

    private static func number(in bytes: ArraySlice<UInt8>, at offset: Int) -> Int? {
        let four = bytes.dropFirst(offset).prefix(4)
        guard four.count == 4 else { return nil }
        return four.reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}
