import Foundation

/// Word and character errors over a set of utterances.
///
/// Words are compared in lower case without punctuation; an apostrophe inside a word stays. Chinese and Japanese
/// characters are words of their own. Numbers are not read out: `5` and `five` differ.
package struct WordErrors: Sendable {
    private var utterances: [(words: ErrorRate.Count, characters: ErrorRate.Count)] = []

    /// An empty set.
    package init() {}

    /// Compares one utterance.
    ///
    /// - Parameters:
    ///   - reference: What was said.
    ///   - hypothesis: What was recognized.
    package mutating func add(reference: String, hypothesis: String) {
        let (said, heard) = (Self.words(of: reference), Self.words(of: hypothesis))
        let (saidLetters, heardLetters) = (Self.characters(of: said), Self.characters(of: heard))
        utterances.append(
            (
                words: .init(errors: EditDistance.between(said, heard), total: said.count),
                characters: .init(errors: EditDistance.between(saidLetters, heardLetters), total: saidLetters.count)
            )
        )
    }

    /// The errors in words: substitutions, deletions and insertions by the words said.
    package var words: ErrorRate { ErrorRate(utterances.map(\.words)) }

    /// The errors in characters, spaces left out.
    package var characters: ErrorRate { ErrorRate(utterances.map(\.characters)) }

    /// A text as it is compared.
    package static func words(of text: String) -> [String] {
        var words: [String] = []
        var word = String.UnicodeScalarView()
        func close() {
            while word.last == "'" { word.removeLast() }
            if !word.isEmpty { words.append(String(word)) }
            word.removeAll()
        }
        for scalar in text.precomposedStringWithCompatibilityMapping.lowercased().unicodeScalars {
            if TextMarks.isChineseOrJapanese(scalar), scalar.properties.isAlphabetic {
                close()
                words.append(String(scalar))
            } else if scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                || scalar.properties.generalCategory == .nonspacingMark
            {
                word.append(scalar)
            } else if scalar == "'" || scalar == "’" {
                if !word.isEmpty { word.append("'") }
            } else {
                close()
            }
        }
        close()
        return words
    }

    private static func characters(of words: [String]) -> [Character] { words.flatMap { Array($0) } }
}
