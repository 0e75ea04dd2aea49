import SpeechModels
import Testing

@Suite struct IntegrateAndFireTests {
    /// The weights of each row in each embedding, found in double precision without the running sums.
    private func expected(_ rows: [[Double]], _ weights: [Double]) -> [[Double]] {
        let ends = weights.reduce(into: [0.0]) { $0.append($0[$0.count - 1] + $1) }
        return (0..<Int(ends[ends.count - 1] + 1e-6)).map { number in
            let (from, to) = (Double(number), Double(number) + 1)
            return rows[0].indices.map { column in
                rows.indices.reduce(0) { sum, row in
                    sum + max(0, min(to, ends[row + 1]) - max(from, ends[row])) * rows[row][column]
                }
            }
        }
    }

    @Test func embeddingsAreWhatTheWeightsSay() {
        for seed in 0..<200 {
            var numbers = SeededNumbers(seed)
            let count = Int.random(in: 1...60, using: &numbers)
            let rows = (0..<count).map { _ in (0..<3).map { _ in Double.random(in: -1...1, using: &numbers) } }
            let weights = (0..<count).map { _ in Double.random(in: 0...0.99, using: &numbers) }
            let values = rows.joined().map(Float.init)
            var fire = IntegrateAndFire(width: 3)
            var fired: [Float] = []
            var start = 0
            while start < count {
                let end = min(count, start + Int.random(in: 1...18, using: &numbers))
                fired += fire.accept(values, weights: weights.map(Float.init), live: start..<end)
                start = end
            }
            let wanted = expected(rows, weights).joined().map(Float.init)
            #expect(fired.count == wanted.count, "\(seed)")
            #expect(zip(fired, wanted).allSatisfy { abs($0 - $1) < 1e-4 }, "\(seed)")
        }
    }

    @Test func theTailFiresWhatIsNearlyThere() {
        for (rest, fires) in [(Float(0.5), false), (0.6, true), (0, false)] {
            var fire = IntegrateAndFire(width: 1)
            _ = fire.accept([Float(2)], weights: [rest], live: 0..<1)
            #expect(fire.finish(tail: 0.45) == (fires ? [2 * rest] : []))
            #expect(fire == IntegrateAndFire(width: 1))
        }
    }
}
