import Inference
import Runtimes
import SpeechTesting
import Testing

/// The same decoder through every release of RKLLM, simulated, and through ONNX Runtime: the same answers.
@Suite(.enabled(if: SimulatedDecoder.isBuilt, SimulatedDecoder.skipReason)) struct RKLLMLanguageModelTests {
    private static let withHistory = SimulatedDecoder.releases.filter { !$0.hasPrefix("1.1.") }

    @Test(arguments: SimulatedDecoder.releases)
    func tokensEmbeddingsAndTextGiveTheAnswersOfONNX(release: String) async throws {
        let simulator = try await SimulatedDecoder(release)
        do {
            for decoder in TinyDecoder.allCases {
                let (npu, cpu) = (try await simulator.load(decoder), try await decoder.onnx())
                for (prompt, golden) in TinyDecoder.golden {
                    let expected = try await told(cpu, .tokens(prompt))
                    #expect(expected.ids == golden)
                    #expect(try await told(npu, .tokens(prompt)) == expected)
                    #expect(try await told(npu, .text(TinyWords().text(of: prompt))) == expected)
                    guard decoder == .rows else { continue }
                    let rows = try await TinyDecoder.embeddings(of: prompt)
                    #expect(try await told(npu, .embeddings(rows)) == expected)
                    #expect(try await told(cpu, .embeddings(rows)) == expected)
                }
            }
        }
        try await simulator.expectNothingLeft()
    }

    @Test(arguments: SimulatedDecoder.releases, ["wait", "split", "raw"])
    func charactersComeWholeHoweverTheyAreCut(release: String, cut: String) async throws {
        let simulator = try await SimulatedDecoder(release)
        try simulator.library.configure("utf8", cut)
        let model = try await simulator.load(.tokens)
        let first = try await answer(model, .tokens([1, 2, 3]), 3)
        #expect(
            first.map(\.text) == ["", "\u{FFFD}", "你"] || cut == "wait" && first.map(\.text).joined() == "\u{FFFD}你"
        )
        let second = try await answer(model, .tokens([7])).map(\.text).joined()
        #expect(second == "😀VRVé" + String(repeating: "\u{FFFD}", count: 8) + "RV")
    }

    @Test(arguments: SimulatedDecoder.releases)
    func theSameSeedDrawsTheSameTokensAsONNX(release: String) async throws {
        let simulator = try await SimulatedDecoder(release)
        let cpu = try await TinyDecoder.tokens.onnx()
        var seen: Set<[Int32]> = []
        for seed in 1...4 {
            var sampling = Sampling()
            (sampling.temperature, sampling.topK, sampling.topP) = (1.4, seed == 4 ? 0 : 12, 0.95)
            (sampling.repeatPenalty, sampling.seed) = (1.15, UInt64(seed))
            var options = DecoderOptions()
            options.sampling = sampling
            try simulator.library.configure("seed", "\(seed)")
            let npu = try await simulator.load(.tokens, options: options)
            let expected = try await told(cpu, .tokens([5, 9]), 12, sampling)
            #expect(try await told(npu, .tokens([5, 9]), 12, sampling) == expected)
            seen.insert(expected.ids)
        }
        #expect(seen.count > 1, "the seed matters")
    }

    @Test(arguments: SimulatedDecoder.releases)
    func aSamplingThatTheReleaseCannotChangeIsRefused(release: String) async throws {
        let simulator = try await SimulatedDecoder(release)
        let model = try await simulator.load(.tokens)
        var sampling = Sampling()
        sampling.temperature = 1
        guard release != "1.3.0" else {
            _ = try await answer(model, .tokens([1]), 2, sampling)
            return
        }
        let error = await #expect(throws: InferenceError.self) {
            _ = try await answer(model, .tokens([1]), 2, sampling)
        }
        #expect(error?.message.contains("when a model is loaded") == true)
        #expect(error?.message.contains(release) == true)
    }

    @Test(arguments: withHistory) func historyGoesOnAsWithONNX(release: String) async throws {
        let simulator = try await SimulatedDecoder(release)
        // They end answers before a limit does, so that all of an answer is in both caches.
        let ends: Set<Int32> = [13, 21, 12]
        let (npu, cpu) = (
            try await simulator.load(.rows, ends: ends), try await TinyDecoder.rows.onnx(ends: ends)
        )
        for _ in 0..<2 {
            for prompt in [[1, 2, 3], [9, 8], [4], [30, 31, 32]] as [[Int32]] {
                let kept = Prompt(.tokens(prompt), keepsHistory: true)
                #expect(try await answer(npu, kept, nil).map(\.id) == answer(cpu, kept, nil).map(\.id))
            }
            try await npu.clearHistory()
            try await cpu.clearHistory()
        }
        // Without history nothing of it is left.
        let kept = Prompt(.tokens([1, 2, 3]), keepsHistory: true)
        _ = try await answer(npu, kept, nil)
        #expect(try await told(npu, .tokens([9, 8]), nil) == told(cpu, .tokens([9, 8]), nil))
    }

    @Test func historyIsRefusedWhereTheReleaseHasNone() async throws {
        let model = try await SimulatedDecoder("1.1.4").load(.tokens)
        let error = await #expect(throws: InferenceError.self) {
            _ = try await answer(model, Prompt(.tokens([1]), keepsHistory: true))
        }
        #expect(error?.code == .badModel)
        #expect(error?.message.contains("1.1.4 (simulated) keeps no history") == true)
        try await model.clearHistory()
    }

    @Test(arguments: SimulatedDecoder.releases)
    func hiddenStatesAndLogitsAreThoseOfONNX(release: String) async throws {
        let simulator = try await SimulatedDecoder(release)
        let (npu, cpu) = (try await simulator.load(.rows), try await TinyDecoder.rows.onnx())
        let rows = try await TinyDecoder.embeddings(of: [1, 2, 3])
        let hidden = try await npu.states(.hidden, of: .embeddings(rows))
        #expect(hidden.shape == [3, 16])
        #expect(try difference(hidden, await cpu.states(.hidden, of: .embeddings(rows))) < 1e-5)
        guard !release.hasPrefix("1.1.") else {
            let error = await #expect(throws: InferenceError.self) {
                _ = try await npu.states(.logits, of: .embeddings(rows))
            }
            #expect(error?.message.contains("gives no logits") == true)
            return
        }
        let logits = try await npu.states(.logits, of: .tokens([1, 2, 3]))
        #expect(logits.shape == [3, 40])
        #expect(try difference(logits, await cpu.states(.logits, of: .tokens([1, 2, 3]))) < 1e-4)
        // Such a run leaves nothing behind.
        #expect(try await answer(npu, .tokens([7])).map(\.id) == TinyDecoder.golden[1].answer)
    }

    @Test(arguments: SimulatedDecoder.releases)
    func aPromptCacheStandsInFrontOfTheNextPrompt(release: String) async throws {
        let simulator = try await SimulatedDecoder(release)
        let (npu, cpu) = (try await simulator.load(.tokens), try await TinyDecoder.tokens.onnx())
        let file = simulator.directory + "/prompt.cache"
        _ = try await answer(npu, Prompt(.tokens([1, 2, 3]), savesCache: file), 2)
        #expect(try simulator.count("caches_saved") == 1)
        let other = try await simulator.load(.tokens)
        try await other.loadPromptCache(from: file)
        let rest = Prompt(.tokens([9, 8]), keepsHistory: !release.hasPrefix("1.1."))
        let whole = try await told(cpu, .tokens([1, 2, 3, 9, 8]))
        #expect(try await told(other, rest) == whole)
        let missing = await #expect(throws: InferenceError.self) {
            try await other.loadPromptCache(from: file + ".no")
        }
        #expect(missing?.code == .missingFile)
        let damaged = await #expect(throws: InferenceError.self) {
            try await other.loadPromptCache(from: TinyDecoder.tokens.graphPath)
        }
        #expect(damaged?.code == .badModel)
        #expect(try await answer(other, .tokens([7])).map(\.id) == TinyDecoder.golden[1].answer)
    }

    @Test(arguments: SimulatedDecoder.releases)
    func endsLimitsAndAFullContextAreToldAsWithONNX(release: String) async throws {
        let simulator = try await SimulatedDecoder(release)
        let (npu, cpu) = (try await simulator.load(.tokens, ends: [23]), try await TinyDecoder.tokens.onnx(ends: [23]))
        #expect(try await answer(npu, .tokens([1, 2, 3]), nil).map(\.id) == [24, 24])
        var sampling = Sampling.greedy
        sampling.stopTokens = [17]
        for prompt in [[7], [Int32](repeating: 3, count: 60)] {
            let expected = try await answer(cpu, .tokens(prompt), nil, sampling)
            let found = try await answer(npu, .tokens(prompt), nil, sampling)
            // The text can end within a character, of which a library that waits for it tells nothing.
            #expect(found.map(\.id) == expected.map(\.id) && found.last?.cut == expected.last?.cut)
        }
        #expect(try await answer(npu, .tokens([Int32](repeating: 3, count: 60)), nil).last?.cut == .context)
        let error = await #expect(throws: InferenceError.self) {
            _ = try await answer(npu, .tokens([Int32](repeating: 3, count: 64)))
        }
        #expect(error?.code == .invalidTensor)
        #expect(error?.message.contains("64 positions") == true)
    }

    @Test(arguments: SimulatedDecoder.releases) func whatTheLibraryIsToldArrives(release: String) async throws {
        let simulator = try await SimulatedDecoder(release)
        var options = DecoderOptions()
        (options.baseDomain, options.cpuMask, options.embedsFromFlash, options.batch) = (2, 0b1111_0000, true, 3)
        let model = try await simulator.load(.tokens, options: options)
        _ = try await answer(model, .tokens([7]), 2)
        #expect(try simulator.count("base_domain") == 2)
        guard !release.hasPrefix("1.1.") else { return }
        #expect(try simulator.count("cpu_mask") == 0b1111_0000)
        #expect(try simulator.count("cpu_count") == 4)
        #expect(try simulator.count("embeds_from_flash") == 1)
        if release != "1.2.0" { #expect(try simulator.count("batch") == 3) }
    }
}
