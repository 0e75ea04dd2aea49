/// Leaves out what a reasoning model thinks before it answers: a `<think> … </think>` at the start of the answer, cut
/// into pieces anywhere. Later ones are text, because an answer may speak of them.
package struct ReasoningFilter: Sendable {
    private enum State {
        case start, thinking
        /// In the white space before the answer.
        case gap
        case answer
    }

    private static let opening = "<think>"
    private static let closing = "</think>"

    private var state = State.start
    private var held = ""

    package init() {}

    /// Takes more of the answer.
    /// - Returns: what of it is to be spoken now; may be empty.
    package mutating func append(_ text: String) -> String {
        switch state {
        case .answer: return text
        case .gap: return leaveGap(text)
        case .start, .thinking: held += text
        }
        if state == .start, !begins() { return "" }
        if state == .answer {
            defer { held = "" }
            return held
        }
        return think()
    }

    /// The answer has ended.
    /// - Returns: what was held back.
    package mutating func finish() -> String {
        defer { (state, held) = (.start, "") }
        return state == .start ? held : ""
    }

    /// Whether it is known what the answer begins with.
    private mutating func begins() -> Bool {
        held = String(held.drop { $0.isWhitespace })
        if held.hasPrefix(Self.opening) {
            held.removeFirst(Self.opening.count)
            state = .thinking
            return true
        }
        guard held.isEmpty || Self.opening.hasPrefix(held) else {
            state = .answer
            return true
        }
        return false
    }

    private mutating func leaveGap(_ text: String) -> String {
        let answer = text.drop { $0.isWhitespace }
        if !answer.isEmpty { state = .answer }
        return String(answer)
    }

    private mutating func think() -> String {
        if let end = held.firstRange(of: Self.closing) {
            let rest = String(held[end.upperBound...])
            (state, held) = (.gap, "")
            return leaveGap(rest)
        }
        // Only what may be the beginning of the mark is kept.
        held = String(held.suffix(Self.closing.count - 1))
        return ""
    }
}
