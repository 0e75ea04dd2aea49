import ArgumentParser
import Foundation

struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure speed, memory and accuracy on this machine.",
        discussion: """
            Ours and the bare graph on ONNX Runtime take turns in one run, so that a busy machine slows both; read the
            ratios, not the milliseconds.

            Examples:
              rkvoice bench tts
              rkvoice bench asr --runs 9 --threads 2 --json
              rkvoice bench asr --set testset/ --model whisper-base --model whisper-tiny.en
              rkvoice bench asr --peers --set testset/ --threads 2
              rkvoice bench tts --peers
              rkvoice bench vad
              rkvoice bench stream --set testset/ --pace fast
              rkvoice bench server --url http://board:8621
              rkvoice bench frontend talk.wav
              rkvoice bench npu front.onnx --shape features=1,8,12 --simulate rk3588
              rkvoice bench llm ./my-decoder --simulate rk3588
            """,
        subcommands: [
            BenchTTS.self, BenchASR.self, BenchStream.self, BenchServer.self, BenchVAD.self, BenchFrontEnd.self,
            BenchNPU.self, BenchLLM.self, BenchWorker.self,
        ]
    )
}

/// Numbers taken several times.
struct Samples: Encodable {
    private(set) var values: [Double] = []

    init(_ values: [Double] = []) { self.values = values }

    mutating func append(_ value: Double) { values.append(value) }

    /// The value that so many in a hundred do not exceed; nearest rank.
    func percentile(_ percent: Double) -> Double {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return 0 }
        return sorted[min(sorted.count - 1, max(0, Int((percent / 100 * Double(sorted.count)).rounded(.up)) - 1))]
    }

    var median: Double {
        guard !values.isEmpty else { return 0 }
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    }

    var smallest: Double { values.min() ?? 0 }

    enum CodingKeys: String, CodingKey { case median, smallest, values }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(median, forKey: .median)
        try container.encode(smallest, forKey: .smallest)
        try container.encode(values, forKey: .values)
    }
}

/// One line of a table of measurements.
struct BenchRow: Encodable {
    var name: String
    var milliseconds: Samples
    /// Median over that of the bare graph; 1 for the bare graph itself.
    var ratio: Double
}

/// What a benchmark found.
struct BenchReport: Encodable {
    var subject: String
    var runs: Int
    var threads: Int
    var rows: [BenchRow]
    /// Most memory held by this process so far, in bytes.
    var peakMemory: Int

    func print(to console: Console) throws {
        try console.print(
            "\(subject); \(runs) alternating runs, \(threads) thread(s), peak memory \(peakMemory >> 20) MB"
        )
        for row in rows {
            let name = row.name.padding(toLength: 34, withPad: " ", startingAt: 0)
            let median = decimal(row.milliseconds.median, places: 1)
            let smallest = decimal(row.milliseconds.smallest, places: 1)
            try console.print(
                "  \(name) median \(median) ms, fastest \(smallest) ms, ratio \(decimal(row.ratio, places: 3))"
            )
        }
    }
}

/// Wall-clock milliseconds of a piece of work.
func timed<R>(_ body: () async throws -> R) async rethrows -> (R, Double) {
    let start = ContinuousClock.now
    let result = try await body()
    return (result, (.now - start) / .milliseconds(1))
}
