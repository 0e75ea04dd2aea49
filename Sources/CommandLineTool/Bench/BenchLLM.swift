import ArgumentParser
import RKVoice

/// `rkvoice bench llm`
struct BenchLLM: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "llm",
        abstract: "A decoder by the bare call of RKLLM, and as a generation of rkvoice: milliseconds for each token.",
        discussion: """
            Takes the directory of a bundle that has a decoder for RKLLM. An answer goes on to its end, or until the \
            context is full. With --simulate every step takes --latency milliseconds at least.

            Examples:
              rkvoice bench llm ./my-decoder
              rkvoice bench llm ./my-decoder --simulate rk3588 --latency 5
            """
    )

    @Argument(help: "A directory with a bundle.json.", completion: .directory)
    var bundle: String

    @Option(help: "The placement to take (default: the first that can be taken).")
    var placement: String?

    @Option(help: "Tokens of the prompt.")
    var prompt = 16

    @Option(help: "Least milliseconds of a simulated step.")
    var latency = 5.0

    @Option(help: "Alternating runs.")
    var runs = 20

    @Flag(help: "Print the figures as JSON.")
    var json = false

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard runs > 0, runs <= 100_000 else { throw ValidationError("--runs is 1 to 100000") }
        guard prompt > 0, prompt <= 1 << 20 else { throw ValidationError("--prompt is 1 to \(1 << 20)") }
    }

    func run() async throws {
        try await common.run { console in
            var plan = LanguageModelBench.Plan(directory: bundle)
            plan.placement = placement
            (plan.promptTokens, plan.latency, plan.runs) = (prompt, latency, runs)
            let found = try await LanguageModelBench(plan, console.loader(common.settings()))
            let report = Self.report(found, subject: bundle)
            if json { try console.printJSON(report) } else { try report.print(to: console) }
        }
    }

    private static func report(_ found: LanguageModelBench, subject: String) -> BenchReport {
        let bare = Samples(found.bare)
        let generation = Samples(found.generation)
        return BenchReport(
            subject: "llm \(subject) on \(found.library), \(found.tokens) tokens an answer",
            runs: found.bare.count,
            threads: 1,
            rows: [
                BenchRow(name: "bare call, each token", milliseconds: bare, ratio: 1),
                BenchRow(
                    name: "rkvoice, each token",
                    milliseconds: generation,
                    ratio: generation.median / bare.median
                ),
            ],
            peakMemory: peakMemory()
        )
    }
}
