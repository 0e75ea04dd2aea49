/// What a person reads aloud of Markdown: the words, without the marks around them and without the addresses of links.
///
/// Language models write Markdown even where they are asked not to. A mark is left out only where it can be one
/// (CommonMark 0.31.2, 6.2 "Emphasis and strong emphasis", simplified): "2 * 3", "snake_case" and "#1" stay.
package struct MarkdownText: Sendable, Equatable {
    /// The words, never longer than the original.
    package let text: String

    /// Reads a text in linear time.
    ///
    /// - Parameter markdown: Any text, or a piece of one; a mark may have its other half in another piece.
    package init(_ markdown: String) {
        let lines = markdown.split(separator: "\n", omittingEmptySubsequences: false)
        text = lines.map { Self.line(Array($0)) }.joined(separator: "\n")
    }

    private static func line(_ line: [Character]) -> String {
        var rest = line[...].drop { $0 == " " || $0 == "\t" }
        let indent = line.prefix(line.count - rest.count)
        // The line of a fence holds the name of a language.
        guard !rest.starts(with: "```"), !rest.starts(with: "~~~") else { return "" }
        while let count = blockMark(rest) { rest = rest.dropFirst(count).drop { $0 == " " } }
        var reader = InlineReader(Array(rest))
        reader.read()
        return String(indent + reader.kept)
    }

    /// Characters of the heading, quote or bullet that a line begins with, its space included; nil where there is none.
    private static func blockMark(_ line: ArraySlice<Character>) -> Int? {
        // A heading has six marks at most.
        guard let mark = line.first, case let run = line.prefix(7).prefix(while: { $0 == mark }).count,
            line.dropFirst(run).first == " "
        else { return nil }
        switch mark {
        case "#": return run <= 6 ? run + 1 : nil
        case "-", "*", "+", "•", ">": return run == 1 ? 2 : nil
        default: return nil
        }
    }
}

/// Reads the marks inside a line.
private struct InlineReader {
    private let line: [Character]
    private var place = 0
    /// Closing brackets of links that have been entered, and where their addresses end.
    private var links: [(close: Int, end: Int)] = []
    private(set) var kept: [Character] = []

    init(_ line: [Character]) { self.line = line }

    mutating func read() {
        let ends = Self.links(in: line)
        while place < line.count {
            let mark = line[place]
            if let link = links.last, link.close == place {
                links.removeLast()
                place = link.end
            } else if mark == "[" || mark == "!", let link = ends[mark == "!" ? place + 1 : place] {
                links.append(link)
                place += mark == "!" ? 2 : 1
            } else if mark == "*" || mark == "_" || mark == "`" || mark == "~" {
                readRun(of: mark)
            } else {
                kept.append(mark)
                place += 1
            }
        }
    }

    private mutating func readRun(of mark: Character) {
        let run = line[place...].prefix { $0 == mark }.count
        let before = place > 0 ? line[place - 1] : " "
        place += run
        let after = place < line.count ? line[place] : " "
        if !isMark(mark, run, before, after) { kept += Array(repeating: mark, count: run) }
    }

    private func isMark(_ mark: Character, _ run: Int, _ before: Character, _ after: Character) -> Bool {
        // Between two spaces it stands for itself, as a sign of multiplication does.
        if before.isWhitespace, after.isWhitespace { return mark == "`" }
        let isInside = (before.isLetter || before.isNumber) && (after.isLetter || after.isNumber)
        switch mark {
        case "`": return true
        case "~": return run == 2
        case "*": return !isInside || run > 1
        default: return !isInside
        }
    }

    /// Where `[text](address)` begins, with the place of its "]" and the place behind its ")".
    private static func links(in line: [Character]) -> [Int: (close: Int, end: Int)] {
        var open: [Int] = []
        var found: [Int: (close: Int, end: Int)] = [:]
        // An address is looked for once: behind it nothing is a link.
        var end = 0
        for (place, mark) in line.enumerated() where place >= end {
            if mark == "[" { open.append(place) }
            guard mark == "]", let start = open.popLast(), place + 1 < line.count, line[place + 1] == "(" else {
                continue
            }
            guard let close = line[place...].firstIndex(of: ")") else { break }
            found[start] = (place, close + 1)
            end = close + 1
        }
        return found
    }
}
