import Glibc

/// The log-mel spectrogram that OpenAI's Whisper hears.
///
/// Port of: `log_mel_spectrogram` in openai/whisper `audio.py`, ≤ 1e-4: frames of 400 samples every 160 at 16 kHz,
/// periodic Hann window, reflected ends, last frame dropped, Slaney mels of the power, log10 floored at 1e-10 and at 8
/// below the clip's loudest value, then (x + 4) / 4. Immutable and shared.
package struct WhisperMel: Sendable {
    /// Hz.
    package static let sampleRate = 16_000
    /// Samples of a frame.
    package static let frameLength = 400
    /// Samples from one frame to the next: 10 ms.
    package static let hop = 160
    /// Samples of the 30 s that the encoder takes.
    package static let windowSamples = 480_000

    /// Filters: 80, or 128 for large-v3.
    package let bins: Int

    private typealias Lane = SIMD4<Float>
    private let fft: RealFFT
    private let filters: MelFilterBank
    private let window: [Float]

    /// A front end with 80 or 128 filters.
    package init(bins: Int = 80) {
        guard let fft = RealFFT(size: Self.frameLength) else { preconditionFailure("400 = 2 · 4 · 2 · 5 · 5") }
        self.fft = fft
        self.bins = bins
        filters = MelFilterBank(bins: bins, fftSize: Self.frameLength, sampleRate: Self.sampleRate)
        window = (0..<Self.frameLength).map { index in
            Float(0.5 - 0.5 * cos(2 * Double.pi * Double(index) / Double(Self.frameLength)))
        }
    }

    /// Frames that ``logMel(of:paddedTo:)`` returns.
    package static func frameCount(samples: Int, paddedTo length: Int = windowSamples) -> Int {
        max(samples, length) / hop
    }

    /// The spectrogram of a clip that is followed by silence up to `paddedTo` samples.
    ///
    /// Frames that see nothing but the silence are not computed: they hold the floor. A 2 s clip costs 2 s of work.
    ///
    /// - Parameters:
    ///   - samples: 16 kHz mono in [-1, 1].
    ///   - length: samples with the silence; a longer clip is taken whole.
    /// - Returns: row-major `[bins, frames]`, frames = max(samples, length) / 160; about -1.5 to 2.
    package func logMel(of samples: [Float], paddedTo length: Int = windowSamples) -> [Float] {
        let frames = Self.frameCount(samples: samples.count, paddedTo: length)
        guard frames > 0 else { return [] }
        let reach = (samples.count + Self.frameLength / 2 + Self.hop - 1) / Self.hop
        let heard = min(frames, reach)
        let floor = Float(1e-10)
        var mel = [Float](repeating: floor, count: bins * frames)
        let signal = reflected(samples, length: max(samples.count, length), frames: heard)
        fillPower(signal, heard: heard, frames: frames, into: &mel)
        compress(&mel, heard: heard, frames: frames)
        return mel
    }

    /// The clip with half a frame of reflection before it and what the heard frames see after it; a whole number of
    /// groups of four frames.
    private func reflected(_ samples: [Float], length: Int, frames: Int) -> [Float] {
        let edge = Self.frameLength / 2
        let groups = (frames + Lane.scalarCount - 1) / Lane.scalarCount
        let count = groups * Lane.scalarCount * Self.hop + Self.frameLength
        var signal = [Float](repeating: 0, count: count)
        let whole = min(samples.count, count - edge)
        signal.replaceSubrange(edge..<edge + whole, with: samples[..<whole])
        // Past both ends the signal runs backward, the end sample itself not repeated.
        func mirrored(_ position: Int) -> Float {
            guard length > 1 else { return samples.first ?? 0 }
            let period = 2 * (length - 1)
            let inside = ((position % period) + period) % period
            let index = min(inside, period - inside)
            return index < samples.count ? samples[index] : 0
        }
        for index in 0..<edge { signal[index] = mirrored(index - edge) }
        for index in min(count, length + edge)..<min(count, length + 2 * edge) {
            signal[index] = mirrored(index - edge)
        }
        return signal
    }

    /// The power of every filter in every heard frame, four frames at a time.
    private func fillPower(_ signal: [Float], heard: Int, frames: Int, into mel: inout [Float]) {
        let half = Self.frameLength / 2
        let blank = ComplexLane<Lane>(.zero, .zero)
        withUnsafeTemporaryAllocation(of: ComplexLane<Lane>.self, capacity: 2 * half) { buffer in
            withUnsafeTemporaryAllocation(of: Lane.self, capacity: fft.spectrumCount) { power in
                buffer.initialize(repeating: blank)
                power.initialize(repeating: .zero)
                guard let values = buffer.baseAddress, let power = power.baseAddress else { return }
                for frame in stride(from: 0, to: heard, by: Lane.scalarCount) {
                    signal.withUnsafeBufferPointer { load($0, frame: frame, into: values) }
                    fft.forEachValue(values, values + half) { index, value in
                        power[index] = value.real * value.real + value.imaginary * value.imaginary
                    }
                    mel.withUnsafeMutableBufferPointer {
                        filter(
                            power,
                            into: $0,
                            frame: frame,
                            count: min(Lane.scalarCount, heard - frame),
                            frames: frames
                        )
                    }
                }
            }
        }
    }

    /// Four windowed frames side by side.
    @inline(__always)
    private func load(
        _ signal: UnsafeBufferPointer<Float>,
        frame: Int,
        into values: UnsafeMutablePointer<ComplexLane<Lane>>
    ) {
        let hop = Self.hop
        guard let start = signal.baseAddress.map({ $0 + frame * hop }) else { return }
        window.withUnsafeBufferPointer { window in
            for index in 0..<Self.frameLength / 2 {
                let even = start + 2 * index
                let odd = even + 1
                values[index] = ComplexLane(
                    Lane(even[0], even[hop], even[2 * hop], even[3 * hop]) * window[2 * index],
                    Lane(odd[0], odd[hop], odd[2 * hop], odd[3 * hop]) * window[2 * index + 1]
                )
            }
        }
    }

    @inline(__always)
    private func filter(
        _ power: UnsafeMutablePointer<Lane>,
        into mel: UnsafeMutableBufferPointer<Float>,
        frame: Int,
        count: Int,
        frames: Int
    ) {
        filters.weights.withUnsafeBufferPointer { weights in
            for (bin, run) in filters.runs.enumerated() {
                var sum = Lane.zero
                for index in 0..<run.count {
                    sum += power[run.firstBin + index] * weights[run.firstWeight + index]
                }
                for lane in 0..<count { mel[bin * frames + frame + lane] = sum[lane] }
            }
        }
    }

    /// Logarithm, floors and scaling, in place. Columns from `heard` on hold the floor already.
    private func compress(_ mel: inout [Float], heard: Int, frames: Int) {
        var loudest = Float(-10)
        for bin in 0..<bins {
            for index in bin * frames..<bin * frames + heard {
                let value = log10(max(mel[index], 1e-10))
                mel[index] = value
                loudest = max(loudest, value)
            }
        }
        let floor = loudest - 8
        let silence = (max(-10, floor) + 4) / 4
        for bin in 0..<bins {
            let row = bin * frames
            for index in row..<row + heard { mel[index] = (max(mel[index], floor) + 4) / 4 }
            for index in row + heard..<row + frames { mel[index] = silence }
        }
    }
}
