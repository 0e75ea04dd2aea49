import ArgumentParser
import Inference
import RKVoice
import Speech
import SpeechModels

struct BenchTTS: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tts",
        abstract: "First sound and whole sentence, against the voice's uncut graph.",
        discussion: """
            With --peers the voice says sentences of every kind in turn with the bare graph, piper-tts and sherpa-onnx, in \
            each of its latencies: first sample, whole sentence, and what a recognizer hears of it.

            Examples:
              rkvoice bench tts
              rkvoice bench tts --runs 9 --threads 2 --json
              rkvoice bench tts --peers --runs 5 --ears whisper-base
            """
    )

    /// 6 s of speech in the default voice.
    static let sentence =
        "The quick brown fox jumps over the lazy dog while the streaming server sends sound in small pieces."

    @Option(help: "What to say.")
    var text = BenchTTS.sentence

    @Option(help: "Voice model; its uncut graph must be in the catalog as ID-whole.")
    var voice = "en_US-joe-medium"

    @Option(help: "Alternating runs.")
    var runs = 7

    @Option(help: "low, balanced or quality.")
    var latency: LatencyOption = .balanced

    @Option(help: "With --peers: a recognizer for the round trip; none for none.")
    var ears = "whisper-base"

    @Flag(help: "Print the figures as JSON.")
    var json = false

    @OptionGroup var peer: PeerOptions

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard runs > 0 else { throw ValidationError("--runs is at least 1") }
    }

    func run() async throws {
        try await common.run { console in
            var settings = try common.settings()
            settings.threads = common.threads ?? 1
            if peer.peers { return try await compare(settings, console) }
            let loader = console.loader(settings)
            let model = try await loader.synthesizer(voice)
            let whole = try await loader.graph("\(voice).onnx", of: "\(voice)-whole")
            let report = try await measure(model, whole, threads: settings.threads)
            if json { try console.printJSON(report) } else { try report.print(to: console) }
        }
    }

    private func compare(_ settings: Settings, _ console: Console) async throws {
        try peer.check("tts")
        let threads = settings.threads
        var plan = SpeechContest.Plan(voice: voice, latencies: LatencyOption.allCases, threads: threads, runs: runs)
        plan.ears = ears == "none" ? nil : ears
        (plan.every, plan.starts) = (peer.every, peer.starts)
        let environment = try PeerEnvironment(settings, console)
        let rows = try await SpeechContest(plan: plan, environment: environment).measure()
        let count = SpeechContest.sentences(every: peer.every).count
        let table = SpeechContest.table(rows, threads: threads, runs: runs, sentences: count)
        var command = "bench tts --peers --voice \(voice) --threads \(threads) --runs \(runs) --ears \(ears)"
        if peer.every > 1 { command += " --every \(peer.every)" }
        try peer.present(rows, table, "tts", command: command, json: json, console)
    }

    private func measure(_ model: PiperModel, _ whole: any Graph, threads: Int) async throws -> BenchReport {
        let bare = try await BareVoice(model, whole, text: text)
        var (bareTime, first, total) = (Samples(), Samples(), Samples())
        // One run of each is thrown away: the first allocates.
        for run in 0...runs {
            let ours = try await speak(model, seed: UInt64(run))
            let reference = try await bare.run()
            guard run > 0 else { continue }
            // The voice's noise makes every reply a little longer or shorter; the bare time is scaled to ours.
            bareTime.append(reference.milliseconds * ours.seconds / reference.seconds)
            first.append(ours.first)
            total.append(ours.total)
        }
        return BenchReport(
            subject: "tts \(voice), latency \(latency.rawValue)",
            runs: runs,
            threads: threads,
            rows: [
                BenchRow(name: "bare graph, whole sentence", milliseconds: bareTime, ratio: 1),
                BenchRow(name: "rkvoice, first PCM", milliseconds: first, ratio: first.median / bareTime.median),
                BenchRow(name: "rkvoice, whole sentence", milliseconds: total, ratio: total.median / bareTime.median),
            ],
            peakMemory: peakMemory()
        )
    }

    /// From the text to the first and the last sample, phonemes included.
    private func speak(
        _ model: PiperModel,
        seed: UInt64
    ) async throws -> (first: Double, total: Double, seconds: Double) {
        let start = ContinuousClock.now
        var (first, seconds) = (0.0, 0.0)
        for try await event in model.speech(for: Utterance(text, seed: seed, latency: latency.value)) {
            guard case .audio(let chunk) = event else { continue }
            if seconds == 0 { first = (.now - start) / .milliseconds(1) }
            seconds += chunk.seconds
        }
        return (first, (.now - start) / .milliseconds(1), seconds)
    }
}
