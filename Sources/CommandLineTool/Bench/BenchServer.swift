import ArgumentParser
import RKVoice

struct BenchServer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "server",
        abstract: "First sound, recognition and voice to voice over the network, under load.",
        discussion: """
            Measures a server that runs (--url), or one that it starts in this process; there the models themselves \
            take turns with it, and a ratio says what the server adds.

            first PCM: from the request to the first sample of sound (a header is none).
            first partial: from the first voiced sample sent to the first text; finalize: from the last sample sent to \
            the final text. Clips are sent at the pace of real time.
            voice to voice: from the last voiced sample sent to the first sample of the answer, with the pause that \
            ends the utterance (--vad-silence) in it.

            Without options it takes at most 3 minutes on two cores, loading included: after --limit seconds nothing \
            more is begun but what has no value yet, and that for an eighth of it at most. The figures say how many values they are of; more need a longer --limit.

            Examples:
              rkvoice bench server
              rkvoice bench server --url http://board:8621 --concurrency 1 --concurrency 8
              SERVICE_KEY=... rkvoice bench server --url http://board:8621 --json
              rkvoice bench server --runs 40 --limit 900 --set testset/
            """
    )

    @OptionGroup var target: ServerOptions

    @Option(parsing: .singleValue, help: "Clients at a time; repeatable (default: 1, 2, 4).")
    var concurrency: [Int] = []

    @Option(help: "Runs of each measurement, time permitting.")
    var runs = 20

    @Option(help: "Seconds of measuring.")
    var limit = 150

    @Option(help: ArgumentHelp("Pause that ends an utterance of a dialogue.", valueName: "ms"))
    var vadSilence = 500

    @Option(
        help: ArgumentHelp("Folder with manifest.json and recordings to say, in place of its voice.", valueName: "dir")
    )
    var set: String?

    @Flag(help: "Print the figures as JSON.")
    var json = false

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard runs > 0 else { throw ValidationError("--runs is at least 1") }
        guard (5...86_400).contains(limit) else {
            throw ValidationError("--limit is a number of seconds from 5 to 86400")
        }
        guard concurrency.allSatisfy((1...64).contains) else {
            throw ValidationError("--concurrency is a number from 1 to 64")
        }
        guard (100...10_000).contains(vadSilence) else {
            throw ValidationError("--vad-silence is a number of milliseconds from 100 to 10000")
        }
        guard target.url == nil || !common.concernsModels else {
            throw ValidationError(
                "--threads, --placement and the like are for a server that is started here, not --url"
            )
        }
    }

    func run() async throws {
        try await common.run { console in
            let address = try target.address
            let report =
                if let address {
                    try await measure(ServerClient(address: address, key: try target.key), nil, console)
                } else {
                    try await started(console)
                }
            if json { try console.printJSON(report) } else { try LoadTable(report: report).print(to: console) }
        }
    }

    private func started(_ console: Console) async throws -> LoadReport {
        let settings = try common.settings()
        let loader = console.loader(settings)
        let server = try await StartedServer(loader, settings)
        console.placements(of: loader.accelerator)
        let models = DirectRuns(recognizers: server.recognition, voice: server.synthesis, silence: vadSilence)
        var report = try await server.run { port in
            try await measure(ServerClient(address: ServerAddress(port: port), key: nil), models, console)
        }
        report.method.threads = settings.threads
        return report
    }

    private func measure(_ client: ServerClient, _ models: DirectRuns?, _ console: Console) async throws -> LoadReport {
        do { return try await figures(client, models, console) } catch let fault as ServerFault {
            throw fault.commandError
        }
    }

    private func figures(_ client: ServerClient, _ models: DirectRuns?, _ console: Console) async throws -> LoadReport {
        let start = ContinuousClock.now
        let server = try await ServerProfile(client, isStartedHere: models != nil)
        let clips = try await LoadClips(client, server, set: set)
        let served = ServedRuns(client: client, silence: vadSilence)
        let plan = LoadPlan(server: server, served: served, direct: models, files: clips.files, clips: clips.spoken)
        let measures = plan.measures
        guard !measures.isEmpty else { throw CommandError(.unavailable, clips.leftOut.joined(separator: "; ")) }
        // In order, each once.
        let levels = (concurrency.isEmpty ? [1, 2, 4] : concurrency).reduce(into: Set()) { $0.insert($1) }.sorted()
        let bar = console.isQuiet ? nil : ProgressBar(noColor: console.noColor)
        let limit = Duration.seconds(limit)
        let load = LoadRun(measures: measures, levels: levels, runs: runs, limit: limit, bar: bar)
        let tallies = try await load.run()
        let method = LoadReport.Method(
            runs: runs,
            endpointSilenceMilliseconds: vadSilence,
            seconds: (.now - start) / .seconds(1),
            limitSeconds: self.limit,
            clips: clips.all.map { .init(text: $0.text, seconds: $0.sound.seconds) }
        )
        let found = zip(levels, tallies).map { LoadLevel(clients: $0, $1) }
        return LoadReport(server: server, method: method, levels: found, leftOut: clips.leftOut)
    }
}
