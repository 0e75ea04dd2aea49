import Foundation
import Inference
import Testing

/// Against a plain version of the same steps in numpy.
@Suite struct LanguageModelSamplingTests {
    private func logits(_ step: Int) -> Tensor {
        Tensor(shape: [50], (0..<50).map { Float(sin(Double($0) * 0.37 + Double(step) * 0.9) * 4) })
    }

    private func sampling(
        _ temperature: Float,
        _ topK: Int,
        _ topP: Float,
        _ penalty: Float,
        _ seed: UInt64
    ) -> Sampling {
        var sampling = Sampling()
        (sampling.temperature, sampling.topK, sampling.topP) = (temperature, topK, topP)
        (sampling.repeatPenalty, sampling.seed) = (penalty, seed)
        return sampling
    }

    private func tokens(_ sampling: Sampling) throws -> [Int32] {
        var sampler = TokenSampler(sampling)
        return try (0..<16).map { try sampler.next(logits($0)) }
    }

    @Test func everySettingGivesTheTokensOfTheReference() throws {
        let golden: [(Sampling, [Int32])] = [
            (sampling(0, 0, 1, 1, 0), [38, 2, 33, 14, 45, 43, 7, 38, 2, 33, 14, 45, 26, 7, 38, 2]),
            (sampling(0, 0, 1, 1.15, 0), [38, 2, 33, 14, 45, 43, 7, 21, 19, 16, 31, 28, 26, 24, 4, 36]),
            (sampling(1, 0, 1, 1, 42), [6, 19, 0, 47, 45, 24, 41, 40, 35, 15, 48, 46, 25, 6, 3, 36]),
            (sampling(0.7, 5, 1, 1, 42), [5, 2, 16, 31, 45, 27, 24, 5, 19, 0, 14, 11, 9, 41, 5, 2]),
            (sampling(0.7, 0, 0.8, 1, 42), [39, 19, 16, 48, 45, 25, 24, 37, 36, 34, 31, 12, 10, 23, 39, 19]),
            (sampling(1.3, 20, 0.9, 1.2, 7), [22, 2, 48, 32, 29, 9, 6, 5, 36, 34, 14, 26, 45, 5, 19, 2]),
            (sampling(2, 3, 0.5, 1.5, 1), [21, 19, 16, 14, 45, 26, 24, 4, 2, 0, 31, 11, 43, 41, 38, 36]),
        ]
        for (sampling, expected) in golden { #expect(try tokens(sampling) == expected, "\(sampling)") }
    }

    @Test func oneOfOneIsGreedyAtAnyTemperature() throws {
        #expect(try tokens(sampling(5, 1, 1, 1, 9)) == tokens(.greedy))
    }

    @Test func thePromptCountsForThePenalty() throws {
        var sampler = TokenSampler(sampling(0, 0, 1, 2, 0), after: [38])
        #expect(try sampler.next(logits(0)) != 38)
    }

    @Test func randomNumbersAreThoseOfTheAlgorithm() {
        var random = SplitMix64(seed: 0)
        #expect(random.next() == 0xE220_A839_7B1D_CDAF)
        #expect(random.next() == 0x6E78_9E6A_A1B9_65F4)
    }

    @Test func logitsThatOverflowedAreNoToken() {
        var sampler = TokenSampler(.greedy)
        let nothing = Tensor(shape: [3], [Float.nan, .nan, -.infinity])
        let error = #expect(throws: InferenceError.self) { try sampler.next(nothing) }
        #expect(error?.description.contains("overflowed") == true)
    }

    @Test func valuesOutsideTheirRangeAreNamed() {
        for (sampling, name) in [
            (sampling(-1, 0, 1, 1, 0), "temperature"), (sampling(.nan, 0, 1, 1, 0), "temperature"),
            (sampling(1, -1, 1, 1, 0), "topK"), (sampling(1, 0, 0, 1, 0), "topP"),
            (sampling(1, 0, 1, 0, 0), "repeatPenalty"),
        ] {
            let error = #expect(throws: InferenceError.self) { try sampling.check() }
            #expect(error?.message.hasPrefix(name) == true, "\(sampling)")
        }
    }
}
