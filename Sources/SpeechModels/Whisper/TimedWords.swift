/// Words with their times, as the reference tidies them.
///
/// Port of `add_word_timestamps` and `merge_punctuations` of faster-whisper, transcribe.py (the same as in
/// openai/whisper, timing.py); times are rounded to 10 ms as there.
package struct TimedWords: Sendable {
    /// A word, with the punctuation that belongs to it.
    package struct Word: Sendable, Equatable {
        /// The space before it included; empty where it was merged into another.
        package var text: String
        /// How many of the window's text tokens it has.
        package var tokens: Int
        /// Seconds from the start of the window.
        package var start: Double
        /// Seconds from the start of the window.
        package var end: Double
        /// Mean probability of its tokens.
        package var confidence: Double

        /// A word as it was aligned.
        package init(text: String, tokens: Int, start: Double, end: Double, confidence: Double) {
            self.text = text
            self.tokens = tokens
            self.start = start
            self.end = end
            self.confidence = confidence
        }

        var duration: Double { end - start }
    }

    /// Seconds by which the attention runs ahead of the sound, which the reference's times do not make up for.
    ///
    /// Measured on whisper-base with `ModelPrep/whisper/word_times.py`: the words of a synthetic voice lie 94 ms off in
    /// the median, most of them early. It was chosen on that one voice and is right to 6 ms for two others; what human
    /// speakers need is not known.
    package static let lead = 0.06

    private static let sentenceEnds = ".。!！?？"
    private static let opening = "\"'“¿([{-"
    private static let closing = "\"'.。,，!！?？:：”)]}、"

    private var words: [Word]
    private let median: Double
    private var longest: Double { 2 * median }

    /// - Parameter words: of the whole window, as they were aligned.
    package init(_ words: [Word]) {
        self.words = words
        let durations = words.map(\.duration).filter { $0 != 0 }.sorted()
        let middle = durations.count / 2
        let median =
            durations.isEmpty
            ? 0 : durations.count % 2 == 1 ? durations[middle] : (durations[middle - 1] + durations[middle]) / 2
        self.median = min(0.7, median)
        if !durations.isEmpty { shortenAtSentences() }
        mergeOpening()
        mergeClosing()
    }

    /// Words at the ends of sentences take in the pause; they are held to twice the median.
    private mutating func shortenAtSentences() {
        for index in words.indices.dropFirst() where words[index].duration > longest {
            if Self.isPart(words[index].text, of: Self.sentenceEnds) {
                words[index].end = words[index].start + longest
            } else if Self.isPart(words[index - 1].text, of: Self.sentenceEnds) {
                words[index].start = words[index].end - longest
            }
        }
    }

    private mutating func mergeOpening() {
        guard var following = words.indices.last else { return }
        for index in words.indices.dropLast().reversed() {
            let text = words[index].text
            if text.hasPrefix(" "), Self.isPart(text.filter { !$0.isWhitespace }, of: Self.opening) {
                words[following].text = text + words[following].text
                words[following].tokens += words[index].tokens
                (words[index].text, words[index].tokens) = ("", 0)
            } else {
                following = index
            }
        }
    }

    private mutating func mergeClosing() {
        var previous = 0
        for index in words.indices.dropFirst() {
            let text = words[index].text
            if !words[previous].text.hasSuffix(" "), Self.isPart(text, of: Self.closing) {
                words[previous].text += text
                words[previous].tokens += words[index].tokens
                (words[index].text, words[index].tokens) = ("", 0)
            } else {
                previous = index
            }
        }
    }

    /// As Python's `text in marks`.
    private static func isPart(_ text: String, of marks: String) -> Bool { text.isEmpty || marks.contains(text) }

    /// The words of each stretch, and its times as they follow from them.
    /// - Parameters:
    ///   - stretches: with the number of text tokens of each.
    ///   - lastSpeech: when the last word before this window ended, in seconds from the window's start.
    /// - Returns: for each stretch its words, start and end.
    package func divided(
        into stretches: [(tokens: Int, start: Double, end: Double)],
        lastSpeech: Double
    ) -> [(words: [Word], start: Double, end: Double)] {
        var next = 0
        var lastSpeech = lastSpeech
        return stretches.map { stretch in
            var taken = 0
            var own: [Word] = []
            while next < words.count, taken < stretch.tokens {
                var word = words[next]
                taken += word.tokens
                next += 1
                guard !word.text.isEmpty else { continue }
                word.start = Self.rounded(word.start)
                word.end = Self.rounded(word.end)
                own.append(word)
            }
            let (start, end) = fit(&own, start: stretch.start, end: stretch.end, lastSpeech: lastSpeech)
            if !own.isEmpty { lastSpeech = end }
            return (own, start, end)
        }
    }

    private func fit(_ words: inout [Word], start: Double, end: Double, lastSpeech: Double) -> (Double, Double) {
        guard let first = words.first, let last = words.indices.last else { return (start, end) }
        let isSecondLong = words.count > 1 && words[1].end - first.start > 2 * longest
        if first.end - lastSpeech > 4 * median, first.duration > longest || isSecondLong {
            if words.count > 1, words[1].duration > longest {
                let boundary = max(words[1].end / 2, words[1].end - longest)
                words[0].end = boundary
                words[1].start = boundary
            }
            words[0].start = max(0, words[0].end - longest)
        }
        var (from, to) = (start, end)
        if start < words[0].end, start - 0.5 > words[0].start {
            words[0].start = max(0, min(words[0].end - median, start))
        } else {
            from = words[0].start
        }
        if end > words[last].start, end + 0.5 < words[last].end {
            words[last].end = max(words[last].start + median, end)
        } else {
            to = words[last].end
        }
        return (from, to)
    }

    private static func rounded(_ seconds: Double) -> Double { (seconds * 100).rounded(.toNearestOrEven) / 100 }
}
