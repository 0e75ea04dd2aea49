import SpeechSignal
import Testing

@Suite("Resampling")
struct ResamplerTests {
    struct Step: Sendable, CustomTestStringConvertible {
        var from: Int
        var to: Int
        var testDescription: String { "\(from) to \(to) Hz" }
    }

    static let steps = [
        Step(from: 48_000, to: 16_000), Step(from: 44_100, to: 16_000), Step(from: 8_000, to: 16_000),
        Step(from: 22_050, to: 48_000), Step(from: 192_000, to: 8_000), Step(from: 16_000, to: 16_000),
    ]

    @Test("however the input is cut, the output is the same to the bit", arguments: steps)
    func streaming(_ step: Step) throws {
        var numbers = SeededNumbers(seed: UInt64(step.from))
        let input = (0..<30_000).map { _ in Float.random(in: -1...1, using: &numbers) }
        let whole = try Resampler.resample(input, from: step.from, to: step.to)
        let resampler = try Resampler(from: step.from, to: step.to)
        for _ in 0..<5 {
            var output: [Float] = []
            var start = 0
            while start < input.count {
                let end = min(input.count, start + Int.random(in: 0...3_000, using: &numbers))
                output += resampler.process(Array(input[start..<end]))
                start = end
            }
            output += resampler.finish()
            #expect(output == whole)
        }
    }

    @Test("a tone keeps its pitch, its level and its place", arguments: steps)
    func tone(_ step: Step) throws {
        let output = try Resampler.resample(
            sine(1_000, rate: step.from, count: step.from),
            from: step.from,
            to: step.to
        )
        #expect(output.count == step.to)
        let expected = sine(1_000, rate: step.to, count: step.to)
        let middle = step.to / 10..<step.to * 9 / 10
        #expect(distance(Array(output[middle]), Array(expected[middle])) <= 1e-4)
    }

    @Test("what the new rate cannot hold is gone, 100 dB down")
    func aliases() throws {
        let output = try Resampler.resample(sine(10_000, rate: 48_000, count: 48_000), from: 48_000, to: 16_000)
        #expect(output[1_600..<14_400].allSatisfy { abs($0) <= 0.5e-5 })
    }

    @Test("nothing in, nothing out; impossible rates are refused")
    func edges() throws {
        #expect(try Resampler.resample([], from: 48_000, to: 16_000).isEmpty)
        #expect(try Resampler.resample([0.5], from: 16_000, to: 48_000).count == 3)
        #expect(throws: AudioError.self) { try Resampler(from: 0, to: 16_000) }
        #expect(throws: AudioError.self) { try Resampler(from: 16_000, to: -1) }
    }
}
