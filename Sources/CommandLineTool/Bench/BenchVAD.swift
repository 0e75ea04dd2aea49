import ArgumentParser
import Conversation
import Inference
import RKVoice
import Speech
import SpeechModels
import SpeechSignal

/// `rkvoice bench vad`
struct BenchVAD: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vad",
        abstract: "The speech detector on a clip against its bare graph, window by window.",
        discussion: """
            One thread, as everywhere: a window is 32 ms of sound and takes far less than that.

            Examples:
              rkvoice bench vad
              rkvoice bench vad --file talk.wav --runs 9 --json
            """
    )

    @Option(help: "Audio of at most 10 minutes; without it the default voice speaks some.")
    var file: String?

    @Option(help: "Alternating runs.")
    var runs = 7

    @Flag(help: "Print the figures as JSON.")
    var json = false

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard runs > 0, runs <= 100_000 else { throw ValidationError("--runs is 1 to 100000") }
    }

    func run() async throws {
        try await common.run { console in
            var settings = try common.settings()
            settings.threads = 1
            let loader = console.loader(settings)
            let clip = try await clip(loader)
            let detector = try await loader.detector()
            let bare = try await loader.graph("silero_vad.onnx", of: "silero-vad")
            let report = try await measure(detector, bare, clip)
            if json { try console.printJSON(report) } else { try report.print(to: console) }
        }
    }

    private func measure(_ detector: SileroDetector, _ bare: any Graph, _ clip: AudioChunk) async throws -> BenchReport
    {
        let windows = stride(from: 0, through: clip.frames - detector.window, by: detector.window).map { start in
            clip.samples[start..<start + detector.window]
        }
        guard !windows.isEmpty else {
            throw CommandError(.badData, "the clip is shorter than a window of the detector")
        }
        var (ours, reference) = (Samples(), Samples())
        var speech = 0
        for run in 0...runs {
            let (count, time) = try await timed { try await Self.detect(detector, windows) }
            let ((), bareTime) = try await timed { try await Self.replay(bare, count: windows.count) }
            guard run > 0 else { continue }
            speech = count
            ours.append(time)
            reference.append(bareTime)
        }
        let rtf = ours.median / 1000 / clip.seconds
        let share = decimal(100 * Double(speech) / Double(windows.count), places: 0)
        return BenchReport(
            subject: "vad, \(seconds(clip.seconds)) of sound, \(windows.count) windows, \(share) % speech, RTF "
                + decimal(rtf, places: 5),
            runs: runs,
            threads: 1,
            rows: [
                BenchRow(name: "bare graph", milliseconds: reference, ratio: 1),
                BenchRow(
                    name: "rkvoice, samples to probabilities",
                    milliseconds: ours,
                    ratio: ours.median / reference.median
                ),
            ],
            peakMemory: peakMemory()
        )
    }

    /// Windows that are more likely speech than not.
    private static func detect(_ detector: SileroDetector, _ windows: [ArraySlice<Float>]) async throws -> Int {
        var state = detector.start()
        var speech = 0
        for window in windows {
            let probability = try await detector.probability(of: window, state: &state)
            if probability > 0.5 { speech += 1 }
        }
        return speech
    }

    /// The graph alone, on the same input again and again: what it hears does not change what it costs.
    private static func replay(_ graph: any Graph, count: Int) async throws {
        let inputs = Dictionary(
            uniqueKeysWithValues: graph.inputs.map { input in
                let shape = input.shape.map { $0 ?? 1 }
                return (input.name, Tensor(shape: shape, [Float](repeating: 0, count: shape.reduce(1, *))))
            }
        )
        for _ in 0..<count { _ = try await graph.run(inputs) }
    }

    private func clip(_ loader: ModelLoader) async throws -> AudioChunk {
        if let file { return try await FileAudio(path: file).whole(atMost: 600) }
        return try await BenchASR.spoken(loader)
    }
}
