package import Inference

/// An ONNX file without its weights, which are named by their places in that same file instead.
///
/// ONNX Runtime reads a file into memory whole and copies each weight out of it. Weights that lie outside of a model's
/// description ("external data" of onnx.proto) are mapped instead: memory holds those that are used, and the kernel may
/// drop them again. Nothing says that the file outside must be another one.
package struct ONNXOutline: Equatable {
    /// What ONNX Runtime is given in place of the file.
    package private(set) var bytes: [UInt8] = []
    /// Bytes of weights that stay in the file.
    package private(set) var outside = 0

    /// Fields of onnx.proto.
    private enum Number {
        static let graph: UInt64 = 7  // of ModelProto
        static let initializer: UInt64 = 5  // of GraphProto
        static let (dataType, rawData, externalData, dataLocation): (UInt64, UInt64, UInt64, UInt64) = (2, 9, 13, 14)
    }

    /// Smaller weights stay in the description: shapes and the like, which optimizers look at.
    private static let leastBytes = 4096
    /// A description of so many bytes is no description: the weights are not where they usually are.
    private static let mostBytes = 64 << 20

    private let fileName: String

    /// - Parameter path: an ONNX file.
    /// - Returns: nil where no weight can be left in the file.
    /// - Throws: `missingFile`; `badModel` for a file that is damaged, or no ONNX file.
    package static func read(_ path: String) throws(InferenceError) -> ONNXOutline? {
        let file = try BoundedFile(path)
        var outline = ONNXOutline(fileName: path.split(separator: "/").last.map(String.init) ?? path)
        var cursor = WireCursor(end: file.size)
        while let field = try cursor.next(in: file) {
            if field.number == Number.graph, field.kind == .bytes {
                let graph = try outline.graph(field.content, in: file)
                outline.bytes += Self.field(Number.graph, graph)
            } else {
                outline.bytes += try copy(field, of: file)
            }
        }
        return outline.outside > 0 ? outline : nil
    }

    private init(fileName: String) { self.fileName = fileName }

    private mutating func graph(
        _ range: Range<Int>,
        in file: borrowing BoundedFile
    ) throws(InferenceError) -> [UInt8] {
        var graph: [UInt8] = []
        var cursor = WireCursor(range)
        while let field = try cursor.next(in: file) {
            if field.number == Number.initializer, field.content.count >= Self.leastBytes {
                graph += Self.field(Number.initializer, try tensor(field.content, in: file))
            } else {
                graph += try Self.copy(field, of: file)
            }
            guard graph.count <= Self.mostBytes else { throw WireCursor.damage(file, "too much that is no weight") }
        }
        return graph
    }

    private mutating func tensor(
        _ range: Range<Int>,
        in file: borrowing BoundedFile
    ) throws(InferenceError) -> [UInt8] {
        var tensor: [UInt8] = []
        var size: Int?
        var cursor = WireCursor(range)
        while let field = try cursor.next(in: file) {
            if field.number == Number.dataType, field.kind == .number {
                var value = WireCursor(field.content)
                size = Self.bytes(ofType: try value.number(in: file))
            }
            // Weights are read in place: one that is not aligned is not one that every processor can read.
            if field.number == Number.rawData, field.content.count >= Self.leastBytes, let size,
                field.content.lowerBound.isMultiple(of: size)
            {
                outside += field.content.count
                tensor += reference(to: field.content)
            } else {
                tensor += try Self.copy(field, of: file)
            }
        }
        return tensor
    }

    /// Bytes of an element by its `TensorProto.DataType`; nil for what has no raw data.
    private static func bytes(ofType type: UInt64) -> Int? {
        switch type {
        case 2, 3, 9: 1  // uint8, int8, bool
        case 4, 5, 10, 16: 2  // uint16, int16, float16, bfloat16
        case 1, 6, 12: 4  // float, int32, uint32
        case 7, 11, 13: 8  // int64, double, uint64
        default: nil
        }
    }

    private func reference(to range: Range<Int>) -> [UInt8] {
        let entries = [("location", fileName), ("offset", "\(range.lowerBound)"), ("length", "\(range.count)")]
        let external = entries.flatMap { key, value in
            Self.field(Number.externalData, Self.field(1, Array(key.utf8)) + Self.field(2, Array(value.utf8)))
        }
        // TensorProto.EXTERNAL is 1.
        return external + Self.varint(Number.dataLocation << 3) + [1]
    }

    private static func copy(
        _ field: WireCursor.Field,
        of file: borrowing BoundedFile
    ) throws(InferenceError) -> [UInt8] {
        guard field.whole.count <= mostBytes else { throw WireCursor.damage(file, "too much that is no weight") }
        return try file.bytes(at: field.whole.lowerBound, count: field.whole.count)
    }

    private static func field(_ number: UInt64, _ content: [UInt8]) -> [UInt8] {
        varint(number << 3 | WireCursor.Kind.bytes.rawValue) + varint(UInt64(content.count)) + content
    }

    private static func varint(_ number: UInt64) -> [UInt8] {
        var (bytes, rest) = ([UInt8](), number)
        while rest > 0x7F {
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }
}
