import Foundation

/// Adds to each row where it stands: sines, then cosines, of its position at falling frequencies.
///
/// Positions count from 1. Port of FunASR's `SinusoidalPositionEncoder`; the products are rounded to 32-bit floats as
/// there, or they would drift apart in a long stream.
package struct SinusoidalPositions: Sendable {
    /// Values in a row.
    package let width: Int
    private let frequencies: [Float]

    /// - Parameter width: values in a row; even.
    package init(width: Int) {
        self.width = width
        let half = width / 2
        // 0.03301197 for the usual 280 frequencies.
        let step = Float(log(10_000) / Double(max(1, half - 1)))
        frequencies = (0..<half).map { Float(exp(Double(-step * Float($0)))) }
    }

    /// Adds the positions to rows.
    /// - Parameters:
    ///   - rows: `[rows, width]`, row-major.
    ///   - first: position of the first row.
    package func add(to rows: inout [Float], first: Int) {
        let half = frequencies.count
        for row in 0..<rows.count / width {
            let position = Float(first + row)
            for (index, frequency) in frequencies.enumerated() {
                let angle = Double(position * frequency)
                rows[row * width + index] += Float(sin(angle))
                rows[row * width + half + index] += Float(cos(angle))
            }
        }
    }
}
