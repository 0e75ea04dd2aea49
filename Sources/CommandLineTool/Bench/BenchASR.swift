import ArgumentParser
import Conversation
import Inference
import RKVoice
import Speech
import SpeechModels
import SpeechSignal

struct BenchASR: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "asr",
        abstract: "Recognition of a clip against the bare graphs, or error rates on a test set.",
        discussion: """
            Whisper's graphs are run once more with the same tokens; of other models the time inside of their graphs is \
            taken from the same run. With --peers each recognizer hears a test set in turn with faster-whisper (int8 and \
            float32, as it comes): errors, time, memory, start-up; ratios are to faster-whisper int8.

            Examples:
              rkvoice bench asr --model whisper-tiny.en
              rkvoice bench asr --set testset --model whisper-base --model whisper-tiny.en
              rkvoice bench asr --peers --set testset --model whisper-base --threads 2 --runs 5
            """
    )

    @Option(help: "Recognizer; several may be given with --set.")
    var model: [String] = []

    @Option(help: "Audio of at most 30 s; without it the default voice speaks one.")
    var file: String?

    @Option(help: "Folder with manifest.json: word and character error rates instead of speed.")
    var set: String?

    @Option(help: "Alternating runs.")
    var runs = 7

    @Option(help: "With --peers: the same weights for CTranslate2, an id of the catalog or a directory.")
    var peerModel: String?

    @Flag(help: "Print the figures as JSON.")
    var json = false

    @OptionGroup var peer: PeerOptions

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard runs > 0 else { throw ValidationError("--runs is at least 1") }
        guard !peer.peers || set != nil else { throw ValidationError("--peers wants a --set to hear") }
    }

    func run() async throws {
        try await common.run { console in
            var settings = try common.settings()
            settings.threads = common.threads ?? 1
            let loader = console.loader(settings)
            if peer.peers {
                try await compare(settings, console)
            } else if let set {
                let accuracy = Accuracy(loader: loader, console: console)
                let reports = try await accuracy.measure(try TestSet(directory: set), models: model)
                if json { try console.printJSON(reports) } else { try reports.forEach { try $0.print(to: console) } }
            } else {
                let report = try await measure(loader, threads: settings.threads)
                if json { try console.printJSON(report) } else { try report.print(to: console) }
            }
        }
    }

    private func compare(_ settings: Settings, _ console: Console) async throws {
        try peer.check("asr")
        let models = model.isEmpty ? ["whisper-base"] : model
        // Of one set of weights there are several precisions here, and one source.
        let source = peerModel ?? (models[0].hasPrefix("whisper-tiny.en") ? "whisper-tiny.en-ct2" : "whisper-base-ct2")
        let threads = settings.threads
        var plan = RecognitionContest.Plan(models: models, threads: threads, runs: runs, peerModel: source)
        (plan.every, plan.starts) = (peer.every, peer.starts)
        let testSet = try TestSet(directory: set ?? "")
        let environment = try PeerEnvironment(settings, console)
        let (rows, clips) = try await RecognitionContest(plan: plan, environment: environment).measure(testSet)
        let table = RecognitionContest.table(rows, threads: threads, runs: runs, clips: clips)
        let named = models.map { "--model \($0)" }.joined(separator: " ")
        var command = "bench asr --peers --set testset \(named) --threads \(threads) --runs \(runs)"
        if peer.every > 1 { command += " --every \(peer.every)" }
        try peer.present(rows, table, "asr", command: command, json: json, console)
    }

    private func measure(_ loader: ModelLoader, threads: Int) async throws -> BenchReport {
        let recognizer = try await loader.recognizerModel(model.first).utterances
        let clip = try await clip(loader)
        if let whisper = recognizer as? WhisperModel {
            return try await measure(whisper, clip, try await loader.detector(), threads: threads)
        }
        var share = GraphShare()
        // The first run warms up what is made on first use.
        for run in 0...runs {
            if run == 1 { share = GraphShare() }
            try await share.run(recognizer, clip)
        }
        return report("\(seconds(clip.seconds)) clip", share.rows, threads: threads)
    }

    private func measure(
        _ whisper: WhisperModel,
        _ clip: AudioChunk,
        _ detector: SileroDetector,
        threads: Int
    ) async throws -> BenchReport {
        let recognizer = SegmentedRecognizer(detector: detector, model: whisper)
        let bare = try await BareWhisper(whisper, clip)
        var (bareTime, ours) = (Samples(), Samples())
        for run in 0...runs {
            let ((), time) = try await timed {
                _ = try await recognizer.events(ofWhole: clip, RecognitionOptions(language: Language("en")))
            }
            let ((), reference) = try await timed { try await bare.run() }
            guard run > 0 else { continue }
            ours.append(time)
            bareTime.append(reference)
        }
        return report(
            "\(seconds(clip.seconds)) clip, \(bare.steps) tokens",
            [
                BenchRow(name: "bare encoder and decoder", milliseconds: bareTime, ratio: 1),
                BenchRow(name: "rkvoice, samples to text", milliseconds: ours, ratio: ours.median / bareTime.median),
            ],
            threads: threads
        )
    }

    private func report(_ subject: String, _ rows: [BenchRow], threads: Int) -> BenchReport {
        BenchReport(
            subject: "asr \(model.first ?? "default"), \(subject)",
            runs: runs,
            threads: threads,
            rows: rows,
            peakMemory: peakMemory()
        )
    }

    private func clip(_ loader: ModelLoader) async throws -> AudioChunk {
        if let file { return try await FileAudio(path: file).whole(atMost: 30) }
        return try await Self.spoken(loader)
    }

    /// A sentence of the default voice, as a recognizer hears it.
    static func spoken(_ loader: ModelLoader) async throws -> AudioChunk {
        let narrator = Narrator(model: try await loader.synthesizer())
        var samples: [Float] = []
        for try await chunk in narrator.speech(for: BenchTTS.sentence, seed: 1).audio { samples += chunk.samples }
        let heard = try Resampler.resample(samples, from: narrator.sampleRate, to: 16_000)
        return AudioChunk(samples: heard, sampleRate: 16_000)
    }
}
