import Foundation
import Inference

/// When each token was said, from how the decoder's attention moves through the audio.
///
/// Port of `find_alignment` of openai/whisper, timing.py: softmax over the positions, each position normalized over the
/// tokens, a median over seven positions, the mean of the heads, then the cheapest way that goes forward in both.
package enum TokenTimes {
    /// Positions of the median filter.
    private static let medianWidth = 7

    /// - Parameters:
    ///   - attention: `[heads, tokens, positions]` before the softmax, row-major.
    ///   - heads: of the attention.
    ///   - tokens: of the attention.
    ///   - used: positions with sound; those behind are padding.
    ///   - rows: the tokens that are wanted.
    /// - Returns: the position at which each wanted token begins; empty where there is nothing to follow.
    package static func positions(
        _ attention: [Float],
        heads: Int,
        tokens: Int,
        used: Int,
        rows: Range<Int>
    ) -> [Int] {
        let stride = heads * tokens > 0 ? attention.count / (heads * tokens) : 0
        let width = min(used, stride)
        guard width > 0, !rows.isEmpty, rows.upperBound <= tokens else { return [] }
        var mean = [Float](repeating: 0, count: rows.count * width)
        for head in 0..<heads {
            var weights: [Float] = []
            weights.reserveCapacity(tokens * width)
            for token in 0..<tokens {
                let start = (head * tokens + token) * stride
                weights += softmax(attention[start..<start + width])
            }
            normalize(&weights, tokens: tokens, width: width)
            for (index, row) in rows.enumerated() {
                let smooth = median(weights[row * width..<(row + 1) * width])
                for position in 0..<width { mean[index * width + position] += smooth[position] / Float(heads) }
            }
        }
        return starts(mean, rows: rows.count, width: width)
    }

    private static func softmax(_ scores: ArraySlice<Float>) -> [Float] {
        let top = scores.max() ?? 0
        let values = scores.map { exp($0 - top) }
        let sum = values.reduce(0, +)
        return values.map { $0 / sum }
    }

    /// Each position less its mean over the tokens, divided by its deviation.
    private static func normalize(_ weights: inout [Float], tokens: Int, width: Int) {
        for position in 0..<width {
            let column = stride(from: position, to: tokens * width, by: width)
            let mean = column.reduce(Float(0)) { $0 + weights[$1] } / Float(tokens)
            let variance = column.reduce(Float(0)) { $0 + (weights[$1] - mean) * (weights[$1] - mean) } / Float(tokens)
            let deviation = variance.squareRoot()
            // A position that all tokens look at alike says nothing; the reference would divide by zero.
            for index in column { weights[index] = deviation > 0 ? (weights[index] - mean) / deviation : 0 }
        }
    }

    /// The median around each position, mirrored at the ends; short rows stay as they are, as in the reference.
    private static func median(_ row: ArraySlice<Float>) -> [Float] {
        let (values, reach) = (Array(row), medianWidth / 2)
        guard values.count > reach else { return values }
        return values.indices.map { center in
            var window: [Float] = []
            for offset in -reach...reach {
                let place = abs(center + offset)
                window.append(values[place < values.count ? place : 2 * (values.count - 1) - place])
            }
            window.sort()
            return window[reach]
        }
    }

    /// Dynamic time warping: the first position of each row on the way of the highest sum. The order in which equal ways
    /// are preferred is the reference's.
    private static func starts(_ gains: [Float], rows: Int, width: Int) -> [Int] {
        var steps = [UInt8](repeating: 2, count: (rows + 1) * (width + 1))
        var above = [Float](repeating: .infinity, count: width + 1)
        above[0] = 0
        for row in 1...rows {
            var costs = [Float](repeating: .infinity, count: width + 1)
            for place in 1...width {
                let (both, down, along) = (above[place - 1], above[place], costs[place - 1])
                let step: UInt8 = both < down && both < along ? 0 : down < both && down < along ? 1 : 2
                steps[row * (width + 1) + place] = step
                let cost = step == 0 ? both : step == 1 ? down : along
                costs[place] = cost - gains[(row - 1) * width + place - 1]
            }
            above = costs
        }
        return walkBack(steps, rows: rows, width: width)
    }

    private static func walkBack(_ steps: [UInt8], rows: Int, width: Int) -> [Int] {
        var starts = [Int](repeating: 0, count: rows)
        var (row, place) = (rows, width)
        while row > 0 || place > 0 {
            if row > 0 { starts[row - 1] = max(0, place - 1) }
            let step: UInt8 = row == 0 ? 2 : place == 0 ? 1 : steps[row * (width + 1) + place]
            if step != 2 { row -= 1 }
            if step != 1 { place -= 1 }
        }
        return starts
    }
}
