package import Speech

/// Cues of SubRip and WebVTT.
package enum Subtitles {
    /// Letters that fit a line of a subtitle: what broadcasters commonly allow.
    private static let columns = 42

    /// All cues of a transcript, numbered where the format numbers them.
    package static func whole(_ segments: [Transcript.Segment], _ format: TranscriptFormat) -> String {
        let cues = segments.compactMap { cue($0, format) }.enumerated()
        return (format == .vtt ? "WEBVTT\n\n" : "")
            + cues.map { (format == .srt ? "\($0 + 1)\n" : "") + $1 }.joined(separator: "\n")
    }

    /// A cue without its number, with a line end behind it; nil without text.
    package static func cue(_ segment: Transcript.Segment, _ format: TranscriptFormat) -> String? {
        let text = lines(segment.text, format)
        guard !text.isEmpty else { return nil }
        // A cue that ends as it starts is never shown.
        let end = max(segment.end, segment.start + 0.001)
        return "\(time(segment.start, format)) --> \(time(end, format))\n\(text)\n"
    }

    /// `hh:mm:ss` and milliseconds, behind a comma in SubRip and a point in WebVTT.
    static func time(_ seconds: Double, _ format: TranscriptFormat) -> String {
        let milliseconds = Int((max(0, seconds) * 1000).rounded())
        func digits(_ value: Int, _ count: Int) -> String {
            let text = String(value)
            return String(repeating: "0", count: max(0, count - text.count)) + text
        }
        let (hours, minutes, rest) = (milliseconds / 3_600_000, milliseconds / 60_000 % 60, milliseconds / 1000 % 60)
        let mark = format == .srt ? "," : "."
        return "\(digits(hours, 2)):\(digits(minutes, 2)):\(digits(rest, 2))\(mark)\(digits(milliseconds % 1000, 3))"
    }

    /// Text in lines; nothing in it can end the cue or be taken for markup.
    private static func lines(_ text: String, _ format: TranscriptFormat) -> String {
        var lines: [String] = []
        for word in text.split(whereSeparator: \.isWhitespace) {
            let word = String(word).replacing("-->", with: "→")
            if let last = lines.last, last.count + 1 + word.count <= columns {
                lines[lines.count - 1] += " " + word
            } else {
                lines.append(word)
            }
        }
        let joined = lines.joined(separator: "\n")
        guard format == .vtt else { return joined }
        return joined.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}
