import Foundation

/// Standard normal numbers from a seed: the same seed gives the same speech.
///
/// SplitMix64 (Steele, Lea, Flood 2014) feeds the Box–Muller transform.
struct GaussianNoise: Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    private mutating func uniform() -> Float {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        bits ^= bits >> 31
        // 24 bits fill a float's mantissa; half a step keeps zero out of the logarithm.
        return (Float(bits >> 40) + 0.5) * 0x1p-24
    }

    /// - Parameter count: how many numbers.
    /// - Returns: the next numbers of the sequence.
    mutating func samples(_ count: Int) -> [Float] {
        var numbers = [Float](repeating: 0, count: count)
        var index = 0
        while index < count {
            let radius = (-2 * log(uniform())).squareRoot()
            let angle = 2 * Float.pi * uniform()
            numbers[index] = radius * cos(angle)
            if index + 1 < count { numbers[index + 1] = radius * sin(angle) }
            index += 2
        }
        return numbers
    }
}
