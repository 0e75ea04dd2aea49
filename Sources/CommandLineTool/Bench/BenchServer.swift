import ArgumentParser
import Conversation
import Logging
import RKVoice
import Speech
import SpeechSignal
import VoiceConfiguration
import VoiceServer

struct BenchServer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "server",
        abstract: "What HTTP adds to recognition and to the first sound.",
        discussion: """
            A server in this process and the models themselves take turns, over loopback and without it.

            Examples:
              rkvoice bench server
              rkvoice bench server --runs 15 --json
            """
    )

    /// About 10 s of speech in the default voice.
    static let text = BenchTTS.sentence + " " + "Nothing leaves the machine, and the first word comes at once."

    @Option(help: "Alternating runs.")
    var runs = 7

    @Flag(help: "Print the figures as JSON.")
    var json = false

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard runs > 0 else { throw ValidationError("--runs is at least 1") }
    }

    func run() async throws {
        try await common.run { console in
            let settings = try common.settings()
            let loader = console.loader(settings)
            let recognition = try await loader.recognition(nil)
            let synthesis = try await loader.synthesis(nil)
            let catalog = SpeechCatalog(recognition: .ready(recognition), synthesis: .ready(synthesis))
            let report = try await serving(catalog) { port in
                try await measure(recognition, synthesis, LoopbackClient(port: port), threads: settings.threads)
            }
            if json { try console.printJSON(report) } else { try report.print(to: console) }
        }
    }

    /// Runs `body` beside a server on a free port.
    private func serving<R: Sendable>(
        _ catalog: SpeechCatalog,
        _ body: @escaping @Sendable (Int) async throws -> R
    ) async throws -> R {
        var configuration = Configuration()
        configuration.server.port = 0
        configuration.limits.requestsPerMinute = 0
        let live = LiveConfiguration(configuration)
        var logger = Logger(label: "rkvoice")
        logger.logLevel = .error
        let (ports, announce) = AsyncStream.makeStream(of: Int.self, bufferingPolicy: .bufferingNewest(1))
        let version = RKVoiceCommand.version
        let server = VoiceServer(configuration: live, catalog: catalog, version: version, logger: logger) {
            announce.yield($0)
        }
        return try await withThrowingTaskGroup(of: R?.self) { group in
            group.addTask {
                try await server.run()
                return nil
            }
            group.addTask {
                for await port in ports { return try await body(port) }
                return nil
            }
            defer { group.cancelAll() }
            while let result = try await group.next() { if let result { return result } }
            throw CommandError(.software, "the server ended before it was measured")
        }
    }

    private func measure(
        _ recognition: SpeechCatalog.Recognition,
        _ synthesis: SpeechCatalog.Synthesis,
        _ client: LoopbackClient,
        threads: Int
    ) async throws -> BenchReport {
        let rate = synthesis.synthesizer.sampleRate
        let speech = try await speak(synthesis, seed: 1).samples
        let file = WAVHeader.bytes(sampleRate: rate, channels: 1, frames: speech.count) + PCM16.encode(speech)
        var (heard, heardOverHTTP, first, firstOverHTTP) = (Samples(), Samples(), Samples(), Samples())
        // One run of each is thrown away: the first allocates.
        for run in 0...runs {
            let direct = try await timed { try await transcribe(file, recognition) }
            let served = try await client.post("/asr?language=en", "audio/wav", file)
            let spoken = try await speak(synthesis, seed: UInt64(run))
            let body = "{\"text\":\"\(Self.text)\",\"seed\":\(run)}"
            let streamed = try await client.post("/tts/stream", "application/json", Array(body.utf8), skipping: 4)
            guard served.status == 200, streamed.status == 200 else {
                throw CommandError(.software, "the server answered \(served.status) and \(streamed.status)")
            }
            guard run > 0 else { continue }
            heard.append(direct.1)
            heardOverHTTP.append(served.total)
            first.append(spoken.first)
            firstOverHTTP.append(streamed.first)
        }
        let length = decimal(Double(speech.count) / Double(rate), places: 1)
        return BenchReport(
            subject: "server, \(recognition.id) and \(synthesis.id), a file of \(length) s",
            runs: runs,
            threads: threads,
            rows: rows("file to text", heard, "POST /asr", heardOverHTTP)
                + rows("first PCM", first, "POST /tts/stream, first PCM", firstOverHTTP),
            peakMemory: peakMemory()
        )
    }

    private func rows(_ work: String, _ direct: Samples, _ request: String, _ served: Samples) -> [BenchRow] {
        [
            BenchRow(name: "in process, \(work)", milliseconds: direct, ratio: 1),
            BenchRow(name: request, milliseconds: served, ratio: served.median / direct.median),
        ]
    }

    private func transcribe(_ file: [UInt8], _ recognition: SpeechCatalog.Recognition) async throws {
        let audio = FileAudio(bytes: file, sampleRate: recognition.offline.sampleRate, maximumSeconds: 3600)
        func text(_ recognizer: some SpeechRecognizer) async throws -> [String] {
            var texts: [String] = []
            for try await event in recognizer.transcripts(of: audio, RecognitionOptions(language: Language("en"))) {
                if case .final(let transcript) = event { texts.append(transcript.text) }
            }
            return texts
        }
        guard try await !text(recognition.offline).isEmpty else {
            throw CommandError(.software, "nothing was heard in the spoken clip")
        }
    }

    /// The whole reply, and the milliseconds to its first sample.
    private func speak(
        _ synthesis: SpeechCatalog.Synthesis,
        seed: UInt64
    ) async throws -> (first: Double, samples: [Float]) {
        let start = ContinuousClock.now
        var (first, samples) = (0.0, [Float]())
        let reply = Narration(model: synthesis.synthesizer, text: Self.text, manner: Utterance("", seed: seed))
        for try await event in reply {
            guard case .audio(let chunk) = event else { continue }
            if samples.isEmpty { first = (.now - start) / .milliseconds(1) }
            samples += chunk.samples
        }
        return (first, samples)
    }
}
