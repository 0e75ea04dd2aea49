/// Mean and deviation of each filter over the frames heard so far, in double precision and in the frames' order: the same
/// however they arrive.
///
/// B. Welford's recurrence (Technometrics 4, 1962): of equal frames the deviation is exactly 0, so a filter without any bin
/// (two of the seed's 80) is normalized to 0. In the seed, rounding makes it 0, 1 or -1, by the length of the sound.
struct UtteranceStatistics: Sendable {
    /// The smallest deviation, as in the seed's `compute_fbank`: silence becomes 0 instead of noise.
    static let smallestDeviation = 1e-10

    private(set) var count = 0
    private var mean: [Double]
    /// Sums of squared differences from the mean.
    private var spread: [Double]

    init(bins: Int) {
        mean = [Double](repeating: 0, count: bins)
        spread = mean
    }

    /// Counts frames in.
    ///
    /// - Parameter frames: row-major `[frames, bins]`.
    mutating func add(_ frames: ArraySlice<Float>) {
        for start in stride(from: frames.startIndex, to: frames.endIndex, by: mean.count) {
            count += 1
            let share = 1 / Double(count)
            for bin in mean.indices {
                let value = Double(frames[start + bin])
                let difference = value - mean[bin]
                mean[bin] += difference * share
                spread[bin] += difference * (value - mean[bin])
            }
        }
    }

    /// Normalization by what was heard, of rows of `copies` frames side by side; population deviation.
    func normalization(copies: Int) -> CMVN {
        let scale = spread.map { spread in
            Float(1 / max((spread / Double(max(1, count))).squareRoot(), Self.smallestDeviation))
        }
        let shift = mean.map { Float(-$0) }
        return CMVN(
            unchecked: Array(repeatElement(shift, count: copies).joined()),
            scale: Array(repeatElement(scale, count: copies).joined())
        )
    }
}
