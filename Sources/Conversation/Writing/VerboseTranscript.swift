import Foundation
package import Speech
import SpeechText

/// A transcript in the names of OpenAI's `verbose_json`, as far as the model has something to say; `confidence` and
/// `probability` are ours.
package struct VerboseTranscript: Encodable, Sendable {
    /// The file, where there are several.
    package var file: String?
    /// Board whose NPU was simulated.
    package var simulated: String?
    private let task: String
    /// English name in lower case, as OpenAI's.
    private let language: String?
    private let duration: Double
    private let text: String
    private let segments: [Segment]
    /// Only where they were asked for.
    private let words: [Word]?

    /// - Parameters:
    ///   - segments: all of the file, in order of time.
    ///   - seconds: length of the file.
    ///   - translates: whether the text is a translation.
    package init(_ segments: [Transcript.Segment], seconds: Double, translates: Bool) {
        task = translates ? "translate" : "transcribe"
        language = segments.first?.language?.name.lowercased()
        duration = seconds.rounded(toDigits: 3)
        text = Spacing.join(segments.map(\.text))
        self.segments = segments.enumerated().map { Segment(id: $0, $1) }
        let words = segments.flatMap(\.words).map(Word.init)
        self.words = words.isEmpty ? nil : words
    }

    private struct Segment: Encodable {
        var id: Int
        var start: Double
        var end: Double
        var text: String
        var confidence: Double?
        var seek: Int?
        var tokens: [Int]?
        var temperature: Double?
        var averageLogProbability: Double?
        var compressionRatio: Double?
        var noSpeech: Double?

        enum CodingKeys: String, CodingKey {
            case id, start, end, text, confidence, seek, tokens, temperature
            case averageLogProbability = "avg_logprob"
            case compressionRatio = "compression_ratio"
            case noSpeech = "no_speech_prob"
        }

        init(id: Int, _ segment: Transcript.Segment) {
            self.id = id
            start = segment.start.rounded(toDigits: 3)
            end = segment.end.rounded(toDigits: 3)
            text = segment.text
            confidence = segment.confidence?.rounded(toDigits: 3)
            guard let decoding = segment.decoding else { return }
            // In steps of 10 ms, as the reference's mel frames.
            seek = Int((decoding.windowStart * 100).rounded())
            tokens = decoding.tokens
            temperature = decoding.temperature
            averageLogProbability = decoding.averageLogProbability.rounded(toDigits: 5)
            compressionRatio = decoding.compressionRatio.rounded(toDigits: 5)
            noSpeech = decoding.noSpeech.rounded(toDigits: 5)
        }
    }

    private struct Word: Encodable {
        var word: String
        var start: Double
        var end: Double
        var probability: Double?

        init(_ word: Transcript.Word) {
            self.word = word.text
            start = word.start.rounded(toDigits: 3)
            end = word.end.rounded(toDigits: 3)
            probability = word.confidence?.rounded(toDigits: 3)
        }
    }
}

extension Double {
    /// JSON would show digits that mean nothing.
    fileprivate func rounded(toDigits digits: Int) -> Double {
        let scale = pow(10, Double(digits))
        return (self * scale).rounded() / scale
    }
}
