import SpeechModels

/// A front end for drawn sound: one bin, the first sample of each frame times ten. Frames and rows lie as the true
/// ones do, without anything in front of the first.
struct DrawnFeatures: FeatureRows {
    let sampleRate = 16_000
    let join = (frames: 7, shift: 6)
    let frame = (length: 400, shift: 160)
    let width = 7

    let lead = 0

    func rows(of samples: [Float]) -> [Float] {
        var stream = DrawnRows()
        stream.accept(samples[...])
        stream.finish()
        return stream.rows(0..<stream.rowCount)
    }

    func stream() -> any RowStream { DrawnRows() }
}

struct DrawnRows: RowStream {
    private var samples: [Float] = []
    private var heard = 0
    private var values: [Float] = []
    private var forgotten = 0

    var frameCount: Int { forgotten + values.count }
    var rowCount: Int { frameCount < 7 ? 0 : (frameCount - 7) / 6 + 1 }

    mutating func accept(_ more: ArraySlice<Float>) {
        samples += more
        heard += more.count
        let first = heard - samples.count
        while frameCount * 160 + 400 <= heard { values.append(samples[frameCount * 160 - first] * 10) }
        samples.removeFirst(min(samples.count, max(0, frameCount * 160 - first)))
    }

    /// Repeats the last frame until every frame stands in a row as one of its first six.
    mutating func finish() {
        guard let last = values.last else { return }
        let count = (frameCount + 5) / 6 * 6 + 1
        values += [Float](repeating: last, count: count - frameCount)
    }

    func rows(_ numbers: Range<Int>) -> [Float] {
        numbers.flatMap { values[($0 * 6 - forgotten)..<($0 * 6 - forgotten + 7)] }
    }

    mutating func forget(before row: Int) {
        let count = min(values.count, max(0, row * 6 - forgotten))
        values.removeFirst(count)
        forgotten += count
    }
}

/// Numbers that look random and are the same in every run (Knuth's MMIX generator).
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64
    init(_ seed: Int) { state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func next() -> UInt64 {
        var value: UInt64 = 0
        for _ in 0..<2 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            value = value << 32 | state >> 32
        }
        return value
    }
}

/// Sound in which each token is a stretch of samples of its own number, and silence is zeros.
struct DrawnSpeech {
    var samples: [Float] = []
    /// The tokens of each utterance.
    var utterances: [[Int]] = []
    /// Seconds of silence inside utterances.
    private(set) var pauses: [Double] = []

    /// - Parameters:
    ///   - numbers: where chance comes from.
    ///   - count: utterances.
    ///   - words: tokens of an utterance.
    ///   - pauses: seconds between words of an utterance, at most.
    ///   - gaps: seconds between utterances.
    init(
        _ numbers: inout SeededNumbers,
        utterances count: Int,
        words: ClosedRange<Int>,
        pauses: Double = 0.3,
        gaps: ClosedRange<Double> = 0.65...2.5
    ) {
        var last = 0
        silence(Double.random(in: 0...1, using: &numbers))
        for _ in 0..<count {
            var tokens: [Int] = []
            for _ in 0..<Int.random(in: words, using: &numbers) {
                var token = last
                while token == last { token = Int.random(in: 3...60, using: &numbers) }
                last = token
                tokens.append(token)
                let length = Int.random(in: 4_200...8_000, using: &numbers)
                samples += [Float](repeating: Float(token), count: length)
                guard Bool.random(using: &numbers) else { continue }
                self.pauses.append(Double.random(in: 0...pauses, using: &numbers))
                silence(self.pauses[self.pauses.count - 1])
            }
            utterances.append(tokens)
            silence(Double.random(in: gaps, using: &numbers))
        }
    }

    mutating func silence(_ seconds: Double) { samples += [Float](repeating: 0, count: Int(seconds * 16_000)) }

    /// The text of tokens as the tests' table writes them.
    static func text(_ tokens: [Int]) -> String { tokens.map { "w\($0)" }.joined(separator: " ") }
}
