import Inference
package import Speech
import SpeechText

/// A text and the marks that belong into it. Words and the spaces between them stay as they are.
///
/// sherpa-onnx writes Chinese marks everywhere and joins words anew: it glues those of Russian, and takes `3.14` apart. Here
/// marks stand only where a word of the text ends, and never beside one that is there already. Between Latin letters
/// they are the Latin ones.
struct PunctuatedText {
    private let text: String
    /// What stands behind a place of the text, in order.
    private var inserted: [(place: String.Index, mark: String)] = []

    /// - Parameters:
    ///   - text: as a recognizer gave it.
    ///   - words: where its words are (``PunctuationWords``).
    ///   - marks: what stands behind each. Behind the last one a sentence ends, whatever it says.
    init(_ text: String, words: [Range<String.Index>], marks: [PunctuationMark?]) {
        self.text = text
        let dense = words.count { Self.isDense(text[$0].unicodeScalars.last) }
        for (index, (word, mark)) in zip(words, marks).enumerated() {
            let isLast = index == words.count - 1
            let meant = isLast && mark?.endsSentence != true ? .stop : mark
            guard let meant, endsWord(word, before: text.unicodeScalars[word.upperBound...]) else { continue }
            let next = text[word.upperBound...].unicodeScalars.first { !$0.properties.isWhitespace }
            let isLatin =
                !Self.isDense(text[word].unicodeScalars.last)
                && (next.map { !Self.isDense($0) } ?? (2 * dense < words.count))
            inserted.append((word.upperBound, isLatin ? meant.halfWidth : meant.fullWidth))
        }
    }

    /// A part of the text with the marks that stand in it or behind it.
    func written(_ part: Range<String.Index>) -> String {
        var written = ""
        var place = part.lowerBound
        for (end, mark) in inserted where end > part.lowerBound && end <= part.upperBound {
            written += text[place..<end] + mark
            // A full-width mark has its space in itself.
            place =
                mark.unicodeScalars.allSatisfy(\.isASCII) ? end : text[end...].firstIndex { $0 != " " } ?? text.endIndex
        }
        return written + text[min(place, part.upperBound)..<part.upperBound]
    }

    /// The whole text with its marks.
    var written: String { written(text.startIndex..<text.endIndex) }

    /// Whether a mark may stand behind these letters: not inside a word or a character, nor beside another mark.
    private func endsWord(_ word: Range<String.Index>, before rest: Substring.UnicodeScalarView) -> Bool {
        guard word.upperBound.samePosition(in: text) != nil, let last = text[word].unicodeScalars.last,
            !Self.isMark(last)
        else { return false }
        guard let next = rest.first else { return true }
        if let letter = rest.first(where: { !$0.properties.isWhitespace }), Self.isMark(letter) { return false }
        return next.properties.isWhitespace || Self.isDense(last) || Self.isDense(next)
    }

    /// Whether a script has no spaces between words.
    private static func isDense(_ scalar: Unicode.Scalar?) -> Bool {
        scalar.map { Spacing.separator(after: String($0), before: "a").isEmpty } ?? false
    }

    /// Whether a mark of a sentence; `#` and `%` belong to words.
    private static func isMark(_ scalar: Unicode.Scalar) -> Bool { ".,?!;:…。，？！、；：·".unicodeScalars.contains(scalar) }
}

extension PunctuationModel {
    /// A final text with marks. Its words and the order of them stay as they are; partial texts are not put through this.
    /// - Throws: `modelFailed` and whatever else the model's graph throws.
    package func punctuated(_ text: String) async throws(SpeechError) -> String {
        try await marked(text).written
    }

    /// A final transcript with marks in its text and in those of its segments; words and times stay as they are.
    /// - Throws: `modelFailed` and whatever else the model's graph throws.
    package func punctuated(_ transcript: Transcript) async throws(SpeechError) -> Transcript {
        let text = transcript.text
        let marked = try await marked(text)
        var result = transcript
        result.text = marked.written
        result.stableCharacters = result.text.count
        var place = text.startIndex
        for index in transcript.segments.indices {
            let segment = transcript.segments[index].text
            guard !segment.isEmpty, let range = text[place...].firstRange(of: segment) else { continue }
            result.segments[index].text = marked.written(range)
            place = range.upperBound
        }
        return result
    }

    private func marked(_ text: String) async throws(SpeechError) -> PunctuatedText {
        let words = PunctuationWords.ranges(in: text)
        let marks = try await speaking { () throws(InferenceError) in try await self.marks(in: text) }
        return PunctuatedText(text, words: words, marks: marks)
    }
}
