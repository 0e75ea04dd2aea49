import ArgumentParser
import Conversation
import Speech
import SpeechText

extension TranscriptFormat: ExpressibleByArgument {}

/// Writes one file's transcript: text and subtitles as they come, JSON at the end.
struct TranscriptWriter {
    /// What is known of the file when it has been heard.
    struct About {
        var file: String
        /// Whether the text is a translation.
        var translates: Bool
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
        case .json, .verboseJSON: segments.append(segment)
        case .srt, .vtt:
            guard let cue = Subtitles.cue(segment, format) else { return }
            cues += 1
            try console.print(format == .srt ? "\(cues)\n\(cue)" : cue)
        }
    }

    func end(_ about: About) throws {
        switch format {
        case .json: try console.printJSON(FileReport(about, segments))
        case .verboseJSON:
            var transcript = VerboseTranscript(segments, seconds: about.seconds, translates: about.translates)
            (transcript.file, transcript.simulated) = (about.file, about.simulated)
            try console.printJSON(transcript)
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
        self.segments = segments.map(\.inMilliseconds)
        simulated = about.simulated
    }
}

extension Transcript.Segment {
    /// With figures of as many digits as they are good for, and without those that only `verbose_json` has.
    var inMilliseconds: Self {
        var segment = self
        segment.decoding = nil
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
