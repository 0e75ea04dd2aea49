import Inference
import SpeechModels
import Testing

@Suite struct CTCGreedyTests {
    @Test func bothLayoutsGiveTheSame() throws {
        for seed in 0..<100 {
            var numbers = SeededNumbers(seed)
            let (frames, vocabulary) = (Int.random(in: 1...40, using: &numbers), 7)
            let rows = (0..<frames * vocabulary).map { _ in Float.random(in: -3...3, using: &numbers) }
            let columns = (0..<vocabulary).flatMap { token in (0..<frames).map { rows[$0 * vocabulary + token] } }
            guard frames != vocabulary else { continue }
            let search = CTCGreedy(vocabulary: vocabulary, blank: 0)
            let emissions = try search.emissions(Tensor(shape: [1, frames, vocabulary], rows))
            #expect(try search.emissions(Tensor(shape: [1, vocabulary, frames], columns)) == emissions)
            // Each run of one token once, blanks not at all.
            var tokens: [Int] = []
            var last = 0
            for frame in 0..<frames {
                let row = rows[frame * vocabulary..<(frame + 1) * vocabulary]
                let best = (0..<vocabulary).max { row[row.startIndex + $0] < row[row.startIndex + $1] } ?? 0
                if best != last, best != 0 { tokens.append(best) }
                last = best
            }
            #expect(emissions.map(\.token) == tokens, "\(seed)")
        }
    }

    @Test func anotherShapeIsRefused() {
        let search = CTCGreedy(vocabulary: 7, blank: 0)
        for shape in [[1, 5, 8], [2, 5, 7], [5, 7]] {
            let logits = Tensor(shape: shape, [Float](repeating: 0, count: shape.reduce(1, *)))
            #expect(throws: InferenceError.self) { try search.emissions(logits) }
        }
    }
}
