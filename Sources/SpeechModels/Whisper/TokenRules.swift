import Foundation
import Inference

/// Which token may come next, which one comes, and how likely it was.
///
/// The rules of times are those of `ApplyTimestampRules` in openai/whisper, decoding.py, which CTranslate2 keeps too.
struct TokenRules: Sendable {
    /// A token that was taken.
    struct Pick: Sendable {
        var choice: GreedySearch.Choice
        /// Natural logarithm of its probability among the tokens that were allowed, at temperature 1.
        var logProbability: Float
    }

    /// The latest first time: 1 s, in steps of 20 ms (`max_initial_timestamp` of the reference).
    static let latestStart = 50

    private let vocabulary: Int
    private let endOfText: Int
    private let timestampBegin: Int
    private let withTimes: Bool
    private let first: [Range<Int>]
    private let next: [Range<Int>]

    /// - Parameters:
    ///   - config: what the model says of its tokens.
    ///   - withTimes: whether text stands between time tokens.
    init(_ config: WhisperConfig, withTimes: Bool) {
        vocabulary = config.vocabularySize
        endOfText = config.endOfText
        timestampBegin = min(config.timestampBegin, config.vocabularySize)
        self.withTimes = withTimes
        let suppressed = config.suppress + (withTimes ? [config.noTimestamps] : [])
        next = GreedySearch(count: timestampBegin, suppressed: suppressed).allowed
        first = GreedySearch(count: timestampBegin, suppressed: suppressed + config.suppressAtStart).allowed
    }

    /// - Parameters:
    ///   - logits: one per token.
    ///   - tokens: what was taken so far, without the prompt.
    ///   - temperature: 0 takes the likeliest; above, the higher the more even the chances.
    ///   - random: where the chance comes from.
    /// - Returns: the token, the next best one, and how likely it was.
    func pick<Logits: RandomAccessCollection<Float>>(
        _ logits: Logits,
        after tokens: [Int],
        temperature: Double,
        _ random: inout SplitMix64
    ) -> Pick where Logits.Index == Int {
        let ranges = allowed(logits, after: tokens)
        var choice = GreedySearch(allowed: ranges).choice(logits)
        let sum = LogitSum.logarithm(logits, over: ranges, top: logits[choice.token])
        if temperature > 0 {
            choice.token = Self.sample(logits, ranges, top: logits[choice.token], temperature, &random)
        }
        return Pick(choice: choice, logProbability: logits[choice.token] - sum)
    }

    /// The ranges of tokens that may come next.
    func allowed<Logits: RandomAccessCollection<Float>>(
        _ logits: Logits,
        after tokens: [Int]
    ) -> [Range<Int>] where Logits.Index == Int {
        guard withTimes else { return tokens.isEmpty ? first : next }
        guard let last = tokens.last else {
            return [timestampBegin..<min(timestampBegin + Self.latestStart + 1, vocabulary)]
        }
        let wasTime = last >= timestampBegin
        let closesPair = wasTime && (tokens.count < 2 || tokens[tokens.count - 2] >= timestampBegin)
        // Behind a pair of times there is text; behind one that ends a text there is another time, or the end.
        if closesPair { return next }
        let text = wasTime ? next.compactMap { Self.clamped($0, from: endOfText) } : next
        // Times never go back, and a stretch of text is not empty.
        let latest = tokens.last { $0 >= timestampBegin }
        let from = latest.map { wasTime ? $0 : $0 + 1 } ?? timestampBegin
        guard from < vocabulary else { return text }
        let times = [from..<vocabulary]
        return prefersTimes(logits, text, times) ? times : text + times
    }

    /// Whether all times together are likelier than the likeliest text.
    private func prefersTimes<Logits: RandomAccessCollection<Float>>(
        _ logits: Logits,
        _ text: [Range<Int>],
        _ times: [Range<Int>]
    ) -> Bool where Logits.Index == Int {
        guard !text.isEmpty else { return true }
        let word = GreedySearch(allowed: text).choice(logits).token
        let time = GreedySearch(allowed: times).choice(logits).token
        return LogitSum.logarithm(logits, over: times, top: logits[time]) > logits[word]
    }

    private static func clamped(_ range: Range<Int>, from start: Int) -> Range<Int>? {
        range.upperBound > start ? max(range.lowerBound, start)..<range.upperBound : nil
    }

    private static func sample<Logits: RandomAccessCollection<Float>>(
        _ logits: Logits,
        _ ranges: [Range<Int>],
        top: Float,
        _ temperature: Double,
        _ random: inout SplitMix64
    ) -> Int where Logits.Index == Int {
        func weight(_ token: Int) -> Double { exp(Double(logits[token] - top) / temperature) }
        let sum = ranges.reduce(0.0) { $1.reduce($0) { $0 + weight($1) } }
        var left = Double.random(in: 0..<1, using: &random) * sum
        var last = 0
        for token in ranges.joined() {
            let weight = weight(token)
            if weight > 0 { last = token }
            left -= weight
            if left < 0 { return token }
        }
        return last
    }
}
