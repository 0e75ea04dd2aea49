import Foundation
import Inference
import Runtimes
import SpeechTesting
import Testing

/// Random starts, aborts, cancellations and clearings over many handles at once. Each generation's tokens are those that
/// it gives alone, and in the end everything is given back.
@Suite(.enabled(if: SimulatedDecoder.isBuilt, SimulatedDecoder.skipReason)) struct RKLLMStormTests {
    private static let ends: Set<Int32> = [13, 21, 12]

    private enum Ending: CaseIterable { case whole, dropped, cancelled }

    /// Asks for so many tokens and then goes away; nil takes all.
    private func some(
        _ count: Int?,
        _ model: any LanguageModel,
        _ prompt: Prompt
    ) async throws -> [Int32] {
        var tokens: [Int32] = []
        for try await token in model.generation(after: prompt, sampling: .greedy) {
            tokens.append(token.id)
            if tokens.count == count { break }
        }
        return tokens
    }

    /// One sequence without history: what it gives is how the answer alone begins.
    private func sequence(
        _ random: inout SplitMix64,
        _ model: any LanguageModel,
        _ alone: [[Int32]: [Int32]]
    ) async throws {
        let prompt = alone.keys.sorted { $0.lexicographicallyPrecedes($1) }.randomElement(using: &random) ?? []
        let expected = alone[prompt] ?? []
        let count = Int.random(in: 1...6, using: &random)
        switch Ending.allCases.randomElement(using: &random) {
        case .dropped:
            let tokens = try await some(count, model, .tokens(prompt))
            #expect(tokens == Array(expected.prefix(count)))
        case .cancelled:
            let task = Task { try await some(nil, model, .tokens(prompt)) }
            for _ in 0..<count * 8 { await Task.yield() }
            task.cancel()
            do {
                let tokens = try await task.value
                #expect(tokens == expected)
            } catch let error as InferenceError { #expect(error.code == .cancelled, "\(error)") }
        default:
            let tokens = try await some(nil, model, .tokens(prompt))
            #expect(tokens == expected)
        }
    }

    /// One step of a conversation, the same on the CPU: both remember the same.
    private func turn(_ random: inout SplitMix64, _ npu: any LanguageModel, _ cpu: any LanguageModel) async throws {
        let words = (0..<Int.random(in: 1...4, using: &random)).map { _ in Int32.random(in: 0..<40, using: &random) }
        let prompt = Prompt(.tokens(words), keepsHistory: true)
        let expected: [Int32]
        do { expected = try await some(nil, cpu, prompt) } catch let error as InferenceError {
            // The context is full: both forget.
            #expect(error.code == .invalidTensor)
            let other = await #expect(throws: InferenceError.self) { _ = try await some(nil, npu, prompt) }
            #expect(other?.code == .invalidTensor)
            return try await forget(npu, cpu)
        }
        let isDropped = Int.random(in: 0..<4, using: &random) == 0
        let count = isDropped ? Int.random(in: 1...3, using: &random) : nil
        let tokens = try await some(count, npu, prompt)
        #expect(tokens == Array(expected.prefix(count ?? expected.count)))
        // What is computed ahead of who dropped it stays in the device's cache alone.
        let isCut = isDropped && expected.count >= count ?? 0
        if isCut || Int.random(in: 0..<4, using: &random) == 0 { try await forget(npu, cpu) }
    }

    private func forget(_ npu: any LanguageModel, _ cpu: any LanguageModel) async throws {
        try await npu.clearHistory()
        try await cpu.clearHistory()
    }

    @Test(arguments: [("1.1.4", 200), ("1.2.0", 200), ("1.2.3", 300), ("1.3.0", 300)])
    func aThousandSequencesLeaveNothingAndMixNothing(release: String, count: Int) async throws {
        let simulator = try await SimulatedDecoder(release)
        let start = ContinuousClock.now
        let cpu = try await TinyDecoder.rows.onnx(ends: Self.ends)
        var alone: [[Int32]: [Int32]] = [:]
        for prompt in [[1, 2, 3], [7], [39, 0, 12, 5, 5], [20], [4, 4], [11, 30, 2]] as [[Int32]] {
            alone[prompt] = try await some(nil, cpu, .tokens(prompt))
        }
        do {
            let shared = [
                try await simulator.load(.rows, ends: Self.ends), try await simulator.load(.tokens, ends: Self.ends),
            ]
            try await withThrowingTaskGroup(of: Void.self) { group in
                for lane in 0..<8 {
                    let (alone, hasHistory) = (alone, lane >= 6 && !release.hasPrefix("1.1."))
                    group.addTask {
                        var random = SplitMix64(seed: UInt64(lane))
                        guard hasHistory else {
                            for _ in 0..<count / 8 { try await sequence(&random, shared[lane % 2], alone) }
                            return
                        }
                        let own = try await simulator.load(.rows, ends: Self.ends)
                        let reference = try await TinyDecoder.rows.onnx(ends: Self.ends)
                        for _ in 0..<count / 8 { try await turn(&random, own, reference) }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try simulator.count("runs_refused") == 0)
            #expect(try simulator.count("running_max") == 1)
            #expect(try simulator.count("runs_aborted") > 0)
        }
        try await simulator.expectNothingLeft()
        let took = (ContinuousClock.now - start) / .seconds(1)
        let (runs, tokens) = (try simulator.count("runs"), try simulator.count("tokens"))
        print("\(release), simulated: \(count) sequences, \(runs) runs, \(tokens) tokens in \(took) s")
    }
}
