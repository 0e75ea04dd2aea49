/// One sound on its way through a ``KaldiFrontEnd``: samples in pieces of any size, rows by their number since the start.
///
/// A value: a copy goes on by itself, so a session may carry it. Whoever hears without end calls ``drop(before:)``.
package struct KaldiFrontEndStream: Sendable {
    private let frontEnd: KaldiFrontEnd
    private var fbank: FbankStream
    /// Where rows are normalized by the utterance itself.
    private var statistics: UtteranceStatistics?

    init(_ frontEnd: KaldiFrontEnd) {
        self.frontEnd = frontEnd
        fbank = frontEnd.fbank.makeStream()
        let isOwn = frontEnd.config.normalization == .utterance
        statistics = isOwn ? UtteranceStatistics(bins: frontEnd.fbank.bins) : nil
    }

    /// Frames computed so far, dropped ones included.
    package var frameCount: Int { fbank.frames.upperBound }

    /// Rows that are whole so far, dropped ones included.
    package var rowCount: Int {
        frontEnd.config.lfr?.rowCount(frames: frameCount, isFinished: fbank.isFinished) ?? frameCount
    }

    /// Whether the sound has ended.
    package var isFinished: Bool { fbank.isFinished }

    /// Hears more of the sound. After ``finish()`` nothing is heard.
    ///
    /// - Parameter samples: mono at the front end's rate, in [-1, 1]; ``FbankStream`` says what becomes of others.
    package mutating func accept(_ samples: ArraySlice<Float>) {
        guard !samples.isEmpty, !isFinished else { return }
        let known = frameCount
        if fbank.sampleCount == 0, frontEnd.config.preRoll > 0 {
            let count = Int(frontEnd.config.preRoll * Double(frontEnd.sampleRate))
            fbank.accept([Float](repeating: 0, count: count))
        }
        fbank.accept(samples)
        count(from: known)
    }

    /// As ``accept(_:)-(ArraySlice<Float>)``.
    package mutating func accept(_ samples: [Float]) {
        accept(samples[...])
    }

    /// Ends the sound: what waited for more is completed as the form says.
    package mutating func finish() {
        let known = frameCount
        fbank.finish()
        count(from: known)
    }

    /// Rows, row-major `[count, width]`. The numbers are below ``rowCount`` and were not dropped.
    package subscript(numbers: Range<Int>) -> [Float] {
        precondition(numbers.lowerBound >= 0 && numbers.upperBound <= rowCount)
        var rows: [Float] = []
        rows.reserveCapacity(numbers.count * frontEnd.width)
        if let lfr = frontEnd.config.lfr {
            for row in numbers { append(lfr.frames(ofRow: row), tail: lfr.tail, to: &rows) }
        } else {
            rows += fbank[numbers]
        }
        let copies = frontEnd.config.lfr?.window ?? 1
        (statistics?.normalization(copies: copies) ?? frontEnd.statistics)?.apply(to: &rows)
        return rows
    }

    /// Forgets what no row from the given one on is made of. Numbers go on.
    package mutating func drop(before row: Int) {
        fbank.drop(before: frontEnd.config.lfr?.firstFrame(ofRow: row) ?? row)
    }

    /// Counts the frames from the given one on into what the utterance is normalized by.
    private mutating func count(from frame: Int) {
        statistics?.add(fbank[frame..<fbank.frames.upperBound])
    }

    /// Frames of one row side by side.
    private func append(_ frames: Range<Int>, tail: LFR.Tail, to rows: inout [Float]) {
        for _ in frames.prefix(while: { $0 < 0 }) { rows += fbank[0..<1] }
        rows += fbank[frames.clamped(to: 0..<frameCount)]
        for _ in 0..<max(0, frames.upperBound - frameCount) {
            switch tail {
            case .repeated, .dropped: rows += fbank[frameCount - 1..<frameCount]
            case .zeros: rows += repeatElement(0, count: frontEnd.fbank.bins)
            }
        }
    }
}
