/// What FunASR's recognizers hear: mel frames joined seven at a time (LFR) and normalized (CMVN), as rows.
///
/// How frames are computed, joined and normalized differs from bundle to bundle and is the front end's business; a model
/// only sees rows.
package protocol FeatureRows: Sendable {
    /// Values in a row: 560 for 7 frames of 80 bins.
    var width: Int { get }
    /// Mel frames in a row, and those that the next row starts later.
    var join: (frames: Int, shift: Int) { get }
    /// Samples of a mel frame, and those that the next frame starts later.
    var frame: (length: Int, shift: Int) { get }
    /// Samples of silence that the front end puts before the sound.
    var lead: Int { get }
    /// Samples per second (Hz).
    var sampleRate: Int { get }
    /// The rows of a whole utterance.
    /// - Parameter samples: in [-1, 1], finite.
    /// - Returns: `[rows, width]`, row-major; empty where the sound is too short for a frame.
    func rows(of samples: [Float]) -> [Float]
    /// Rows of a stream that has not begun.
    func stream() -> any RowStream
}

/// The rows of one stream: a value that grows as sound comes in.
package protocol RowStream: Sendable {
    /// Mel frames since the beginning of the stream that are complete.
    var frameCount: Int { get }
    /// Hears more samples in [-1, 1], finite; any number.
    mutating func accept(_ samples: ArraySlice<Float>)
    /// Rows by their number since the beginning of the stream, `[rows, width]`. They are complete, and not forgotten.
    func rows(_ numbers: Range<Int>) -> [Float]
    /// Rows before this one will not be asked for again.
    mutating func forget(before row: Int)
}

extension FeatureRows {
    /// Seconds from one row to the next: 0.06 with the usual values.
    var rowSeconds: Double { Double(join.shift * frame.shift) / Double(sampleRate) }

    /// Seconds of a place in rows from the start of the sound.
    func seconds(ofRow row: Double) -> Double { max(0, row * rowSeconds - Double(lead) / Double(sampleRate)) }

    /// The most samples that give no more than so many rows.
    ///
    /// T frames give ceil(T / shift) rows at most, whatever is put in front.
    func samples(inRows rows: Int) -> Int {
        max(0, (rows * join.shift - 1) * frame.shift + frame.length - lead)
    }
}
