import ArgumentParser
import Conversation
import Foundation
import RKVoice
import Speech
import SpeechModels
import SpeechSignal
import SpeechText

struct Say: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Speak a text: to a file, into a pipe, or aloud.",
        discussion: """
            Without -o the speech goes to the player found (pw-play, paplay, aplay, ffplay or sox's play), or into the
            pipe that standard output is. Sound flows as it is made: the first of it long before the last.

            Examples:
              rkvoice say "The quick brown fox jumps over the lazy dog."
              rkvoice say "Good morning." -o morning.wav --speed 1.2
              rkvoice say "Straight to the sound card." -o - | aplay
              rkvoice say --format opus -o - - < story.txt > story.opus
              tail -f story.txt | rkvoice say -
              rkvoice say "Meet [[nwˈɪn]] at 5 p.m." --lexicon names.txt --sentence-silence 0.4

            Numbers, dates, money and the like are read as one says them (English). [[…]] holds phonemes, IPA. A lexicon has
            an entry a line, "word = how it is said" or "word = [[phonemes]]".
            """
    )

    @Argument(help: "The text; - or nothing reads standard input as it comes.")
    var text: [String] = []

    @Option(
        name: [.short, .long],
        help: "File to write (.wav, .flac, .mp3, .opus, .ogg, .pcm); - is standard output."
    )
    var output: String?

    @Option(help: "What to write, whatever the name of the file says; WAV into a pipe.")
    var format: SpeechFormat?

    @Option(help: "Voice model: an id of `rkvoice models list`.")
    var voice: String?

    @Option(help: "Speaker of a model that has several.")
    var speaker: String?

    @Option(help: "Pace from 0.25 to 4; 1 is the voice's own.")
    var speed: Float = 1

    /// Any number would do; with this one the recognizers of the catalog write down the README's sentence to the letter.
    @Option(help: "Which reading: the same number makes the same text sound the same again.")
    var seed: UInt64 = 42

    @Option(help: "low: first sound soonest; balanced; quality: each sentence whole.")
    var latency: LatencyOption = .balanced

    @OptionGroup var tailoring: TailoringOptions

    @Flag(help: "Print what the reply cost as JSON (on standard error when the sound goes to standard output).")
    var json = false

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard (0.25...4).contains(speed) else { throw ValidationError("--speed is a number from 0.25 to 4") }
        if format == nil, let output, output != "-",
            let kind = output.split(separator: ".").last.map({ $0.lowercased() }),
            ["m4a", "aac", "webm", "aiff", "wma", "mp4"].contains(kind), output.contains(".")
        {
            let endings = AudioFormat.endings.joined(separator: ", .")
            throw ValidationError("\(output): .\(kind) is not written; name a file that ends in .\(endings)")
        }
    }

    func run() async throws {
        try await common.run { console in
            // Where the sound goes is settled before any work: a missing player is told at once.
            let destination = try SpeechSink.Destination(output: output)
            if case .player = destination, let format {
                throw CommandError(.usage, "--format \(format.rawValue) is for -o FILE or a pipe; a player gets WAV")
            }
            let loader = console.loader(try common.settings())
            try await loader.traced {
                let tailoring = try tailoring.tailoring()
                let model = try await loader.synthesizer(voice)
                console.placements(of: loader.accelerator)
                let narrator = Narrator(model: tailoring.applied(to: model))
                let rate = narrator.sampleRate
                let metrics = try await destination.play(narration(narrator), sampleRate: rate, as: format?.value)
                try report(metrics, destination, console, simulated: loader.simulatedBoard)
            }
        }
    }

    private func narration(_ narrator: Narrator) -> Narration {
        guard text.isEmpty || text == ["-"] else {
            return narrator.speech(
                for: text.joined(separator: " "),
                voice: speaker,
                speed: speed,
                seed: seed,
                latency: latency.value
            )
        }
        let manner = Utterance("", voice: speaker, speed: speed, seed: seed, latency: latency.value)
        return narrator.speech(reading: StandardInputText(), manner: manner)
    }

    private func report(
        _ metrics: SynthesisMetrics,
        _ destination: SpeechSink.Destination,
        _ console: Console,
        simulated: String?
    ) throws {
        if json {
            let report = SpeechReport(metrics, output: output, simulated: simulated)
            try console.printJSON(report, toError: destination == .standardOutput)
        } else if let output, output != "-" {
            console.note(
                "\(output): \(seconds(metrics.duration)) of speech in \(seconds(metrics.inferenceTime)) "
                    + "(RTF \(decimal(metrics.rtf)), first sound after \(seconds(metrics.timeToFirstAudio))"
                    + (simulated.map { "; \($0) simulated" } ?? "") + ")"
            )
        }
    }
}

/// What `say --json` prints.
private struct SpeechReport: Encodable {
    var output: String?
    var duration: Double
    var inferenceTime: Double
    var rtf: Double
    var timeToFirstAudio: Double
    var stageMilliseconds: [String: Double]
    /// Board whose NPU was simulated.
    var simulated: String?

    init(_ metrics: SynthesisMetrics, output: String?, simulated: String?) {
        self.output = output
        self.simulated = simulated
        duration = metrics.duration
        inferenceTime = metrics.inferenceTime
        rtf = metrics.rtf
        timeToFirstAudio = metrics.timeToFirstAudio
        stageMilliseconds = metrics.stageMilliseconds
    }
}

/// What speech is written as, as an option of the command line.
enum SpeechFormat: String, ExpressibleByArgument, CaseIterable {
    case wav, flac, mp3, opus, pcm

    var value: AudioFormat {
        switch self {
        case .wav: .wav
        case .flac: .flac
        case .mp3: .mp3
        case .opus: .opus
        case .pcm: .pcm
        }
    }
}

/// ``Latency`` as an option of the command line.
enum LatencyOption: String, ExpressibleByArgument, CaseIterable {
    case low, balanced, quality

    var value: Latency {
        switch self {
        case .low: .low
        case .balanced: .balanced
        case .quality: .quality
        }
    }
}
