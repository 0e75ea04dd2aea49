import ArgumentParser
import Speech
import SpeechText

/// The forms in which `transcribe` gives what it heard.
enum TranscriptFormat: String, ExpressibleByArgument, CaseIterable {
    case text, json
    case verboseJSON = "verbose_json"
    case srt, vtt

    var isJSON: Bool { self == .json || self == .verboseJSON }
    var isSubtitles: Bool { self == .srt || self == .vtt }
}

/// Writes one file's transcript: text and subtitles as they come, JSON at the end.
struct TranscriptWriter {
    /// What is known of the file when it has been heard.
    struct About {
        var file: String
        /// `transcribe` or `translate`.
        var task: String
        var seconds: Double
        /// Board whose NPU was simulated.
        var simulated: String?
    }

    private let format: TranscriptFormat
    private let console: Console
    private let prefix: String
    private var segments: [Transcript.Segment] = []
    private var cues = 0
    /// Whether any word has a time.
    private(set) var hasWords = false

    /// - Parameters:
    ///   - format: the form.
    ///   - console: where it goes.
    ///   - prefix: what stands before each line of text.
    init(_ format: TranscriptFormat, _ console: Console, prefix: String) {
        self.format = format
        self.console = console
        self.prefix = prefix
    }

    func begin() throws {
        if format == .vtt { try console.print("WEBVTT\n") }
    }

    mutating func add(_ segment: Transcript.Segment) throws {
        hasWords = hasWords || !segment.words.isEmpty
        switch format {
        case .text: try console.print(prefix + segment.text)
        case .json, .verboseJSON: segments.append(segment.inMilliseconds)
        case .srt, .vtt:
            guard let cue = Subtitles.cue(segment, format) else { return }
            cues += 1
            try console.print(format == .srt ? "\(cues)\n\(cue)" : cue)
        }
    }

    func end(_ about: About) throws {
        switch format {
        case .json: try console.printJSON(FileReport(about, segments))
        case .verboseJSON: try console.printJSON(VerboseReport(about, segments))
        case .text, .srt, .vtt: return
        }
    }
}

/// What `--format json` prints for a file.
private struct FileReport: Encodable {
    var file: String
    var text: String
    var language: Language?
    var duration: Double
    var segments: [Transcript.Segment]
    var simulated: String?

    init(_ about: TranscriptWriter.About, _ segments: [Transcript.Segment]) {
        file = about.file
        text = Spacing.join(segments.map(\.text))
        language = segments.first?.language
        duration = about.seconds.toMilliseconds
        self.segments = segments
        simulated = about.simulated
    }
}

/// What `--format verbose_json` prints for a file: the names of OpenAI's `verbose_json`, as far as there is something to
/// say. Its figures of single decodes (`avg_logprob`, `compression_ratio`, …) are not among them; `confidence` is ours.
private struct VerboseReport: Encodable {
    var file: String
    var task: String
    /// English name in lower case, as OpenAI's.
    var language: String?
    var duration: Double
    var text: String
    var segments: [Segment]
    /// Only where they were asked for.
    var words: [Word]?
    var simulated: String?

    struct Segment: Encodable {
        var id: Int
        var start: Double
        var end: Double
        var text: String
        var confidence: Double?
    }

    struct Word: Encodable {
        var word: String
        var start: Double
        var end: Double
        var probability: Double?
    }

    init(_ about: TranscriptWriter.About, _ segments: [Transcript.Segment]) {
        (file, task, simulated) = (about.file, about.task, about.simulated)
        language = segments.first?.language?.name.lowercased()
        duration = about.seconds.toMilliseconds
        text = Spacing.join(segments.map(\.text))
        self.segments = segments.enumerated().map {
            Segment(id: $0, start: $1.start, end: $1.end, text: $1.text, confidence: $1.confidence)
        }
        let words = segments.flatMap(\.words).map {
            Word(word: $0.text, start: $0.start, end: $0.end, probability: $0.confidence)
        }
        if !words.isEmpty { self.words = words }
    }
}

extension Transcript.Segment {
    /// With figures of as many digits as they are good for.
    fileprivate var inMilliseconds: Self {
        var segment = self
        segment.start = start.toMilliseconds
        segment.end = end.toMilliseconds
        segment.confidence = confidence?.toMilliseconds
        for index in words.indices {
            segment.words[index].start = words[index].start.toMilliseconds
            segment.words[index].end = words[index].end.toMilliseconds
            segment.words[index].confidence = words[index].confidence?.toMilliseconds
        }
        return segment
    }
}

extension Double {
    /// To a thousandth: JSON would show digits that mean nothing.
    fileprivate var toMilliseconds: Double { (self * 1000).rounded() / 1000 }
}
