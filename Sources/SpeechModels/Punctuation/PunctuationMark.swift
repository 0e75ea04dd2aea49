/// A mark that stands behind a word.
package enum PunctuationMark: Sendable, Hashable, CaseIterable {
    /// Between parts of a sentence.
    case comma
    /// Between the items of a list (、); Latin scripts have a comma there.
    case pause
    /// At the end of a sentence.
    case stop
    /// At the end of a question.
    case question

    /// As it is written among Chinese characters; these are the names that models have for them.
    package var fullWidth: String {
        switch self {
        case .comma: "，"
        case .pause: "、"
        case .stop: "。"
        case .question: "？"
        }
    }

    /// As it is written among Latin letters.
    package var halfWidth: String {
        switch self {
        case .comma, .pause: ","
        case .stop: "."
        case .question: "?"
        }
    }

    /// Whether a sentence is over behind it.
    package var endsSentence: Bool { self == .stop || self == .question }
}
