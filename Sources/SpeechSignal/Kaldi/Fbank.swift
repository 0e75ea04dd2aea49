/// Log-mel filter bank features: Kaldi's `fbank`, and its relatives by options.
///
/// Port of: `feature-fbank.cc`, `feature-window.cc` and `mel-computations.cc` of Kaldi, ≤ 1e-3 of `fbank` in torchaudio's
/// `compliance/kaldi.py` and of the seed's `compute_fbank` (ln; about -16 to 25). Single precision, as they are: where a
/// filter holds 1e-9 of a frame's power, rounding alone makes 1e-3 in either.
///
/// A frame depends on its samples alone, and every frame takes the same path, so a sound gives the same features to the bit
/// whole, in pieces, and in any pieces. Immutable and shared; a ``FbankStream`` is what hears.
///
/// Sound arrives at the options' sample rate: ``MonoReader`` and the reader of live sound resample with ``Resampler``
/// whatever a file or a client has, 8 kHz and 48 kHz alike.
package struct Fbank: Sendable {
    /// What it computes.
    package let options: FbankOptions
    /// Samples of a frame.
    package let frameLength: Int
    /// Samples from one frame to the next.
    package let frameShift: Int

    let kernel: FbankKernel

    /// Values of a frame.
    package var bins: Int { options.mel.bins }

    /// Features of the given kind.
    ///
    /// - Throws: `badSettings` with the setting that makes no sense.
    package init(_ options: FbankOptions = FbankOptions()) throws(KaldiFrontEndError) {
        if let problem = options.problem { throw KaldiFrontEndError(.badSettings, "fbank: \(problem)") }
        guard let fft = RealFFT(size: options.fftSize) else {
            throw KaldiFrontEndError(.badSettings, "fbank: no transform of \(options.fftSize) samples")
        }
        self.options = options
        frameLength = options.frameLength
        frameShift = options.frameShift
        kernel = FbankKernel(options, fft)
    }

    /// Frames of a sound of so many samples.
    package func frameCount(samples: Int) -> Int {
        switch options.frame.edges {
        case .snip: samples < frameLength ? 0 : 1 + (samples - frameLength) / frameShift
        case .pad: samples < 1 ? 0 : 1 + max(0, samples - frameLength) / frameShift
        case .reflect: (samples + frameShift / 2) / frameShift
        }
    }

    /// The features of a whole sound.
    ///
    /// - Parameter samples: mono at the options' rate, in [-1, 1]; ``FbankStream/accept(_:)`` says what becomes of others.
    /// - Returns: row-major `[frames, bins]`.
    package func features(of samples: [Float]) -> [Float] {
        var stream = makeStream()
        stream.accept(samples)
        stream.finish()
        return stream.takeAll()
    }

    /// A listener at the start of a sound.
    package func makeStream() -> FbankStream {
        FbankStream(self)
    }

    /// The first sample that a frame sees; before the sound's first one where it is reflected.
    func firstSample(ofFrame frame: Int) -> Int {
        let start = frame * frameShift
        return options.frame.edges == .reflect ? start + frameShift / 2 - frameLength / 2 : start
    }
}

extension FbankOptions {
    /// What makes no sense in them; nil when nothing does.
    fileprivate var problem: String? {
        let half = Double(sampleRate) / 2
        if !(1_000...192_000).contains(sampleRate) { return "sampleRate is \(sampleRate) Hz, not 1000 to 192000" }
        if !(scale > 0 && scale <= 1_048_576) { return "scale is \(scale), not above 0 and at most 2^20" }
        if !(2...1 << 16).contains(frameLength) { return "frame.length is \(frame.length) ms, not 2 to 65536 samples" }
        if !(1...1 << 16).contains(frameShift) { return "frame.shift is \(frame.shift) ms, not 1 to 65536 samples" }
        if !(0...1).contains(frame.preEmphasis) { return "frame.preEmphasis is \(frame.preEmphasis), not 0 to 1" }
        if !(1...512).contains(mel.bins) { return "mel.bins is \(mel.bins), not 1 to 512" }
        if !(mel.lowest >= 0 && mel.lowest < highestFrequency && highestFrequency <= half) {
            return "mel.lowest and mel.highest give \(mel.lowest) to \(highestFrequency) Hz of 0 to \(half)"
        }
        if !(mel.floor > 0 && mel.floor.isFinite) { return "mel.floor is \(mel.floor), not above 0" }
        return nil
    }
}
