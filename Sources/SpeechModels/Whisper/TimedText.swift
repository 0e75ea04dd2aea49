/// A decoded window cut at its time tokens.
///
/// Port of `_split_segments_by_timestamps` of faster-whisper, transcribe.py, which is the same as in openai/whisper.
package struct TimedText: Sendable, Equatable {
    /// A stretch of text.
    package struct Stretch: Sendable, Equatable {
        /// Its tokens, times included, counted from the first of the window.
        package var tokens: Range<Int>
        /// Seconds from the start of the window.
        package var start: Double
        /// Seconds from the start of the window.
        package var end: Double
    }

    /// What is whole.
    package var stretches: [Stretch]
    /// Seconds from which the window has to be decoded again, because what stands there has no end; nil if all is done.
    package var rest: Double?

    /// - Parameters:
    ///   - tokens: as decoded.
    ///   - timestampBegin: the token of 0 s.
    ///   - seconds: length of the sound in the window.
    package init(_ tokens: [Int], timestampBegin: Int, seconds: Double) {
        func isTime(_ index: Int) -> Bool { tokens[index] >= timestampBegin }
        func time(of index: Int) -> Double { Double(tokens[index] - timestampBegin) * WhisperConfig.tick }
        let count = tokens.count
        var cuts = tokens.indices.dropFirst().filter { isTime($0) && isTime($0 - 1) }
        guard !cuts.isEmpty else {
            let last = tokens.indices.last { isTime($0) && tokens[$0] != timestampBegin }
            let end = last.map { time(of: $0) } ?? seconds
            stretches = tokens.isEmpty ? [] : [Stretch(tokens: 0..<count, start: 0, end: end)]
            return
        }
        let endsWithTime = count >= 2 && !isTime(count - 2) && isTime(count - 1)
        if endsWithTime { cuts.append(count) }
        stretches = zip([0] + cuts, cuts).map {
            Stretch(tokens: $0..<$1, start: time(of: $0), end: time(of: $1 - 1))
        }
        if !endsWithTime, let end = stretches.last?.end { rest = end }
    }

    /// Takes the unfinished end as it is, where decoding it again would lead nowhere.
    package mutating func close(_ tokens: Int, at end: Double) {
        guard let rest, let last = stretches.last?.tokens.upperBound else { return }
        if last < tokens { stretches.append(Stretch(tokens: last..<tokens, start: rest, end: end)) }
        self.rest = nil
    }
}
