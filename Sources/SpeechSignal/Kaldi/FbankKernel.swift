import Glibc

/// The arithmetic of four frames at a time, side by side: one lane each, so that none sees its neighbors.
struct FbankKernel {
    typealias Lane = SIMD4<Float>
    typealias Starts = SIMD4<Int>

    private let fft: RealFFT
    private let filters: MelFilterBank
    private let window: [Float]
    private let emphasis: Float
    private let removesOffset: Bool
    private let takesRoot: Bool
    private let floor: Float

    init(_ options: FbankOptions, _ fft: RealFFT) {
        self.fft = fft
        filters = MelFilterBank(options)
        window = options.frame.window.weights(length: options.frameLength)
        emphasis = options.frame.emphasis == .frame ? options.frame.preEmphasis : 0
        removesOffset = options.frame.removesOffset
        takesRoot = options.mel.spectrum == .magnitude
        floor = options.mel.floor
    }

    /// Buffers of one call: two for the transform, one for the spectrum.
    func withBuffers(_ body: (Buffers) -> Void) {
        let half = fft.size / 2
        withUnsafeTemporaryAllocation(of: ComplexLane<Lane>.self, capacity: 2 * half) { values in
            withUnsafeTemporaryAllocation(of: Lane.self, capacity: fft.spectrumCount) { spectrum in
                values.initialize(repeating: ComplexLane(.zero, .zero))
                spectrum.initialize(repeating: .zero)
                guard let values = values.baseAddress, let spectrum = spectrum.baseAddress else { return }
                body(Buffers(values: values, scratch: values + half, spectrum: spectrum))
            }
        }
    }

    struct Buffers {
        let values: UnsafeMutablePointer<ComplexLane<Lane>>
        let scratch: UnsafeMutablePointer<ComplexLane<Lane>>
        let spectrum: UnsafeMutablePointer<Lane>
    }

    /// Features of four frames, or of fewer.
    ///
    /// - Parameters:
    ///   - signal: scaled samples.
    ///   - starts: where the frames begin in it. Those past `count` begin where some other does.
    ///   - count: how many frames are wanted, 1 to 4.
    ///   - rows: row-major `[count, bins]`, overwritten.
    ///   - buffers: overwritten.
    func fill(
        _ signal: UnsafePointer<Float>,
        _ starts: Starts,
        count: Int,
        into rows: UnsafeMutablePointer<Float>,
        using buffers: Buffers
    ) {
        load(signal, starts, into: buffers.values)
        fft.forEachValue(buffers.values, buffers.scratch) { index, value in
            buffers.spectrum[index] = value.real * value.real + value.imaginary * value.imaginary
        }
        if takesRoot {
            for index in 0..<fft.spectrumCount { buffers.spectrum[index] = buffers.spectrum[index].squareRoot() }
        }
        filter(buffers.spectrum, count: count, into: rows)
    }

    /// Four windowed frames side by side, zeros behind them.
    private func load(
        _ signal: UnsafePointer<Float>,
        _ starts: Starts,
        into values: UnsafeMutablePointer<ComplexLane<Lane>>
    ) {
        let (a, b, c, d) = (signal + starts[0], signal + starts[1], signal + starts[2], signal + starts[3])
        let length = window.count
        var (even, odd) = (Lane.zero, Lane.zero)
        for pair in 0..<length / 2 {
            let place = 2 * pair
            let value = ComplexLane(
                Lane(a[place], b[place], c[place], d[place]),
                Lane(a[place + 1], b[place + 1], c[place + 1], d[place + 1])
            )
            values[pair] = value
            even += value.real
            odd += value.imaginary
        }
        let last = length - 1
        let rest = length.isMultiple(of: 2) ? Lane.zero : Lane(a[last], b[last], c[last], d[last])
        let mean = removesOffset ? (even + odd + rest) / Lane(repeating: Float(length)) : .zero
        weigh(values, rest: rest, mean: mean)
    }

    /// Takes the mean from each frame, then pre-emphasis, then the window, in place.
    private func weigh(_ values: UnsafeMutablePointer<ComplexLane<Lane>>, rest: Lane, mean: Lane) {
        window.withUnsafeBufferPointer { window in
            let pairs = window.count / 2
            let emphasis = Lane(repeating: emphasis)
            var before = values[0].real - mean
            for index in 0..<pairs {
                let first = values[index].real - mean
                let second = values[index].imaginary - mean
                values[index] = ComplexLane(
                    (first - emphasis * before) * window[2 * index],
                    (second - emphasis * first) * window[2 * index + 1]
                )
                before = second
            }
            var next = pairs
            if !window.count.isMultiple(of: 2) {
                let value = (rest - mean - emphasis * before) * window[window.count - 1]
                values[pairs] = ComplexLane(value, .zero)
                next += 1
            }
            for index in next..<max(next, fft.size / 2) { values[index] = ComplexLane(.zero, .zero) }
        }
    }

    private func filter(_ spectrum: UnsafePointer<Lane>, count: Int, into rows: UnsafeMutablePointer<Float>) {
        filters.weights.withUnsafeBufferPointer { weights in
            for (bin, run) in filters.runs.enumerated() {
                var sum = Lane.zero
                for index in 0..<run.count {
                    sum += spectrum[run.firstBin + index] * weights[run.firstWeight + index]
                }
                for lane in 0..<count { rows[lane * filters.bins + bin] = log(max(sum[lane], floor)) }
            }
        }
    }
}
