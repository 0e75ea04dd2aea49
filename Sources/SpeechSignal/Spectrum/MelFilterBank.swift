import Glibc

/// Triangular filters, evenly spaced on a mel scale, over the bins of a power spectrum.
///
/// Stored as what they are: short runs of weights. The Slaney scale with Slaney normalization gives the filters of
/// `librosa.filters.mel` and of OpenAI's Whisper, within 1e-7.
package struct MelFilterBank: Sendable {
    /// How frequencies map to mels.
    package enum Scale: Sendable {
        /// Linear below 1 kHz, logarithmic above (Auditory Toolbox, M. Slaney, 1998).
        case slaney
        /// 2595·log10(1 + f / 700) (HTK Book).
        case htk
    }

    /// How a filter's height is chosen.
    package enum Normalization: Sendable {
        /// Unit area over Hz: 2 / (upper edge - lower edge).
        case slaney
        /// Unit height.
        case none
    }

    /// A filter's run of weights: spectrum bins from `firstBin` on, weights from `firstWeight` on.
    struct Run: Sendable {
        var firstBin: Int
        var firstWeight: Int
        var count: Int
    }

    /// Filters in the bank.
    package let bins: Int
    /// Values of the spectra it takes: `fftSize / 2 + 1`.
    package let spectrumCount: Int

    let runs: [Run]
    let weights: [Float]

    /// A bank of filters.
    ///
    /// - Parameters:
    ///   - bins: how many filters.
    ///   - fftSize: samples of the frames whose spectra are filtered.
    ///   - sampleRate: Hz.
    ///   - range: Hz, from the first filter's lower edge to the last one's upper; nil for 0 to half the sample rate.
    ///   - scale: where the filters' centers lie.
    ///   - normalization: how high they are.
    package init(
        bins: Int,
        fftSize: Int,
        sampleRate: Int,
        range: ClosedRange<Double>? = nil,
        scale: Scale = .slaney,
        normalization: Normalization = .slaney
    ) {
        let range = range ?? 0...Double(sampleRate) / 2
        let (low, high) = (scale.mel(range.lowerBound), scale.mel(range.upperBound))
        let edges = (0...bins + 1).map { scale.hertz(low + (high - low) * Double($0) / Double(bins + 1)) }
        var runs: [Run] = []
        var weights: [Float] = []
        for bin in 0..<bins {
            let (left, center, right) = (edges[bin], edges[bin + 1], edges[bin + 2])
            let height = normalization == .slaney ? 2 / (right - left) : 1
            var run = Run(firstBin: 0, firstWeight: weights.count, count: 0)
            for index in 0...fftSize / 2 {
                let frequency = Double(index) * Double(sampleRate) / Double(fftSize)
                let weight = min((frequency - left) / (center - left), (right - frequency) / (right - center))
                guard weight > 0 else { continue }
                if run.count == 0 { run.firstBin = index }
                run.count += 1
                weights.append(Float(weight * height))
            }
            runs.append(run)
        }
        self.bins = bins
        spectrumCount = fftSize / 2 + 1
        self.runs = runs
        self.weights = weights
    }

    /// Filters one power spectrum.
    ///
    /// - Parameter power: `spectrumCount` values.
    /// - Returns: `bins` values.
    package func apply(to power: [Float]) -> [Float] {
        precondition(power.count == spectrumCount)
        return runs.map { run in
            (0..<run.count).reduce(Float(0)) { $0 + power[run.firstBin + $1] * weights[run.firstWeight + $1] }
        }
    }

    /// All weights, row-major `[bins, spectrumCount]`: for inspection.
    package func matrix() -> [Float] {
        var matrix = [Float](repeating: 0, count: bins * spectrumCount)
        for (bin, run) in runs.enumerated() {
            for index in 0..<run.count {
                matrix[bin * spectrumCount + run.firstBin + index] = weights[run.firstWeight + index]
            }
        }
        return matrix
    }
}

extension MelFilterBank.Scale {
    // Slaney's scale: 200/3 Hz a mel up to 1 kHz (15 mels), then 27 mels for each factor of 6.4.
    private static var hertzPerMel: Double { 200.0 / 3 }
    private static var kneeHertz: Double { 1_000 }
    private static var kneeMel: Double { 15 }
    private static var logStep: Double { log(6.4) / 27 }

    fileprivate func mel(_ hertz: Double) -> Double {
        switch self {
        case .htk: 2_595 * log10(1 + hertz / 700)
        case .slaney where hertz < Self.kneeHertz: hertz / Self.hertzPerMel
        case .slaney: Self.kneeMel + log(hertz / Self.kneeHertz) / Self.logStep
        }
    }

    fileprivate func hertz(_ mel: Double) -> Double {
        switch self {
        case .htk: 700 * (pow(10, mel / 2_595) - 1)
        case .slaney where mel < Self.kneeMel: mel * Self.hertzPerMel
        case .slaney: Self.kneeHertz * exp(Self.logStep * (mel - Self.kneeMel))
        }
    }
}
