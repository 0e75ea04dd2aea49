import Glibc

extension MelFilterBank {
    /// The filters of options that ``Fbank`` accepts.
    ///
    /// `powerPerSample` is in the weights: the size of a transform is a power of two, so nothing is rounded twice.
    init(_ options: FbankOptions) {
        let weight =
            switch options.mel.filters {
            case .kaldi: Self.kaldi(options)
            case .rounded: Self.rounded(options)
            }
        let height = options.mel.spectrum == .powerPerSample ? 1 / Double(options.fftSize) : 1
        self.init(bins: options.mel.bins, spectrumCount: options.fftSize / 2 + 1) { weight($0, $1) * height }
    }

    /// Triangles over mels (Kaldi's `mel-computations.cc`).
    private static func kaldi(_ options: FbankOptions) -> (Int, Int) -> Double {
        func mel(_ hertz: Double) -> Double { 1_127 * log(1 + hertz / 700) }
        let low = mel(options.mel.lowest)
        let step = (mel(options.highestFrequency) - low) / Double(options.mel.bins + 1)
        let width = Double(options.sampleRate) / Double(options.fftSize)
        return { bin, index in
            // Kaldi leaves the last bin out; its weight is 0 but for rounding.
            guard index < options.fftSize / 2 else { return 0 }
            let steps = (mel(width * Double(index)) - low) / step
            return 1 - abs(steps - Double(bin + 1))
        }
    }

    /// Triangles over rounded bins (the seed's `_get_mel_filterbank` in `paraformer_rknn.py`).
    private static func rounded(_ options: FbankOptions) -> (Int, Int) -> Double {
        func mel(_ hertz: Double) -> Double { 2_595 * log10(1 + hertz / 700) }
        let (low, high) = (mel(options.mel.lowest), mel(options.highestFrequency))
        let perHertz = Double(options.fftSize / 2 + 1) / (Double(options.sampleRate) / 2)
        let corners = (0...options.mel.bins + 1).map { corner in
            let point = low + (high - low) * Double(corner) / Double(options.mel.bins + 1)
            // The last corner is a whole number but for rounding.
            return (700 * (pow(10, point / 2_595) - 1) * perHertz + 1e-9).rounded(.down)
        }
        return { bin, index in
            let (left, center, right) = (corners[bin], corners[bin + 1], corners[bin + 2])
            let place = Double(index)
            if place >= left, place < center { return (place - left) / (center - left) }
            return place >= center && place < right ? (right - place) / (right - center) : 0
        }
    }

    /// Filters whose weights are a function of filter and spectrum bin; 0 and less is outside.
    private init(bins: Int, spectrumCount: Int, weight: (Int, Int) -> Double) {
        var runs: [Run] = []
        var weights: [Float] = []
        for bin in 0..<bins {
            var run = Run(firstBin: 0, firstWeight: weights.count, count: 0)
            for index in 0..<spectrumCount {
                let value = weight(bin, index)
                guard value > 0 else { continue }
                if run.count == 0 { run.firstBin = index }
                run.count += 1
                weights.append(Float(value))
            }
            runs.append(run)
        }
        self.init(bins: bins, spectrumCount: spectrumCount, runs: runs, weights: weights)
    }

    private init(bins: Int, spectrumCount: Int, runs: [Run], weights: [Float]) {
        self.bins = bins
        self.spectrumCount = spectrumCount
        self.runs = runs
        self.weights = weights
    }
}
