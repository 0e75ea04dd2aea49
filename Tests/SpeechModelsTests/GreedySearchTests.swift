import SpeechModels
import Testing

@Suite struct GreedySearchTests {
    private func best(_ logits: [Float], without suppressed: [Int]) -> Int {
        GreedySearch(count: logits.count, suppressed: suppressed).best(logits)
    }

    @Test func takesTheFirstOfTheHighest() {
        #expect(best([1, 5, 3, 5], without: []) == 1)
    }

    @Test func passesOverWhatIsSuppressed() {
        #expect(best([1, 5, 3, 4], without: [1]) == 3)
        #expect(best([9, 5, 3, 4], without: [0, 1, 3]) == 2)
        #expect(best([1, 5, 3, 9], without: [3, 3, 400, -1]) == 1)
    }

    @Test(
        arguments: [
            ([1, 2, 3], nil), ([7, 7, 7, 7, 7], nil), ([5, 7, 7, 7, 7, 7, 7], 2),
            ([1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2], 2), ([9, 1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3], nil),
        ] as [([Int], Int?)]
    ) func noticesARepeatedTail(tokens: [Int], start: Int?) {
        #expect(Repetition.start(in: tokens) == start)
    }
}
