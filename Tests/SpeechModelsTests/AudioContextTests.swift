import Foundation
import SpeechModels
import Testing

@Suite struct AudioContextTests {
    @Test(arguments: [0, 1, 100, 300, 1_000, 2_400]) func eachPositionOfTheWindowIsStoodForOnce(frames: Int) throws {
        let context = try #require(AudioContext(frames: frames, of: 1_500))
        let counts = context.bias.map { Int(exp($0).rounded()) }
        #expect(counts.reduce(0, +) == 1_500)
        #expect(counts.max() == AudioContext.stride)
        #expect(context.positions.count == counts.count && context.frames == 2 * counts.count)
        #expect(zip(context.positions, context.positions.dropFirst()).allSatisfy { $0 < $1 })
        #expect(try #require(context.positions.last) < 1_500)
    }

    @Test func allOfTheSoundAndASecondBehindItIsKept() throws {
        let context = try #require(AudioContext(frames: 301, of: 1_500))
        #expect(Array(context.positions.prefix(201)) == Array(0..<201))
        #expect(context.bias.prefix(201).allSatisfy { $0 == 0 })
        #expect(context.positions.count < 320, "3 s of sound take a fifth of the window")
    }

    @Test func aWindowThatIsFullIsLeftAlone() {
        #expect(AudioContext(frames: 3_000, of: 1_500) == nil)
        #expect(AudioContext(frames: 2_700, of: 1_500) == nil)
        #expect(AudioContext(frames: 100_000, of: 1_500) == nil)
    }
}
