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
            Takes WAV, FLAC, MP3, Ogg (Vorbis, Opus), AIFF and more, at any rate from 8 to 192 kHz: a day of a file at
            most, and what comes through a pipe as long as it comes.
            Each stretch of text is printed as soon as it is known. A file in which nobody speaks gives no text and is
            no error.

            Examples:
              rkvoice transcribe talk.wav
              rkvoice transcribe *.mp3 --format json
              rkvoice transcribe interview.flac --language de --model whisper-base
              rkvoice transcribe interview.flac --task translate --format srt > interview.srt
              rkvoice transcribe meeting.wav --prompt "Rockchip, Piper, RK3588" --word-times --format json
              arecord -f S16_LE -r 16000 -t wav | rkvoice transcribe --stream -
            """
    )

    @Argument(help: "Audio files; - is standard input.")
    var files: [String]

    @Option(help: "Language spoken (name, ISO code or locale), or auto to detect it.")
    var language = "auto"

    @Option(
        help: """
            text: the words; json: one object per file with segments and times; verbose_json: the same in the shape of \
            OpenAI's API; srt, vtt: subtitles.
            """
    )
    var format: TranscriptFormat = .text

    @Option(help: "transcribe: the words in their language; translate: in English (multilingual Whisper).")
    var task: SpokenTask = .transcribe

    @Option(help: "Names and terms as one spells them, or text in the style that is wanted (Whisper).")
    var prompt: String?

    @Flag(help: "Time each word too; for --format json and verbose_json.")
    var wordTimes = false

    @Flag(help: "Look at all of the silence that fills Whisper's window: slower, to compare with.")
    var fullContext = false

    @Flag(
        help: """
            Show the text of an utterance before it ends: drawn over on a terminal; with --format json each event is a \
            line.
            """
    )
    var stream = false

    @Option(help: "Recognizer: an id of `rkvoice models list`.")
    var model: String?

    @OptionGroup var layout: RawAudioOption
    @OptionGroup var common: CommonOptions

    enum SpokenTask: String, ExpressibleByArgument, CaseIterable { case transcribe, translate }

    func validate() throws {
        guard !files.isEmpty else { throw ValidationError("name at least one file, or - for standard input") }
        guard language.lowercased() == "auto" || Language(language) != nil else {
            throw ValidationError("\"\(language)\" is no language that is known here; try a name like German, or auto")
        }
        guard !format.isSubtitles || files.count == 1 else {
            throw ValidationError("subtitles are of one file; name one with --format \(format.rawValue)")
        }
        guard !wordTimes || format.isJSON else {
            throw ValidationError("--word-times needs --format json or verbose_json")
        }
        guard !stream || (format == .text || format == .json) && !wordTimes else {
            throw ValidationError("--stream gives --format text or json, without --word-times")
        }
        guard prompt?.isEmpty != true else { throw ValidationError("--prompt is empty; leave it out") }
    }

    func run() async throws {
        try await common.run { console in
            try requireFiles()
            let loader = console.loader(try common.settings())
            try await loader.traced {
                let transcriber = try await Transcriber.load(model, loader, console: console, streams: stream)
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
                if stream {
                    try await follow(file, transcriber, console)
                } else {
                    try await transcribe(file, transcriber, console, simulated: simulated)
                }
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
        let bar = console.progressBar(name(of: file))
        let watch = FileWatch(bar)
        let audio = FileAudio(path: file, raw: layout.raw) { watch.update($0) }
        var writer = TranscriptWriter(format, console, prefix: prefix(of: file))
        try writer.begin()
        defer { bar.clear() }
        for try await segment in transcriber.segments(of: audio, options) {
            bar.clear()
            try writer.add(segment)
            watch.heardSomething()
        }
        bar.clear()
        remark(on: file, watch, console)
        if wordTimes, watch.hasText, !writer.hasWords {
            console.warn("\(name(of: file)): this model gives no times of words")
        }
        let about = TranscriptWriter.About(
            file: file,
            translates: task == .translate,
            seconds: watch.seconds,
            simulated: simulated
        )
        try writer.end(about)
    }

    /// Hears a file as it would a stream, as fast as it comes: a pipe from a microphone keeps its own time.
    private func follow(_ file: String, _ transcriber: Transcriber, _ console: Console) async throws {
        let watch = FileWatch(LabeledProgress(label: "", bar: nil))
        let audio = FileAudio(path: file, raw: layout.raw) { watch.update($0) }
        let writer = StreamWriter(console, format, file: file, prefix: prefix(of: file))
        defer { writer.clear() }
        for try await event in transcriber.events(of: audio, options) {
            try writer.add(event)
            if case .final(let transcript) = event, !transcript.text.isEmpty { watch.heardSomething() }
        }
        remark(on: file, watch, console)
    }

    private func name(of file: String) -> String { file == "-" ? "standard input" : file }

    private func prefix(of file: String) -> String { files.count > 1 ? "\(file): " : "" }

    private func remark(on file: String, _ watch: FileWatch, _ console: Console) {
        if watch.isTruncated { console.warn("\(name(of: file)) is cut short; what is there was transcribed") }
        if !watch.hasText { console.warn("\(name(of: file)): nobody speaks in it") }
    }

    private var options: RecognitionOptions {
        var options = RecognitionOptions(language: Language(language))
        options.translates = task == .translate
        options.prompt = prompt
        options.fullContext = fullContext
        options.timing = wordTimes ? .words : format == .text || stream ? .utterances : .segments
        return options
    }
}
