/// How a log-mel filter bank hears: Kaldi's options under plain names, and those of its relatives.
///
/// As it stands it is what FunASR's models are trained with (WavFrontend: Kaldi's fbank of samples times 32768, Hamming
/// window, 80 bins, no dither). In a bundle every key may be left out; one that is not known is an error.
///
///     {"sampleRate": 16000, "scale": 32768, "frame": {"window": "povey"}, "mel": {"bins": 40, "highest": -400}}
///
/// There is no dither: the same sound gives the same features. A bundle may say `"dither": 0`, and nothing else.
package struct FbankOptions: Sendable, Equatable {
    /// Hz, 1000 to 192000.
    package var sampleRate = 16_000
    /// What samples in [-1, 1] are multiplied by: 32768 for the 16-bit numbers Kaldi is used to, or 1.
    package var scale: Float = 32_768
    /// How the sound is cut into frames.
    package var frame = Frame()
    /// How a frame's spectrum is filtered.
    package var mel = Mel()

    /// FunASR's options.
    package init() {}

    /// How the sound is cut into frames, and what is done to each.
    package struct Frame: Sendable, Equatable {
        /// Milliseconds; what does not make a whole sample is dropped.
        package var length = 25.0
        /// Milliseconds from one frame to the next.
        package var shift = 10.0
        /// Weights of a frame's samples.
        package var window = FrameWindow.hamming
        /// x[n] - preEmphasis · x[n - 1], 0 to 1; 0 for none.
        package var preEmphasis: Float = 0.97
        /// Of what the first sample has no predecessor.
        package var emphasis = Emphasis.frame
        /// Whether each frame's mean is taken from it, before pre-emphasis within the frame.
        package var removesOffset = true
        /// What happens where the sound begins and ends.
        package var edges = Edges.snip

        /// FunASR's frames.
        package init() {}
    }

    /// Where pre-emphasis begins.
    package enum Emphasis: String, Sendable, Codable, CaseIterable {
        /// In each frame: its first sample is its own predecessor, as in Kaldi.
        case frame
        /// In the whole sound, before it is cut: 0 stands before the first sample.
        case signal
    }

    /// What happens where the sound begins and ends.
    package enum Edges: String, Sendable, Codable, CaseIterable {
        /// Frames lie wholly in the sound (Kaldi's `snip_edges`): a sound shorter than a frame has none.
        case snip
        /// The sound runs backward beyond its ends, frame n is centered at (n + 1/2) · shift (`snip_edges` off).
        case reflect
        /// As `snip`, but a sound shorter than a frame, and not empty, is followed by zeros up to one frame.
        case pad
    }

    /// How a frame's spectrum becomes logarithms of filter outputs.
    package struct Mel: Sendable, Equatable {
        /// Filters, 1 to 512.
        package var bins = 80
        /// Hz, the lower edge of the first filter.
        package var lowest = 20.0
        /// Hz, the upper edge of the last filter; 0 or less counts from half the sample rate, as in Kaldi.
        package var highest = 0.0
        /// Where the filters lie and how they look.
        package var filters = Filters.kaldi
        /// What is filtered.
        package var spectrum = Spectrum.power
        /// The smallest filter output, above 0: Kaldi's is the distance from 1 to the next single-precision number.
        package var floor: Float = .ulpOfOne

        /// FunASR's filters.
        package init() {}
    }

    /// Where filters lie and how they look.
    package enum Filters: String, Sendable, Codable, CaseIterable {
        /// Triangles over mels, 1127 · ln(1 + f / 700), as Kaldi has them.
        case kaldi
        /// Triangles over numbers of spectrum bins, whose corners are rounded down to floor(f · (fftSize / 2 + 1) /
        /// (sampleRate / 2)), as the seed's Paraformer has them. Narrow filters may be empty.
        case rounded
    }

    /// What is filtered; X is the transform of a windowed frame that zeros fill up to a power of two.
    package enum Spectrum: String, Sendable, Codable, CaseIterable {
        /// |X|².
        case power
        /// |X|.
        case magnitude
        /// |X|² / fftSize.
        case powerPerSample
    }
}

extension FbankOptions {
    /// What the seed computes for `paraformer_rknn` (`compute_fbank`): samples in [-1, 1], pre-emphasis of the whole sound,
    /// offset kept, other filters, floor 1e-10. Models of the family are usually trained with ``init()``'s.
    package static var seedParaformer: FbankOptions {
        var options = FbankOptions()
        options.scale = 1
        options.frame.emphasis = .signal
        options.frame.removesOffset = false
        options.frame.edges = .pad
        options.mel.filters = .rounded
        options.mel.spectrum = .powerPerSample
        options.mel.floor = 1e-10
        return options
    }

    /// Samples of a frame: at least 2 in options that ``Fbank`` accepts.
    package var frameLength: Int { samples(frame.length) }

    /// Samples from one frame to the next: at least 1 in options that ``Fbank`` accepts.
    package var frameShift: Int { samples(frame.shift) }

    /// Samples that are transformed: the frame's, rounded up to a power of two.
    package var fftSize: Int {
        var size = 2
        while size < frameLength { size *= 2 }
        return size
    }

    /// Hz of the last filter's upper edge.
    package var highestFrequency: Double {
        mel.highest > 0 ? mel.highest : mel.highest + Double(sampleRate) / 2
    }

    private func samples(_ milliseconds: Double) -> Int {
        // A millionth of a sample: what multiplication may lose of a whole one. Values out of range are refused later.
        let count = Double(sampleRate) * milliseconds / 1_000 + 1e-6
        return count >= 0 && count < 1e9 ? Int(count) : 0
    }
}
