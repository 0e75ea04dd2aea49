import Foundation

extension ValueFormat<String> {
    /// Any text but an empty one, of at most 4096 bytes.
    static var text: Self {
        .init("text of at most 4096 bytes") { raw, _ in
            raw.word.flatMap { isPlain($0) ? $0 : nil }
        } show: {
            .text($0)
        }
    }

    /// Any text but an empty one, of at most 16 KiB, in any number of lines.
    static var paragraphs: Self {
        .init("text of at most 16384 bytes") { raw, _ in
            raw.word.flatMap { text in
                let isPlain = !text.unicodeScalars.contains {
                    $0.value < 32 && $0 != "\n" && $0 != "\t" || $0.value == 127
                }
                return !text.isEmpty && text.utf8.count <= 16384 && isPlain ? text : nil
            }
        } show: {
            .text($0)
        }
    }

    static func oneOf(_ words: [String]) -> Self {
        .init("one of " + words.joined(separator: ", ")) { raw, _ in
            raw.word.flatMap { words.contains($0.lowercased()) ? $0.lowercased() : nil }
        } show: {
            .text($0)
        }
    }

    /// A path; `~/` is the user's home. What is not absolute counts from the working directory.
    static var path: Self {
        .init("a path") { raw, _ in
            raw.word.flatMap { isPlain($0) ? expandingHome($0) : nil }
        } show: {
            .text($0)
        }
    }

    /// A path that is made absolute.
    static var absolutePath: Self {
        .init("a path") { raw, _ in
            raw.word.flatMap {
                isPlain($0) ? URL(fileURLWithPath: expandingHome($0)).standardizedFileURL.path : nil
            }
        } show: {
            .text($0)
        }
    }

    fileprivate static func isPlain(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 4096 && !text.unicodeScalars.contains { $0.value < 32 || $0.value == 127 }
    }

    private static func expandingHome(_ path: String) -> String {
        path == "~" || path.hasPrefix("~/") ? NSHomeDirectory() + path.dropFirst() : path
    }
}

extension ValueFormat<[String]> {
    /// A list, or its entries with commas between them; at most 1000.
    static var list: Self {
        .init("a list, or words with commas between them") { raw, _ in
            entries(raw).flatMap { $0.allSatisfy(ValueFormat<String>.isPlain) ? $0 : nil }
        } show: {
            .list($0)
        }
    }

    /// Keys that clients present: they travel in headers and query strings, so they are visible ASCII.
    static var apiKeys: Self {
        .init("keys of 1 to 256 visible ASCII characters with commas between them") { raw, _ in
            entries(raw).flatMap { !$0.isEmpty && $0.allSatisfy(isKey) ? $0 : nil }
        } show: {
            .list($0)
        }
    }

    /// Whether a word can be an API key.
    static func isKey(_ word: String) -> Bool {
        (1...256).contains(word.utf8.count)
            && word.utf8.allSatisfy { (33...126).contains($0) && $0 != UInt8(ascii: ",") }
    }

    private static func entries(_ raw: RawValue) -> [String]? {
        let entries: [String]? =
            switch raw {
            case .text(let text): text.split(separator: ",", omittingEmptySubsequences: true).map(String.init)
            case .list(let list): list
            case .map: nil
            }
        return entries.flatMap { $0.count <= 1000 ? $0.map { $0.trimmingWhitespace() } : nil }
    }
}

extension ValueFormat<[String: String]> {
    /// Names of variables with their values.
    static var variables: Self {
        .init("a mapping of names to values, or NAME=value with commas between them") { raw, _ in
            switch raw {
            case .map(let entries): entries
            case .list: nil
            case .text(let text):
                text.split(separator: ",").reduce(into: Optional([:])) { entries, pair in
                    let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                    if parts.count == 2 {
                        entries?[parts[0].trimmingWhitespace()] = parts[1].trimmingWhitespace()
                    } else {
                        entries = nil
                    }
                }
            }
        } show: {
            .map($0)
        }
    }
}
