import Foundation

/// Output of a child process, read back to say what went wrong.
struct ProcessLog {
    /// Lines without line ends and empty ones; carriage returns (progress displays) count as line ends.
    let lines: [String]

    /// Reads the last 64 KiB, more than any error needs.
    init(file: String) {
        guard let handle = FileHandle(forReadingAtPath: file) else {
            self.init(text: "")
            return
        }
        defer { try? handle.close() }
        let end = (try? handle.seekToEnd()) ?? 0
        try? handle.seek(toOffset: end > 65536 ? end - 65536 : 0)
        self.init(text: String(decoding: (try? handle.readToEnd()) ?? Data(), as: UTF8.self))
    }

    init(text: String) {
        lines = text.split(whereSeparator: \.isNewline)
            .map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty }
    }

    func contains(anyOf phrases: [String]) -> Bool {
        lines.contains { line in phrases.contains { line.localizedCaseInsensitiveContains($0) } }
    }

    /// The last line, preferring one that calls itself an error, without credentials and not over 300 characters.
    var lastMeaningfulLine: String {
        let line = lines.last { $0.hasPrefix("ERROR:") || $0.hasPrefix("error:") } ?? lines.last ?? "no output"
        return Self.presentable(line)
    }

    /// The last meaningful line without the word "error" in front, to be quoted inside a message.
    var cause: String {
        let line = lastMeaningfulLine
        return line.lowercased().hasPrefix("error: ") ? String(line.dropFirst("error: ".count)) : line
    }

    /// Takes user names and passwords out of URLs and shortens the rest.
    static func presentable(_ line: String) -> String {
        let redacted = line.replacing(/:\/\/[^\/\s@]+@/, with: "://***@")
        return redacted.count > 300 ? redacted.prefix(300) + "…" : redacted
    }

    var isDiskFull: Bool { contains(anyOf: ["No space left on device", "Disk quota exceeded"]) }
}
