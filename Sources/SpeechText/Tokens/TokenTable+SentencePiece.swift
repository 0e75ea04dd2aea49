extension TokenTable {
    /// Reads the pieces of a SentencePiece model (`*.bpe.model`).
    ///
    /// Of the protocol buffer (`sentencepiece_model.proto`) only field 1 of the message, the pieces, and of those field
    /// 1, the text, are looked at; everything else is passed over.
    /// - Parameter bytes: the whole file.
    /// - Throws: `invalidTokenTable` where the file is cut short or holds no pieces.
    package init(sentencePiece bytes: [UInt8]) throws(SpeechTextError) {
        var pieces: [String] = []
        var message = ProtocolBuffer(bytes[...])
        while let (field, value) = try message.next() {
            guard field == 1, let body = value else { continue }
            var entry = ProtocolBuffer(body)
            var piece: String?
            while let (field, value) = try entry.next() {
                if field == 1, let text = value { piece = String(decoding: text, as: UTF8.self) }
            }
            guard let piece else {
                throw Self.refusal("The piece \(pieces.count) of the SentencePiece model is empty.")
            }
            pieces.append(piece)
        }
        guard !pieces.isEmpty else { throw Self.refusal("The SentencePiece model holds no pieces.") }
        self.init(pieces: pieces)
    }
}

/// The fields of one protocol-buffer message, in order of their bytes.
private struct ProtocolBuffer {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    /// The next field: its number, and its bytes where it is of variable length (wire type 2).
    mutating func next() throws(SpeechTextError) -> (field: Int, bytes: ArraySlice<UInt8>?)? {
        guard !rest.isEmpty else { return nil }
        let tag = try number()
        let field = Int(truncatingIfNeeded: tag >> 3)
        switch tag & 7 {
        case 0: _ = try number()
        case 1: _ = try take(8)
        case 2: return (field, try take(number()))
        case 5: _ = try take(4)
        default: throw TokenTable.refusal("The SentencePiece model is damaged.")
        }
        return (field, nil)
    }

    /// A number in seven-bit groups, the lowest first.
    private mutating func number() throws(SpeechTextError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard let byte = rest.popFirst() else { throw TokenTable.refusal("The SentencePiece model is cut short.") }
            value |= UInt64(byte & 0x7f) << shift
            if byte & 0x80 == 0 { return value }
        }
        throw TokenTable.refusal("The SentencePiece model is damaged.")
    }

    private mutating func take(_ count: UInt64) throws(SpeechTextError) -> ArraySlice<UInt8> {
        guard count <= UInt64(rest.count) else { throw TokenTable.refusal("The SentencePiece model is cut short.") }
        let taken = rest.prefix(Int(count))
        rest = rest.dropFirst(Int(count))
        return taken
    }
}
