import Foundation
import SpeechSignal
import Testing

@Suite("The Kaldi front end gives the reference's features")
struct KaldiFrontEndTests {
    @Test("all the golden cases are there")
    func cases() {
        #expect(KaldiGolden.all.count >= 16)
    }

    @Test("within the stated tolerance", arguments: KaldiGolden.all)
    func matchesReference(item: KaldiGolden.Case) throws {
        let rows = try item.makeFrontEnd().features(of: try item.samples())
        try #require(rows.count == item.rows * item.width)
        let golden = try item.golden()
        var sampled: [Float] = []
        for row in stride(from: 0, to: item.rows, by: item.step) {
            sampled += rows[row * item.width..<(row + 1) * item.width]
        }
        let difference = distance(sampled, golden)
        print("\(item.name): largest difference \(difference)")
        #expect(difference <= item.tolerance)
    }

    @Test("the same to the bit in pieces of any size", arguments: KaldiGolden.all)
    func pieces(item: KaldiGolden.Case) throws {
        let samples = try Array(item.samples().prefix(20_000))
        let frontEnd = try item.makeFrontEnd()
        let whole = frontEnd.features(of: samples)
        for piece in [1, 7, 159, 160, 161, 400, 1_024, 1_600, 16_000] {
            var stream = frontEnd.makeStream()
            for start in stride(from: 0, to: samples.count, by: piece) {
                stream.accept(samples[start..<min(start + piece, samples.count)])
            }
            stream.finish()
            expectSame(stream[0..<stream.rowCount], whole, "pieces of \(piece)")
        }
    }

    @Test(
        "rows that are read as they come, and dropped, are those of the whole",
        arguments: ["plain", "rows", "reflect"]
    )
    func asTheyCome(name: String) throws {
        let item = try KaldiGolden.named(name)
        let samples = try item.samples()
        let frontEnd = try item.makeFrontEnd()
        let whole = frontEnd.features(of: samples)
        var numbers = SeededNumbers(seed: 3)
        for _ in 0..<50 {
            var stream = frontEnd.makeStream()
            var (rows, place) = ([Float](), 0)
            func read() {
                let known = rows.count / item.width
                rows += stream[known..<stream.rowCount]
                stream.drop(before: stream.rowCount)
            }
            while place < samples.count {
                let end = min(samples.count, place + Int.random(in: 1...6_000, using: &numbers))
                stream.accept(samples[place..<end])
                place = end
                if Bool.random(using: &numbers) { read() }
            }
            stream.finish()
            read()
            expectSame(rows, whole)
        }
    }

    @Test("a stream that is copied goes on twice, each by itself")
    func copies() throws {
        let item = try KaldiGolden.named("rows")
        let samples = try item.samples()
        let frontEnd = try item.makeFrontEnd()
        var first = frontEnd.makeStream()
        first.accept(samples[..<20_000])
        var second = first
        second.accept([Float](repeating: 0.25, count: 5_000))
        second.finish()
        first.accept(samples[20_000...])
        first.finish()
        expectSame(first[0..<first.rowCount], frontEnd.features(of: samples))
        #expect(second[0..<second.rowCount].allSatisfy { $0.isFinite })
    }

    @Test("rows of a sound that goes on are those of the seed's: normalized by what was heard so far")
    func utteranceSoFar() throws {
        let item = try KaldiGolden.named("seed_rows")
        let samples = try item.samples()
        let frontEnd = try item.makeFrontEnd()
        var stream = frontEnd.makeStream()
        stream.accept(samples[..<16_000])
        let soFar = stream[0..<stream.rowCount]
        let cut = frontEnd.features(of: Array(samples[..<16_000]))
        expectSame(soFar, Array(cut[..<soFar.count]))
    }

    /// Equal to the bit; a failure tells a place instead of thousands of numbers.
    private func expectSame(_ rows: [Float], _ whole: [Float], _ note: String = "") {
        #expect(rows.count == whole.count, "\(note)")
        let place = zip(rows, whole).enumerated().first { $0.element.0 != $0.element.1 }?.offset
        #expect(place == nil, "\(note)")
    }
}
