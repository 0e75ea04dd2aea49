import Foundation

/// Sums of exponentials over a vocabulary: what a logit is measured against.
enum LogitSum {
    private typealias Lane = SIMD8<Float>

    /// The logarithm of the sum of `exp(logit)` over ranges of tokens.
    ///
    /// A step of the decoder waits for it, so eight are taken at a time; the error of a sum is below 1e-5 of it.
    /// - Parameters:
    ///   - logits: one per token.
    ///   - ranges: the tokens that count.
    ///   - top: the highest logit among them.
    /// - Returns: -infinity where no token counts.
    static func logarithm<Logits: RandomAccessCollection<Float>>(
        _ logits: Logits,
        over ranges: [Range<Int>],
        top: Float
    ) -> Float where Logits.Index == Int {
        guard top > -.infinity else { return -.infinity }
        var sum: Float = 0
        for range in ranges {
            var lanes = Lane(repeating: 0)
            var index = range.lowerBound
            while index + 8 <= range.upperBound {
                var lane = Lane()
                for offset in 0..<8 { lane[offset] = logits[index + offset] }
                lanes += exponentials(lane - top)
                index += 8
            }
            sum += lanes.sum()
            while index < range.upperBound {
                sum += exp(logits[index] - top)
                index += 1
            }
        }
        return top + log(sum)
    }

    /// `exp(x)` for x ≤ 0: 2 to the nearest whole power times a polynomial of the rest (Taylor, sixth degree, |r| ≤ 0.35).
    private static func exponentials(_ x: Lane) -> Lane {
        // Below this the result is nothing beside the highest logit's 1.
        let bounded = x.replacing(with: Lane(repeating: -80), where: x .< Lane(repeating: -80))
        // Added to this, a number is rounded to a whole one, which stands in the lowest bits of the sum.
        let rounder: Float = 12_582_912
        let shifted = bounded * 1.442_695_04 + rounder
        let power = shifted - rounder
        let rest = (bounded - power * 0.693_359_375) + power * 2.121_944_4e-4
        var value = rest * (1 / 720) + (1 / 120)
        value = value * rest + (1 / 24)
        value = value * rest + (1 / 6)
        value = value * rest + 0.5
        value = value * rest + 1
        value = value * rest + 1
        var scale = Lane()
        for index in 0..<8 { scale[index] = Float(bitPattern: (shifted[index].bitPattern &+ 127) &<< 23) }
        return value * scale
    }
}
