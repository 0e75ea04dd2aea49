import ArgumentParser
import Conversation
import RKVoice
import Speech
import SpeechModels
import SpeechText

struct BenchStream: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stream",
        abstract: "Live recognition of a test set, beside whole files: error rates, delays, stability.",
        discussion: """
            Clips are sent in frames of 20 ms. At real pace the delays are measured; at fast pace time is counted, a
            decode takes what --decode-time says, and the result is the same on every machine.

            Examples:
              rkvoice bench stream --set testset
              rkvoice bench stream --set testset --pace fast --decode-time 0.8 --json
            """
    )

    @Option(help: "Folder with manifest.json.")
    var set: String

    @Option(help: "Recognizer: an id of `rkvoice models list`.")
    var model: String?

    @Option(help: "real: 20 ms of sound every 20 ms; fast: no waiting.")
    var pace: StreamPace = .real

    @Option(help: "Seconds that a decode takes at fast pace.")
    var decodeTime = 0.4

    @Option(help: "Stream one clip in so many.")
    var every = 1

    @Flag(help: "Let the model detect the language of each clip.")
    var detectLanguage = false

    @Flag(help: "Print the figures as JSON.")
    var json = false

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard every > 0 else { throw ValidationError("--every is at least 1") }
        guard decodeTime >= 0, decodeTime < 60 else { throw ValidationError("--decode-time is a number from 0 to 60") }
    }

    func run() async throws {
        try await common.run { console in
            var settings = try common.settings()
            settings.threads = common.threads ?? 1
            let loader = console.loader(settings)
            let recognizer = try await loader.recognizerModel(model)
            let detector = try await loader.detector()
            let report = try await measure(
                recognizer.streaming(detector),
                recognizer.offline(detector),
                recognizer.utterances,
                console
            )
            if json { try console.printJSON(report) } else { try report.print(to: console) }
        }
    }

    private func measure(
        _ streaming: some SpeechRecognizer,
        _ offline: some SpeechRecognizer,
        _ model: any UtteranceRecognizer,
        _ console: Console
    ) async throws -> StreamReport {
        let set = try TestSet(directory: set)
        var tally = StreamTally()
        let bar = console.progressBar("clips")
        for (index, clip) in set.clips.enumerated() where index.isMultiple(of: every) {
            guard let language = Language(clip.language), offline.languages.contains(language) else { continue }
            let sound = try await FileAudio(path: set.directory + "/" + clip.file).whole(atMost: 600)
            let options = RecognitionOptions(language: detectLanguage ? nil : language)
            let stream = ClipStream(recognizer: streaming, options: options)
            let (events, end) =
                switch pace {
                case .real: try await stream.real(sound)
                case .fast: try await stream.fast(sound, decode: decodeTime)
                }
            let result = StreamedClip(events, end: end)
            tally.add(
                clip,
                result,
                offline: try await whole(sound, offline, options),
                bare: try await bareDecode(result, sound, options, model),
                seconds: sound.seconds
            )
            bar.update(done: Double(index + 1), total: Double(set.clips.count), unit: "clips")
        }
        bar.clear()
        let pace = pace == .real ? "real pace" : "counted time, \(seconds(decodeTime)) a decode"
        return tally.report(model: self.model ?? "default", pace: pace)
    }

    private func whole(
        _ sound: AudioChunk,
        _ recognizer: some SpeechRecognizer,
        _ options: RecognitionOptions
    ) async throws -> String {
        let events = try await recognizer.events(ofWhole: sound, options)
        return Spacing.join(events.map { if case .final(let transcript) = $0 { transcript.text } else { "" } })
    }

    /// Seconds that the last segment takes when nothing else is done.
    private func bareDecode(
        _ result: StreamedClip,
        _ sound: AudioChunk,
        _ options: RecognitionOptions,
        _ model: any UtteranceRecognizer
    ) async throws -> Double? {
        guard pace == .real, let span = result.lastSegment else { return nil }
        let rate = Double(sound.sampleRate)
        let range = Int(span.lowerBound * rate)..<min(sound.frames, Int(span.upperBound * rate))
        let segment = AudioChunk(samples: Array(sound.samples[range]), sampleRate: sound.sampleRate)
        let (_, time) = try await timed { try await model.transcript(of: segment, options) }
        return time / 1000
    }
}
