import ArgumentParser
import Conversation
import Foundation
import Inference
import RKVoice
import Speech
import SpeechModels
import SpeechSignal

/// `rkvoice bench worker`: this program as one of those that are compared.
struct BenchWorker: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker",
        abstract: "Answer one job a line, as the peers do.",
        shouldDisplay: false
    )

    enum Kind: String, ExpressibleByArgument { case asr, tts }

    @Argument(help: "asr or tts.")
    var kind: Kind

    @Option(help: "An id of `rkvoice models list`.")
    var model: String?

    @Flag(help: "Look at all of the silence in a window.")
    var fullContext = false

    @OptionGroup var common: CommonOptions

    func run() async throws {
        try await common.run { console in
            let loader = console.loader(try common.settings())
            switch kind {
            case .asr:
                let ears = try await loader.recognition(model).offline
                try await answer(console) { try await hear($0, ears) }
            case .tts:
                let voice = try await loader.synthesizer(model)
                try await answer(console) { try await speak($0, voice) }
            }
        }
    }

    private func answer(_ console: Console, _ work: (PeerJob) async throws -> PeerAnswer) async throws {
        // Reading a pipe blocks; that must not happen on a thread of the cooperative pool.
        let pool = BlockingPool(label: "rkvoice.stdin")
        try console.printJSON(PeerAnswer(peakMemory: peakMemory(), ready: [:]))
        while let line = await withTaskExecutorPreference(pool, operation: { readLine() }) {
            var reply = PeerAnswer()
            do { reply = try await work(JSONDecoder().decode(PeerJob.self, from: Data(line.utf8))) } catch {
                reply.error = "\(error)"
            }
            reply.peakMemory = peakMemory()
            try console.printJSON(reply)
        }
    }

    private func hear(_ job: PeerJob, _ ears: some SpeechRecognizer) async throws -> PeerAnswer {
        let clip = try await FileAudio(path: job.file ?? "").whole(atMost: 3_600)
        var options = RecognitionOptions(language: job.language.flatMap { Language($0) })
        options.fullContext = fullContext
        let clock = StageClock()
        let (events, time) = try await timed {
            try await MeteredGraph.$clock.withValue(clock) {
                try await ears.events(ofWhole: clip, options)
            }
        }
        let texts = events.map { if case .final(let transcript) = $0 { transcript.text } else { "" } }
        return PeerAnswer(
            text: texts.filter { !$0.isEmpty }.joined(separator: " "),
            milliseconds: time,
            seconds: clip.seconds,
            stages: clock.milliseconds
        )
    }

    private func speak(_ job: PeerJob, _ voice: PiperModel) async throws -> PeerAnswer {
        let text = job.text ?? ""
        if job.wantsIDs == true { return PeerAnswer(ids: try await voice.sentences(of: text)) }
        let latency = job.latency.flatMap(LatencyOption.init(rawValue:)) ?? .balanced
        let clock = StageClock()
        var (first, samples) = (0.0, [Float]())
        let start = ContinuousClock.now
        try await MeteredGraph.$clock.withValue(clock) {
            for try await event in voice.speech(for: Utterance(text, seed: job.seed, latency: latency.value)) {
                guard case .audio(let chunk) = event else { continue }
                if samples.isEmpty { first = (.now - start) / .milliseconds(1) }
                samples += chunk.samples
            }
        }
        let total = (.now - start) / .milliseconds(1)
        if let out = job.out {
            let file = try WAVFileWriter(path: out, sampleRate: voice.sampleRate)
            try file.append(samples)
            try file.finish()
        }
        return PeerAnswer(
            milliseconds: total,
            firstMilliseconds: first,
            seconds: Double(samples.count) / Double(voice.sampleRate),
            stages: clock.milliseconds
        )
    }
}
