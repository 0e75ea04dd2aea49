import SpeechModels
import Testing

/// Windows of Whisper cut at their times: 100 is 0 s, 101 is 0.02 s.
@Suite struct TimedTextTests {
    private func cut(_ tokens: [Int], seconds: Double = 10) -> TimedText {
        TimedText(tokens, timestampBegin: 100, seconds: seconds)
    }

    @Test func textBetweenTimesIsAStretch() {
        let text = cut([100, 7, 8, 150, 150, 9, 200])
        #expect(text.stretches.map(\.tokens) == [0..<4, 4..<7])
        #expect(text.stretches.map(\.start) == [0, 1])
        #expect(text.stretches.map(\.end) == [1, 2])
        #expect(text.rest == nil)
    }

    @Test func textWithoutAnEndIsDecodedAgain() {
        var text = cut([100, 7, 150, 160, 9, 9])
        #expect(text.stretches.map(\.tokens) == [0..<3])
        #expect(text.rest == 1)
        text.close(6, at: 10)
        #expect(text.stretches.map(\.tokens) == [0..<3, 3..<6])
        #expect(text.stretches.last?.end == 10)
        #expect(text.rest == nil)
    }

    @Test(
        arguments: [([100, 7, 8], 10), ([100, 7, 8, 175], 1.5), ([], nil), ([100], 10)] as [([Int], Double?)]
    ) func oneStretchEndsWithItsTimeOrTheSound(tokens: [Int], end: Double?) {
        #expect(cut(tokens).stretches.first?.end == end)
        #expect(cut(tokens).rest == nil)
    }
}
