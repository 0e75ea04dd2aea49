import ArgumentParser
import Conversation
import Foundation
import RKVoice
import Speech
import SpeechSignal
import SpeechText

struct Transcribe: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write down what is said in audio files.",
        discussion: """
            Takes WAV, FLAC, MP3, Ogg (Vorbis, Opus), AIFF and more, at any rate from 8 to 192 kHz and of any length.
            Each stretch of text is printed as soon as it is known. A file in which nobody speaks gives no text and is
            no error.

            Examples:
              rkvoice transcribe talk.wav
              rkvoice transcribe *.mp3 --format json
              rkvoice transcribe interview.flac --language de --model whisper-base
              arecord -f S16_LE -r 16000 -d 10 -t wav | rkvoice transcribe -
            """
    )

    @Argument(help: "Audio files; - is standard input.")
    var files: [String]

    @Option(help: "Language spoken (name, ISO code or locale), or auto to detect it.")
    var language = "auto"

    @Option(help: "text: the words; json: one object per file with segments and times.")
    var format: OutputFormat = .text

    @Option(help: "Recognizer: an id of `rkvoice models list`.")
    var model: String?

    @OptionGroup var common: CommonOptions

    enum OutputFormat: String, ExpressibleByArgument, CaseIterable { case text, json }

    func validate() throws {
        guard !files.isEmpty else { throw ValidationError("name at least one file, or - for standard input") }
        guard language.lowercased() == "auto" || Language(language) != nil else {
            throw ValidationError("\"\(language)\" is no language that is known here; try a name like German, or auto")
        }
    }

    func run() async throws {
        try await common.run { console in
            try requireFiles()
            let loader = console.loader(try common.settings())
            try await loader.traced {
                let transcriber = try await Transcriber.load(model, loader, console: console)
                try await transcribe(transcriber, console, simulated: loader.simulatedBoard)
            }
        }
    }

    /// A slip in a name must not first cost a download. One file of several that is there is reason enough to go on.
    private func requireFiles() throws {
        let missing = files.filter { $0 != "-" && access($0, R_OK) != 0 }
        guard missing.count == files.count, let first = missing.first else { return }
        _ = try ByteSource(path: first)
    }

    private func transcribe(_ transcriber: Transcriber, _ console: Console, simulated: String?) async throws {
        var failure: (any Error)?
        for file in files {
            do {
                try await transcribe(file, transcriber, console, simulated: simulated)
            } catch let error as SpeechError where error.code == .invalidAudio && files.count > 1 {
                // The other files may be fine; the exit status tells that one was not.
                Terminal.error(error.message)
                failure = failure ?? error
            }
        }
        if let failure { throw AlreadyReported(failure) }
    }

    private func transcribe(
        _ file: String,
        _ transcriber: Transcriber,
        _ console: Console,
        simulated: String?
    ) async throws {
        let name = file == "-" ? "standard input" : file
        let bar = console.progressBar(name)
        let watch = FileWatch(bar)
        let audio = FileAudio(path: file) { watch.update($0) }
        var segments: [Transcript.Segment] = []
        defer { bar.clear() }
        for try await segment in transcriber.segments(of: audio, language: Language(language)) {
            if format == .text {
                bar.clear()
                try console.print(files.count > 1 ? "\(file): \(segment.text)" : segment.text)
            } else {
                segments.append(segment)
            }
            watch.heardSomething()
        }
        bar.clear()
        if watch.isTruncated { console.warn("\(name) is cut short; what is there was transcribed") }
        if !watch.hasText { console.warn("\(name): nobody speaks in it") }
        if format == .json {
            var report = FileReport(file: file, segments: segments, seconds: watch.seconds)
            report.simulated = simulated
            try console.printJSON(report)
        }
    }
}

/// What `transcribe --format json` prints for a file.
private struct FileReport: Encodable {
    var file: String
    var text: String
    var language: Language?
    var duration: Double
    var segments: [Transcript.Segment]
    /// Board whose NPU was simulated.
    var simulated: String?

    init(file: String, segments: [Transcript.Segment], seconds: Double) {
        self.file = file
        text = Spacing.join(segments.map(\.text))
        language = segments.first?.language
        duration = seconds.toMilliseconds
        self.segments = segments.map(\.inMilliseconds)
    }
}

extension Transcript.Segment {
    /// With times of as many digits as they are good for.
    fileprivate var inMilliseconds: Self {
        var segment = self
        segment.start = start.toMilliseconds
        segment.end = end.toMilliseconds
        for index in words.indices {
            segment.words[index].start = words[index].start.toMilliseconds
            segment.words[index].end = words[index].end.toMilliseconds
        }
        return segment
    }
}

extension Double {
    /// To a thousandth: JSON would show digits that mean nothing.
    fileprivate var toMilliseconds: Double { (self * 1000).rounded() / 1000 }
}
