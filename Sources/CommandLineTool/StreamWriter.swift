import Conversation
import Speech

/// Writes what is heard while it is heard: texts line by line, with the unfinished one drawn over and over on a
/// terminal; or every event as a line of JSON.
struct StreamWriter {
    private let console: Console
    private let file: String
    private let prefix: String
    private let isJSON: Bool
    private let drawsPartials: Bool

    /// - Parameters:
    ///   - console: where it goes.
    ///   - format: `text` or `json`.
    ///   - file: named in JSON.
    ///   - prefix: what stands before each line of text.
    init(_ console: Console, _ format: TranscriptFormat, file: String, prefix: String) {
        self.console = console
        self.file = file
        self.prefix = prefix
        isJSON = format == .json
        drawsPartials = format == .text && Terminal.isInteractive && !console.isQuiet
    }

    func add(_ event: TranscriptEvent) throws {
        // The end of a stream gives a final text even where nobody has spoken since the last.
        if case .final(let transcript) = event, transcript.text.isEmpty { return clear() }
        guard !isJSON else { return try console.printJSON(EventReport(event, file: file)) }
        switch event {
        case .partial(let transcript): if drawsPartials { draw(prefix + transcript.text) }
        case .final(let transcript):
            clear()
            try console.print(prefix + transcript.text)
        case .speechStarted, .endpoint: return
        }
    }

    /// Removes an unfinished text.
    func clear() {
        if drawsPartials { Terminal.draw("\r\u{1B}[K") }
    }

    /// The end of a text that is too long for a line: a line that wraps could not be drawn over.
    private func draw(_ text: String) {
        let room = max(Terminal.columns - 1, 1)
        Terminal.draw("\r\u{1B}[K" + (text.count > room ? "…" + text.suffix(room - 1) : text))
    }
}

/// A line of `--stream --format json`.
private struct EventReport: Encodable {
    var type: String
    var file: String
    /// Seconds from the start of the file.
    var at: Double?
    var text: String?
    /// Characters at the start of `text` that will not change.
    var stableChars: Int?
    var language: Language?
    var segments: [Transcript.Segment]?

    enum CodingKeys: String, CodingKey {
        case type, file, at, text, language, segments
        case stableChars = "stable_chars"
    }

    init(_ event: TranscriptEvent, file: String) {
        self.file = file
        switch event {
        case .speechStarted(let at): (type, self.at) = ("speech_started", (at * 1000).rounded() / 1000)
        case .endpoint(let at): (type, self.at) = ("endpoint", (at * 1000).rounded() / 1000)
        case .partial(let transcript):
            type = "partial"
            take(transcript)
        case .final(let transcript):
            type = "final"
            take(transcript)
            segments = transcript.segments.map(\.inMilliseconds)
        }
    }

    private mutating func take(_ transcript: Transcript) {
        text = transcript.text
        stableChars = transcript.stableCharacters
        language = transcript.language
    }
}
