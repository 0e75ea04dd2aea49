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
            """
    )

    @Argument(help: "An .rknn file, or an ONNX file with --simulate.", completion: .file())
    var file: String

    @Option(help: "Shape of an input of the ONNX file: NAME=1,8,12.")
    var shape: [String] = []

    @Option(help: "Runs on a simulated rk3588 or rk3576.")
    var simulate: String?

    @Option(help: "The board, where it is not simulated.")
    var board = "rk3588"

    @Option(help: "Least milliseconds of a simulated run.")
    var latency = 5.0

    @Option(help: "Alternating runs.")
    var runs = 200

    @Flag(help: "Print the figures as JSON.")
    var json = false

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard runs > 0, runs <= 100_000 else { throw ValidationError("--runs is 1 to 100000") }
        _ = try shapes()
    }

    func run() async throws {
        try await common.run { console in
            var plan = NPUBench.Plan(file: file, board: try Board.named(simulate ?? board))
            plan.shapes = try shapes()
            plan.runs = runs
            if simulate != nil {
                let simulator = try await console.loader(common.settings()).simulator(for: plan.board)
                plan.library = simulator.path
                plan.switches = simulator.switches.merging(["latency_ms": String(latency)]) { $1 }
            }
            let found = try await NPUBench(plan)
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
        func samples(_ values: [Double]) -> Samples {
            var samples = Samples()
            for value in values { samples.append(value) }
            return samples
        }
        let bare = samples(found.bare).median
        let rows = [
            ("bare calls", found.bare), ("bare calls, awaited by a task", found.awaited),
            ("rkvoice, as a graph", found.graph),
        ]
        return BenchReport(
            subject: "npu \(subject) on \(found.library)",
            runs: found.bare.count,
            threads: 1,
            rows: rows.map { BenchRow(name: $0, milliseconds: samples($1), ratio: samples($1).median / bare) },
            peakMemory: peakMemory()
        )
    }
}
