package import Inference

/// The rows that are put in front of the sound where a graph does not hold them itself: what is asked of it, by number.
package struct QueryRows: Sendable, Equatable {
    /// Values in a row.
    package let width: Int
    /// `[queries, width]`, row-major.
    private let values: [Float]

    /// - Parameters:
    ///   - width: values in a row.
    ///   - values: `[queries, width]`, row-major.
    package init(width: Int, _ values: [Float]) {
        self.width = width
        self.values = values
    }

    /// The row of a query; nil for a number that has none.
    package subscript(query: Int) -> ArraySlice<Float>? {
        guard query >= 0, (query + 1) * width <= values.count else { return nil }
        return values[query * width..<(query + 1) * width]
    }

    /// Reads a NumPy array (`.npy`, versions 1 to 3) of two axes, little-endian 32-bit floats in row-major order.
    /// - Parameters:
    ///   - bytes: the whole file.
    ///   - file: its name, for messages.
    /// - Throws: `badModel` saying what else it is.
    package init(npy bytes: [UInt8], file: String) throws(InferenceError) {
        func refuse(_ why: String) -> InferenceError {
            InferenceError(.badModel, "\(why); an array of 32-bit floats with two axes is expected", graph: file)
        }
        guard bytes.count > 12, bytes.starts(with: [0x93] + Array("NUMPY".utf8)) else {
            throw refuse("it is no .npy file")
        }
        let (start, digits) = bytes[6] == 1 ? (10, 2) : (12, 4)
        let length = (0..<digits).reduce(0) { $0 | Int(bytes[8 + $1]) << (8 * $1) }
        guard length <= bytes.count - start else { throw refuse("it is cut short") }
        let header = String(decoding: bytes[start..<start + length], as: UTF8.self)
        guard header.contains("'<f4'"), header.contains("'fortran_order': False") else {
            throw refuse("its header is \(header.prefix(80))")
        }
        let shape = header.split(separator: "(").last?.prefix { $0 != ")" } ?? ""
        let axes = shape.split(separator: ",").compactMap { Int($0.filter { $0 != " " }) }
        let data = bytes[(start + length)...]
        guard axes.count == 2, axes.allSatisfy({ (1...1 << 20).contains($0) }), data.count == axes[0] * axes[1] * 4
        else { throw refuse("its shape is \(axes), with \(data.count) bytes") }
        let values = stride(from: data.startIndex, to: data.endIndex, by: 4).map { index in
            Float(bitPattern: (0..<4).reduce(UInt32(0)) { $0 | UInt32(data[index + $1]) << UInt32(8 * $1) })
        }
        self.init(width: axes[1], values)
    }
}
