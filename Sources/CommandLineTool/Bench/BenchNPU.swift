import ArgumentParser
import Foundation
import Inference
import RKVoice

/// `rkvoice bench npu`
struct BenchNPU: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "npu",
        abstract: "One compiled file by bare calls of the NPU's library, and as a graph of rkvoice.",
        discussion: """
            On a board it takes an .rknn file; with --simulate also an ONNX file and the shapes of its inputs, and every \
            run then takes --latency milliseconds at least.

            Examples:
              rkvoice bench npu decoder.rk3588.rknn
              rkvoice bench npu front.onnx --shape features=1,8,12 --simulate rk3588 --latency 5
              rkvoice bench npu front.onnx --shape features=1,8,12 --simulate rk3588 --live 20 --background 80
            """
    )

    @Argument(help: "An .rknn file, or an ONNX file with --simulate.", completion: .file())
    var file: String

    @Option(help: "Shape of an input of the ONNX file: NAME=1,8,12.")
    var shape: [String] = []

    @Option(help: "Least milliseconds of a simulated run.")
    var latency = 5.0

    @Option(help: "Alternating runs.")
    var runs = 200

    @Option(help: "Live requests at a time, whose first results are timed alone and beside background ones.")
    var live = 0

    @Option(help: "Background requests beside them.")
    var background = 80

    @Flag(help: "Print the figures as JSON.")
    var json = false

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard runs > 0, runs <= 100_000 else { throw ValidationError("--runs is 1 to 100000") }
        guard (0...1000).contains(live), (0...1000).contains(background) else {
            throw ValidationError("--live and --background are 0 to 1000")
        }
        _ = try shapes()
    }

    func run() async throws {
        try await common.run { console in
            var plan = NPUBench.Plan(file: file)
            plan.shapes = try shapes()
            plan.runs = runs
            (plan.live, plan.background, plan.latency) = (live, background, latency)
            let found = try await NPUBench(plan, console.loader(common.settings()))
            let report = Self.report(found, subject: file)
            if json { try console.printJSON(report) } else { try report.print(to: console) }
        }
    }

    private func shapes() throws -> [String: [Int]] {
        var shapes: [String: [Int]] = [:]
        for text in shape {
            let sides = text.split(separator: "=", maxSplits: 1)
            let axes = sides.last?.split(separator: ",").map { Int($0) } ?? []
            guard sides.count == 2, !axes.isEmpty, axes.allSatisfy({ $0.map { $0 > 0 } == true }) else {
                throw ValidationError("--shape takes NAME=1,8,12, not \"\(text)\"")
            }
            shapes[String(sides[0])] = axes.compactMap { $0 }
        }
        return shapes
    }

    private static func report(_ found: NPUBench, subject: String) -> BenchReport {
        let bare = Samples(found.bare)
        let layers = [
            ("bare calls", bare), ("bare calls, awaited by a task", Samples(found.awaited)),
            ("rkvoice, as a graph", Samples(found.graph)),
        ]
        var rows = layers.map { BenchRow(name: $0, milliseconds: $1, ratio: $1.median / bare.median) }
        if !found.liveAlone.isEmpty {
            let (alone, beside) = (Samples(found.liveAlone), Samples(found.liveBeside))
            let ratio = beside.percentile(95) / alone.percentile(95)
            rows.append(BenchRow(name: "live, first result, alone", milliseconds: alone, ratio: 1))
            rows.append(BenchRow(name: "beside background (ratio of p95)", milliseconds: beside, ratio: ratio))
        }
        return BenchReport(
            subject: "npu \(subject) on \(found.library)",
            runs: found.bare.count,
            threads: 1,
            rows: rows,
            peakMemory: peakMemory()
        )
    }
}
