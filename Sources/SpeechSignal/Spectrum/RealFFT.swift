/// The Fourier transform of real frames: X[k] = Σ x[n]·exp(-2πi·k·n / size) for k in 0...size / 2.
///
/// A complex transform of half the size, then split into its even and odd parts (Sorensen et al., Real-valued Fast
/// Fourier Transform Algorithms, 1987). Single precision: within 1e-6 of the largest value. The plan is shared by any
/// number of tasks; each brings its own ``Workspace``, so a call allocates nothing.
package struct RealFFT: Sendable {
    /// Buffers for one caller: made once, used for every frame.
    package struct Workspace: Sendable {
        fileprivate var values: [ComplexLane<Float>]
        fileprivate var scratch: [ComplexLane<Float>]
    }

    /// Samples of a frame.
    package let size: Int
    /// Values of a spectrum: `size / 2 + 1`.
    package let spectrumCount: Int

    private let half: ComplexFFT
    /// exp(-2πi·k / size) for k in 0...size / 4, and on to size / 2.
    private let turns: [ComplexLane<Float>]

    /// A plan; nil unless the size is even and has no prime factors but 2, 3 and 5.
    package init?(size: Int) {
        guard size % 2 == 0, let half = ComplexFFT(size: size / 2) else { return nil }
        self.size = size
        self.half = half
        spectrumCount = size / 2 + 1
        turns = (0...size / 2).map { .root($0, of: size) }
    }

    /// Buffers for ``spectrum(of:real:imaginary:using:)``.
    package func makeWorkspace() -> Workspace {
        let zeros = [ComplexLane<Float>](repeating: ComplexLane(0, 0), count: size / 2)
        return Workspace(values: zeros, scratch: zeros)
    }

    /// The spectrum of one frame.
    ///
    /// - Parameters:
    ///   - frame: `size` samples.
    ///   - real: `spectrumCount` values, overwritten.
    ///   - imaginary: `spectrumCount` values, overwritten.
    ///   - workspace: of this plan.
    package func spectrum(
        of frame: [Float],
        real: inout [Float],
        imaginary: inout [Float],
        using workspace: inout Workspace
    ) {
        precondition(frame.count == size && real.count == spectrumCount && imaginary.count == spectrumCount)
        for index in 0..<size / 2 {
            workspace.values[index] = ComplexLane(frame[2 * index], frame[2 * index + 1])
        }
        workspace.values.withUnsafeMutableBufferPointer { values in
            workspace.scratch.withUnsafeMutableBufferPointer { scratch in
                guard let values = values.baseAddress, let scratch = scratch.baseAddress else { return }
                forEachValue(values, scratch) { index, value in
                    real[index] = value.real
                    imaginary[index] = value.imaginary
                }
            }
        }
    }

    /// Transforms frames that lie side by side.
    ///
    /// - Parameters:
    ///   - values: `size / 2` pairs: sample 2n as the real part, sample 2n + 1 as the imaginary one; overwritten.
    ///   - scratch: as large; overwritten.
    ///   - take: receives k and X[k] for every k in 0...size / 2, in no particular order.
    @inline(__always)
    func forEachValue<Lane: SignalLane>(
        _ values: UnsafeMutablePointer<ComplexLane<Lane>>,
        _ scratch: UnsafeMutablePointer<ComplexLane<Lane>>,
        _ take: (Int, ComplexLane<Lane>) -> Void
    ) {
        let result = half.transform(values, scratch)
        let count = size / 2
        let first = result[0]
        take(0, ComplexLane(first.real + first.imaginary, Lane.zero))
        take(count, ComplexLane(first.real - first.imaginary, Lane.zero))
        turns.withUnsafeBufferPointer { turns in
            for index in 1..<count / 2 + 1 {
                let (low, high) = (result[index], result[count - index])
                let even = ComplexLane(low.real + high.real, low.imaginary - high.imaginary) * 0.5
                let odd = (ComplexLane(low.real - high.real, low.imaginary + high.imaginary) * 0.5).turnedRight
                    .times(turns[index])
                take(index, even + odd)
                let mirrored = even - odd
                take(count - index, ComplexLane(mirrored.real, Lane.zero - mirrored.imaginary))
            }
        }
    }
}
