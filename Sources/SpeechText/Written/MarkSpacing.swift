/// Puts marks back to the words they stood at.
///
/// WeTextProcessing's English rules write words with spaces between them, and marks behind a number are words there:
/// `twenty five, please` becomes `25 , please`.
struct MarkSpacing {
    private static let closing: Set<Character> = [",", ".", "!", "?", ";", ":", ")", "…"]
    private static let opening: Set<Character> = ["("]

    /// Marks that have a space on their own in the text as spoken, and keep it.
    private var apart: Set<Character> = []

    /// - Parameter spoken: the text before it was written.
    init(spoken: some StringProtocol) {
        var before: Character = "x"
        for character in spoken {
            if before.isWhitespace, Self.closing.contains(character) { apart.insert(character) }
            if character.isWhitespace, Self.opening.contains(before) { apart.insert(before) }
            before = character
        }
    }

    /// - Parameter written: what the rules have made of the text, with single spaces.
    /// - Returns: the same without the spaces that the text as spoken did not have.
    func closedUp(_ written: String) -> String {
        var result = ""
        var isOpen = true
        for word in written.split(separator: " ") {
            let isMark = word.allSatisfy { Self.closing.contains($0) && !apart.contains($0) }
            if isMark, word == ".", result.hasSuffix(".m.") { continue }
            if !isMark, !isOpen { result += " " }
            result += word
            isOpen = word.count == 1 && word.allSatisfy { Self.opening.contains($0) && !apart.contains($0) }
        }
        return result
    }
}
