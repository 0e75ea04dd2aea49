package import Speech
package import SpeechText

/// What becomes of a text behind any recognizer: marks first, then numbers as one writes them.
///
/// Finals alone go through it. What a partial text called stable stands in the final one letter by letter: so a partial
/// text calls less of it stable here, and a final text that would break the promise stays as it was said.
package struct TextPostprocessing: Sendable {
    /// Puts marks into texts.
    package var punctuation: PunctuationModel?
    /// Writes numbers, dates and money.
    package var writtenForm: (any WrittenForm)?

    /// Nothing is done.
    package init() {}

    /// Whether texts stay as they are.
    package var isEmpty: Bool { punctuation == nil && writtenForm == nil }

    /// A number that has only begun may yet change the words before it, as in `百分之` or `half past`: as many characters
    /// at the end are not stable.
    private static let open = 16

    /// A recognizer with this behind it.
    package func behind(_ recognizer: any SpeechRecognizer) -> any SpeechRecognizer {
        isEmpty ? recognizer : recognizer.postprocessed(by: self)
    }

    /// - Parameters:
    ///   - transcript: final, as the recognizer gave it.
    ///   - told: what was called stable of it.
    /// - Returns: its text and those of its segments as one writes them; words and times stay as they were said.
    /// - Throws: what the punctuation's graph throws.
    func final(_ transcript: Transcript, told: String) async throws(SpeechError) -> Transcript {
        var result = transcript
        if let punctuation { result = try await punctuation.punctuated(result) }
        if let writtenForm {
            for index in result.segments.indices {
                let segment = result.segments[index]
                let language = segment.language ?? result.language
                result.segments[index].text = writtenForm.written(segment.text, language: language?.code)
            }
            result.text =
                result.segments.isEmpty
                ? writtenForm.written(result.text, language: result.language?.code)
                : Spacing.join(result.segments.map(\.text))
        }
        result.stableCharacters = result.text.count
        return result.text.hasPrefix(told) ? result : transcript
    }

    /// - Parameters:
    ///   - transcript: partial, as the recognizer gave it.
    ///   - told: what was called stable of it before.
    /// - Returns: the same text; fewer of its characters are stable.
    func partial(_ transcript: Transcript, told: String) -> Transcript {
        var result = transcript
        result.stableCharacters = told.count
        // A mark may come behind any word.
        guard punctuation == nil, let writtenForm else { return result }
        let spoken = transcript.text.prefix(transcript.stableCharacters)
        let written = writtenForm.written(String(spoken), language: transcript.language?.code)
        let common = zip(spoken, written).prefix { $0 == $1 }.count
        result.stableCharacters = max(told.count, common - Self.open)
        return result
    }
}

extension SpeechRecognizer {
    fileprivate func postprocessed(by processing: TextPostprocessing) -> any SpeechRecognizer {
        PostprocessedRecognizer(self, processing)
    }
}
