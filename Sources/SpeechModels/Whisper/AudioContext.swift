import Foundation
import Inference

/// The positions of the encoder that a window takes: all of the sound, and few of the silence behind it.
///
/// Whisper was trained on windows of 30 s, and repeats itself where the window is cut short. It need not look at all of
/// the silence that fills it, though: one position in ``stride`` stands for its neighbors, at its own place in the
/// window, and counts as often as they would: the logarithm of their number is added to its attention scores, in the
/// encoder and in the decoder. Without that the model repeats itself again.
///
/// On the 117 clips of `ModelPrep/testset` strides from 8 to 32 do as well as the whole window (`docs/decisions/0020`).
package struct AudioContext: Sendable, Equatable {
    /// Place of each position in the window, 20 ms each, ascending.
    package let positions: [Int64]
    /// Natural logarithm of how many positions each stands for.
    package let bias: [Float]

    /// Positions of silence that one stands for.
    package static let stride = 12
    /// Positions behind the sound that are all kept: 1 s.
    package static let margin = 50
    /// Saves less than this share of the window: not worth it.
    private static let leastSaved = 0.1

    /// Nil where next to nothing would be saved.
    /// - Parameters:
    ///   - frames: mel frames of 10 ms that hold sound.
    ///   - whole: positions of the model's window.
    package init?(frames: Int, of whole: Int) {
        let kept = min(whole, (max(0, frames) + 1) / 2 + Self.margin)
        let groups = (whole - kept + Self.stride - 1) / Self.stride
        guard Double(whole - kept - groups) >= Self.leastSaved * Double(whole) else { return nil }
        let silence = (0..<groups).map { group in
            let start = kept + group * Self.stride
            return start..<min(start + Self.stride, whole)
        }
        positions = (0..<kept).map(Int64.init) + silence.map { Int64(($0.lowerBound + $0.upperBound) / 2) }
        bias = [Float](repeating: 0, count: kept) + silence.map { log(Float($0.count)) }
    }

    /// Mel frames that the encoder is given.
    package var frames: Int { 2 * positions.count }
}

/// What the encoder is given for one window.
package struct WhisperWindow: Sendable {
    /// `mel`, and `positions` and `bias` where silence is thinned.
    let inputs: [String: Tensor]

    /// - Parameters:
    ///   - features: log-mel `[bins, frames]`, row-major.
    ///   - bins: mel filters.
    ///   - context: the positions that the frames stand for; nil for one after another.
    init(_ features: [Float], bins: Int, context: AudioContext? = nil) {
        var inputs = ["mel": Tensor(shape: [1, bins, features.count / bins], features)]
        if let context {
            inputs["positions"] = Tensor(shape: [context.positions.count], context.positions)
            inputs["bias"] = Tensor(shape: [context.bias.count], context.bias)
        }
        self.inputs = inputs
    }
}
