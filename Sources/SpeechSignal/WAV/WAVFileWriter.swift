/// Writes a 16-bit WAV file that appears only when it is complete.
///
/// ``finish()`` fills in the sizes and puts the file in its place; of a writer that goes away unfinished, or fails,
/// nothing is left. Where the target is not a regular file (`/dev/stdout`, a named pipe), the bytes go straight there
/// behind a header without sizes. Used by one task at a time.
package final class WAVFileWriter {
    /// Frames written so far.
    package private(set) var frames = 0

    private let file: PendingFile
    private let sampleRate: Int
    private let channels: Int

    /// Starts a file.
    ///
    /// - Parameters:
    ///   - path: where it shall appear; an existing file is replaced, its permissions kept.
    ///   - sampleRate: Hz.
    ///   - channels: samples per frame.
    /// - Throws: `io` when the place cannot be written, with the system's reason; nothing is left behind.
    package init(path: String, sampleRate: Int, channels: Int = 1) throws(AudioError) {
        self.sampleRate = sampleRate
        self.channels = channels
        file = try PendingFile(path: path)
        try file.append(WAVHeader.bytes(sampleRate: sampleRate, channels: channels, frames: nil))
    }

    /// Whether the sizes can be filled in; not where the bytes go straight to their place.
    package var isCorrectable: Bool { file.isCorrectable }

    /// Appends frames.
    ///
    /// - Parameter samples: interleaved, [-1, 1]; see ``PCM16/encode(_:)``.
    /// - Throws: `io` when the disk is full or gone, `tooLong` past the 4 GB of a WAV file; nothing is left behind.
    package func append(_ samples: [Float]) throws(AudioError) {
        let added = samples.count / channels
        guard !isCorrectable || (frames + added) * channels * 2 <= WAVHeader.maximumDataBytes else {
            abandon()
            throw AudioError(.tooLong, "\(file.name): a WAV file ends at 4 GB; write several files")
        }
        try file.append(PCM16.encode(samples))
        frames += added
    }

    /// Fills in the sizes and puts the file in its place.
    ///
    /// - Throws: `io` with the system's reason; nothing is left behind.
    package func finish() throws(AudioError) {
        try file.correct(WAVHeader.bytes(sampleRate: sampleRate, channels: channels, frames: frames), at: 0)
        try file.finish()
    }

    /// Removes what was written. Does nothing after ``finish()``.
    package func abandon() { file.abandon() }
}
