import Inference

/// Steps over the fields of a protocol-buffer message in a file (protobuf.dev/programming-guides/encoding).
struct WireCursor {
    private var place: Int
    private let end: Int

    /// How a field is written: its wire type.
    enum Kind: UInt64 { case number = 0, eightBytes, bytes, fourBytes = 5 }

    /// A field of a message.
    struct Field {
        var number: UInt64
        var kind: Kind
        /// Where all of it is, its number included.
        var whole: Range<Int>
        /// Where its value is.
        var content: Range<Int>
    }

    init(end: Int) { self.init(0..<end) }

    init(_ range: Range<Int>) {
        place = range.lowerBound
        end = range.upperBound
    }

    /// The next field; nil at the end of the message.
    mutating func next(in file: borrowing BoundedFile) throws(InferenceError) -> Field? {
        guard place < end else { return nil }
        let start = place
        let tag = try number(in: file)
        guard let kind = Kind(rawValue: tag & 7) else { throw Self.damage(file, "a field of kind \(tag & 7)") }
        var first = place
        switch kind {
        case .number: _ = try number(in: file)
        case .eightBytes: try skip(8, in: file)
        case .fourBytes: try skip(4, in: file)
        case .bytes:
            let count = try number(in: file)
            first = place
            try skip(count, in: file)
        }
        return Field(number: tag >> 3, kind: kind, whole: start..<place, content: first..<place)
    }

    private mutating func skip(_ count: UInt64, in file: borrowing BoundedFile) throws(InferenceError) {
        guard count <= UInt64(end - place) else { throw Self.damage(file, "a field goes on beyond the end") }
        place += Int(count)
    }

    /// A number in groups of seven bits, the lowest first.
    mutating func number(in file: borrowing BoundedFile) throws(InferenceError) -> UInt64 {
        // Ten bytes hold 64 bits.
        let bytes = try file.bytes(at: place, count: min(10, end - place))
        var number: UInt64 = 0
        for (index, byte) in bytes.enumerated() {
            number |= UInt64(byte & 0x7F) << UInt64(7 * index)
            guard byte & 0x80 != 0 else {
                place += index + 1
                return number
            }
        }
        throw Self.damage(file, "a number has no end")
    }

    static func damage(_ file: borrowing BoundedFile, _ what: String) -> InferenceError {
        InferenceError(.badModel, "not a whole ONNX file: \(what); install the model again", graph: file.path)
    }
}
