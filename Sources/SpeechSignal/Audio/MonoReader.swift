/// Any audio file as one channel at one sample rate, block by block: what a recognizer hears.
///
/// Memory stays flat for a file of any length. Used by one task at a time.
package final class MonoReader {
    /// Hz of what ``read(frames:)`` returns.
    package let sampleRate: Int

    private let reader: AudioReader
    private let resampler: Resampler
    private var ready: [Float] = []
    private var used = 0
    private var ended = false

    /// Mixes down and resamples what a reader gives.
    ///
    /// - Throws: as ``Resampler/init(from:to:)``.
    package init(_ reader: AudioReader, sampleRate: Int = 16_000) throws(AudioError) {
        self.reader = reader
        self.sampleRate = sampleRate
        resampler = try Resampler(from: reader.sampleRate, to: sampleRate)
    }

    /// Whether the file turned out to be cut short; final once ``read(frames:)`` returned nil.
    package var isTruncated: Bool { reader.isTruncated }

    /// Frames in all at ``sampleRate``, where the file says so: for a progress bar, never a reason to allocate.
    package var expectedFrames: Int? {
        reader.frameCount.map { Int(Double($0) * Double(sampleRate) / Double(reader.sampleRate)) }
    }

    /// The next samples.
    ///
    /// - Returns: `frames` samples in about [-1, 1] (the resampling filter may overshoot), fewer only at the end, then
    ///   nil.
    /// - Throws: as ``AudioReader/read(frames:)``.
    package func read(frames: Int) throws(AudioError) -> [Float]? {
        while !ended, ready.count - used < frames {
            // A tenth of a second: little memory, and few calls.
            guard let block = try reader.read(frames: max(1, reader.sampleRate / 10)) else {
                ready += resampler.finish()
                ended = true
                break
            }
            ready += resampler.process(Downmix.mono(block, channels: reader.channels))
        }
        let count = min(frames, ready.count - used)
        guard count > 0 else { return nil }
        let block = Array(ready[used..<used + count])
        used += count
        if used >= ready.count / 2 {
            ready.removeFirst(used)
            used = 0
        }
        return block
    }

    /// All that is left, for short sounds.
    ///
    /// - Parameter maximumFrames: how many samples the caller is ready to hold.
    /// - Returns: samples at ``sampleRate``, none at the end.
    /// - Throws: `tooLong` when there are more, else as ``read(frames:)``.
    package func readAll(maximumFrames: Int) throws(AudioError) -> [Float] {
        var samples: [Float] = []
        while let block = try read(frames: sampleRate) {
            samples += block
            guard samples.count <= maximumFrames else {
                throw AudioError(.tooLong, "\(reader.name): longer than \(maximumFrames / sampleRate) s; split it")
            }
        }
        return samples
    }
}
