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
            guard field.number == pairs, field.kind == .bytes else { continue }
            total += field.content.count
            guard total <= limit else { throw WireCursor.damage(file, "its metadata is larger than any model's") }
            let pair = try self.pair(field.content, in: file)
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
            guard field.kind == .bytes, field.number == key || field.number == value else { continue }
            let bytes = try file.bytes(at: field.content.lowerBound, count: field.content.count)
            let text = String(decoding: bytes, as: UTF8.self)
            if field.number == key { pair.key = text } else { pair.value = text }
        }
        return pair
    }
}
