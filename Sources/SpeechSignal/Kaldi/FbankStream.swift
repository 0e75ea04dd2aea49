/// One sound on its way through a ``Fbank``: samples in pieces of any size, frames by their number since the start.
///
/// A value: a copy goes on by itself. It holds the frames that were not dropped and the samples of about one more; whoever
/// hears without end calls ``drop(before:)``.
package struct FbankStream: Sendable {
    /// Numbers of the frames that can be read.
    package private(set) var frames = 0..<0
    /// Samples heard so far.
    package private(set) var sampleCount = 0
    /// Whether the sound has ended.
    package private(set) var isFinished = false

    private let fbank: Fbank
    /// Values of `frames`, row-major.
    private var rows: [Float] = []
    /// Scaled samples from number `origin` on; below 0 the reflected ones.
    private var signal: [Float] = []
    private var origin = 0
    /// The last sample, not emphasized.
    private var before: Float = 0

    init(_ fbank: Fbank) {
        self.fbank = fbank
    }

    /// Hears more of the sound, and computes the frames that are whole by now.
    ///
    /// What is no sound does no harm: a sample that is not a number counts as silence, one beyond ±1024 (or infinite) as
    /// ±1024, so that every feature is finite. After ``finish()`` nothing is heard.
    ///
    /// - Parameter samples: mono at the options' rate, in [-1, 1]; any number of them.
    package mutating func accept(_ samples: ArraySlice<Float>) {
        guard !isFinished else { return }
        // Pieces, so that of a long sound the features alone take memory.
        var rest = samples
        while !rest.isEmpty {
            append(rest.prefix(Self.piece))
            rest = rest.dropFirst(Self.piece)
            reflectStart(atLeast: fbank.frameLength)
            compute(upTo: wholeFrames)
        }
    }

    /// As ``accept(_:)-(ArraySlice<Float>)``.
    package mutating func accept(_ samples: [Float]) {
        accept(samples[...])
    }

    /// Ends the sound: frames that waited for samples beyond it are computed, where the options have such.
    package mutating func finish() {
        guard !isFinished else { return }
        if fbank.options.frame.edges == .pad, 1..<fbank.frameLength ~= sampleCount {
            accept([Float](repeating: 0, count: fbank.frameLength - sampleCount))
        }
        reflectStart(atLeast: 1)
        reflectEnd()
        isFinished = true
        compute(upTo: fbank.frameCount(samples: sampleCount))
        signal = []
    }

    /// Values of frames, row-major `[count, bins]`, without a copy. The numbers lie in ``frames``.
    package subscript(numbers: Range<Int>) -> ArraySlice<Float> {
        precondition(frames.lowerBound <= numbers.lowerBound && numbers.upperBound <= frames.upperBound)
        let first = (numbers.lowerBound - frames.lowerBound) * fbank.bins
        return rows[first..<first + numbers.count * fbank.bins]
    }

    /// Forgets the frames before the given one; those that come are numbered on.
    package mutating func drop(before frame: Int) {
        let count = min(max(0, frame - frames.lowerBound), frames.count)
        rows.removeFirst(count * fbank.bins)
        frames = frames.lowerBound + count..<frames.upperBound
    }

    /// All frames that can be read, leaving none.
    mutating func takeAll() -> [Float] {
        defer { rows = [] }
        frames = frames.upperBound..<frames.upperBound
        return rows
    }
}

extension FbankStream {
    /// Samples that are taken at once: about a second.
    private static var piece: Int { 1 << 14 }
    /// The loudest that a sample counts: its power does not overflow, whatever the options are.
    private static var loudest: Float { 1_024 }

    /// Frames that need no sample beyond those heard.
    private var wholeFrames: Int {
        let beyond = sampleCount - fbank.firstSample(ofFrame: 0) - fbank.frameLength
        let isReflected = frames.upperBound > 0 || origin <= fbank.firstSample(ofFrame: 0)
        guard beyond >= 0, isReflected else { return 0 }
        return 1 + beyond / fbank.frameShift
    }

    private mutating func append(_ samples: ArraySlice<Float>) {
        let options = fbank.options
        let first = signal.count
        signal.append(contentsOf: samples)
        sampleCount += samples.count
        for index in first..<signal.count {
            let bounded = min(max(signal[index], -Self.loudest), Self.loudest)
            signal[index] = bounded.isNaN ? 0 : bounded * options.scale
        }
        guard options.frame.emphasis == .signal else { return }
        for index in first..<signal.count {
            let sample = signal[index]
            signal[index] = sample - options.frame.preEmphasis * before
            before = sample
        }
    }

    /// Puts the reflected samples in front that the first frame sees, once there are enough samples to reflect.
    private mutating func reflectStart(atLeast count: Int) {
        let start = fbank.firstSample(ofFrame: 0)
        guard start < 0, origin == 0, frames.upperBound == 0, sampleCount >= count else { return }
        signal.insert(contentsOf: (start..<0).map(mirrored), at: 0)
        origin = start
    }

    /// Puts the reflected samples behind that the last frame sees.
    private mutating func reflectEnd() {
        let last = fbank.frameCount(samples: sampleCount) - 1
        let end = fbank.firstSample(ofFrame: last) + fbank.frameLength
        guard fbank.options.frame.edges == .reflect, last >= frames.upperBound, end > sampleCount else { return }
        signal.append(contentsOf: (sampleCount..<end).map(mirrored))
    }

    /// The sample that stands at a place beyond the ends: the sound runs backward there, its end samples repeated.
    private func mirrored(_ place: Int) -> Float {
        let period = 2 * sampleCount
        let inside = ((place % period) + period) % period
        return signal[min(inside, period - 1 - inside) - origin]
    }

    private mutating func compute(upTo end: Int) {
        let first = frames.upperBound
        guard end > first else { return }
        let (kernel, bins) = (fbank.kernel, fbank.bins)
        let place = fbank.firstSample(ofFrame: first) - origin
        let (shift, offset) = (fbank.frameShift, rows.count)
        rows.append(contentsOf: repeatElement(0, count: (end - first) * bins))
        signal.withUnsafeBufferPointer { signal in
            rows.withUnsafeMutableBufferPointer { rows in
                guard let signal = signal.baseAddress, let rows = rows.baseAddress else { return }
                kernel.withBuffers { buffers in
                    for frame in stride(from: 0, to: end - first, by: 4) {
                        let count = min(4, end - first - frame)
                        // Lanes that no frame is left for repeat the last one.
                        let lanes = FbankKernel.Starts(0, min(1, count - 1), min(2, count - 1), count - 1)
                        let starts = (lanes &+ frame) &* shift &+ place
                        kernel.fill(signal, starts, count: count, into: rows + offset + frame * bins, using: buffers)
                    }
                }
            }
        }
        frames = frames.lowerBound..<end
        forgetSamples()
    }

    /// Keeps what the next frame sees, and one sample more: a reflected end may see it.
    private mutating func forgetSamples() {
        let next = fbank.firstSample(ofFrame: frames.upperBound) - 1
        let count = min(max(0, next - origin), signal.count)
        signal.removeFirst(count)
        origin += count
    }
}
