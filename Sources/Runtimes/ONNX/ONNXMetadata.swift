package import Inference

/// The key-value pairs that exporters write into an ONNX file beside the graph (`metadata_props`).
///
/// Read without ONNX Runtime and without the weights: a model of a gigabyte takes a few reads. Recognizers that
/// sherpa-onnx publishes keep there what else would be a configuration file.
package enum ONNXMetadata {
    /// Field of `ModelProto` with one pair, and the fields of that (onnx.proto).
    private static let pairs: UInt64 = 14
    private static let key: UInt64 = 1
    private static let value: UInt64 = 2
    /// Bytes of all pairs together; no model has as many.
    private static let limit = 16 << 20

    /// All pairs of a file.
    /// - Parameter path: of the ONNX file.
    /// - Returns: values by key; nothing for a file without any.
    /// - Throws: `missingFile`, or `badModel` for a file that is damaged, or no ONNX file.
    package static func read(_ path: String) throws(InferenceError) -> [String: String] {
        let file = try BoundedFile(path)
        var found: [String: String] = [:]
        var total = 0
        var cursor = WireCursor(end: file.size)
        while let field = try cursor.next(in: file) {
            guard field.number == pairs else { continue }
            total += field.bytes.count
            guard total <= limit else { throw WireCursor.damage(file, "its metadata is larger than any model's") }
            let pair = try self.pair(field.bytes, in: file)
            found[pair.key] = pair.value
        }
        return found
    }

    private static func pair(
        _ range: Range<Int>,
        in file: borrowing BoundedFile
    ) throws(InferenceError) -> (key: String, value: String) {
        var pair = (key: "", value: "")
        var cursor = WireCursor(range)
        while let field = try cursor.next(in: file) {
            guard field.number == key || field.number == value else { continue }
            let bytes = try file.bytes(at: field.bytes.lowerBound, count: field.bytes.count)
            let text = String(decoding: bytes, as: UTF8.self)
            if field.number == key { pair.key = text } else { pair.value = text }
        }
        return pair
    }
}

/// Steps over the fields of a protocol-buffer message in a file (protobuf.dev/programming-guides/encoding).
private struct WireCursor {
    private var place: Int
    private let end: Int

    /// A field of variable length: its number, and where its bytes are.
    struct Field {
        var number: UInt64
        var bytes: Range<Int>
    }

    init(end: Int) { self.init(0..<end) }

    init(_ range: Range<Int>) {
        place = range.lowerBound
        end = range.upperBound
    }

    /// The next field of variable length; numbers are passed over.
    mutating func next(in file: borrowing BoundedFile) throws(InferenceError) -> Field? {
        while place < end {
            let tag = try number(in: file)
            switch tag & 7 {
            case 0: _ = try number(in: file)
            case 1: try skip(8, in: file)
            case 5: try skip(4, in: file)
            case 2:
                let start = try number(in: file)
                let first = place
                try skip(start, in: file)
                return Field(number: tag >> 3, bytes: first..<place)
            default: throw Self.damage(file, "a field of kind \(tag & 7)")
            }
        }
        return nil
    }

    private mutating func skip(_ count: UInt64, in file: borrowing BoundedFile) throws(InferenceError) {
        guard count <= UInt64(end - place) else { throw Self.damage(file, "a field goes on beyond the end") }
        place += Int(count)
    }

    /// A number in groups of seven bits, the lowest first.
    private mutating func number(in file: borrowing BoundedFile) throws(InferenceError) -> UInt64 {
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
