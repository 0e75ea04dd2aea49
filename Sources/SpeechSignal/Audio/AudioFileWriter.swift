/// Writes speech into a file of any format that is made here; it appears only when it is complete.
///
/// Bytes go to the disk as they are encoded, so memory stays flat; what a header can know only at the end is corrected
/// there. Where the target is not a regular file (a named pipe), it gets a stream without those corrections. Used by
/// one task at a time.
package final class AudioFileWriter {
    private let encoder: AudioEncoder
    private let file: PendingFile
    private var written = 0

    /// Starts a file.
    ///
    /// - Parameters:
    ///   - path: where it shall appear; an existing file is replaced, its permissions kept.
    ///   - format: what to write; by the path's ending where nil, WAV where that names nothing.
    ///   - sampleRate: Hz of the mono samples that will come.
    /// - Throws: `io` when the place cannot be written, with the system's reason; `unsupportedFormat` when this
    ///   libsndfile lacks the codec. Nothing is left behind.
    package init(path: String, format: AudioFormat? = nil, sampleRate: Int) throws(AudioError) {
        file = try PendingFile(path: path)
        let format = format ?? AudioFormat(path: path) ?? .wav
        let delivery: AudioEncoder.Delivery = file.isCorrectable ? .corrected : .stream
        encoder = try AudioEncoder(format, sampleRate: sampleRate, delivery: delivery)
    }

    /// Appends mono samples in [-1, 1].
    ///
    /// - Throws: `io` when the disk is full or the encoder fails, `tooLong` past the 4 GB of a WAV file; nothing is
    ///   left behind.
    package func append(_ samples: [Float]) throws(AudioError) {
        do throws(AudioError) {
            try put(try encoder.encode(samples))
        } catch {
            file.abandon()
            throw error
        }
    }

    /// Ends the sound and puts the file in its place.
    ///
    /// - Throws: `io` with the reason; nothing is left behind.
    package func finish() throws(AudioError) {
        do throws(AudioError) {
            try put(try encoder.finish())
            for correction in encoder.corrections { try file.correct(correction.bytes, at: correction.offset) }
            try file.finish()
        } catch {
            file.abandon()
            throw error
        }
    }

    private func put(_ bytes: [UInt8]) throws(AudioError) {
        written += bytes.count
        guard encoder.format != .wav || !file.isCorrectable || written <= WAVHeader.maximumDataBytes else {
            throw AudioError(.tooLong, "\(file.name): a WAV file ends at 4 GB; write several files")
        }
        try file.append(bytes)
    }
}
