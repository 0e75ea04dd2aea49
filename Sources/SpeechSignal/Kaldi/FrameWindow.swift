import Glibc

/// Weights of a frame's samples, symmetric: the first equals the last (Kaldi's `feature-window.cc`).
package enum FrameWindow: String, Sendable, Codable, CaseIterable {
    /// 0.54 - 0.46 · cos(2πn / (N - 1)).
    case hamming
    /// 0.5 - 0.5 · cos(2πn / (N - 1)); Kaldi spells it hanning.
    case hann
    /// Hann's to the power 0.85: D. Povey's, zero at the ends.
    case povey
    /// 1.
    case rectangular
    /// 0.42 - 0.5 · cos(2πn / (N - 1)) + 0.08 · cos(4πn / (N - 1)).
    case blackman

    /// The weights of a frame of `length` ≥ 2 samples.
    package func weights(length: Int) -> [Float] {
        let turn = 2 * Double.pi / Double(length - 1)
        return (0..<length).map { index in
            let angle = turn * Double(index)
            return switch self {
            case .hamming: Float(0.54 - 0.46 * cos(angle))
            case .hann: Float(0.5 - 0.5 * cos(angle))
            // Rounding may leave a cosine a little above 1.
            case .povey: Float(pow(max(0, 0.5 - 0.5 * cos(angle)), 0.85))
            case .rectangular: 1
            case .blackman: Float(0.42 - 0.5 * cos(angle) + 0.08 * cos(2 * angle))
            }
        }
    }
}
