import SpeechModels
import Testing

@Suite struct DecodingChecksTests {
    private func quality(_ ratio: Double, _ sure: Double, _ silent: Double, whole: Bool = true)
        -> DecodingChecks.Quality
    {
        DecodingChecks.Quality(
            compressionRatio: ratio,
            averageLogProbability: sure,
            noSpeech: silent,
            isComplete: whole
        )
    }

    @Test func aLikelyTextIsBelieved() {
        #expect(quality(1.2, -0.3, 0.1).verdict == .accept)
        // Silence alone does not take away a text that is likely.
        #expect(quality(1.2, -0.3, 0.9).verdict == .accept)
        #expect(quality(2.4, -1, 0.6).verdict == .accept)
    }

    @Test func anUnlikelyOrRepeatedTextIsDecodedAgain() {
        #expect(quality(2.5, -0.1, 0).verdict == .retry)
        #expect(quality(1.2, -1.1, 0.5).verdict == .retry)
        #expect(quality(1.2, -0.1, 0, whole: false).verdict == .retry)
    }

    @Test func anUnlikelyTextOfSilenceIsNone() {
        #expect(quality(1.2, -1.1, 0.7).verdict == .silence)
        #expect(quality(9, -1.1, 0.7).verdict == .silence)
    }

    @Test func theLikeliestOfFailuresIsTakenUnlessItRepeatsItself() {
        #expect(DecodingChecks.best([quality(3, -0.2, 0), quality(1, -1.5, 0), quality(1, -1.2, 0)]) == 2)
        #expect(DecodingChecks.best([quality(3, -0.2, 0), quality(4, -0.1, 0)]) == 1)
        #expect(DecodingChecks.best([quality(1, -0.2, 0, whole: false), quality(1, -2, 0)]) == 1)
        #expect(DecodingChecks.best([]) == nil)
    }

    /// Sizes by Python's `len(zlib.compress(text))`, zlib 1.2.13.
    @Test(arguments: CompressedText.all) func compressedSizesAreThoseOfZlib(text: CompressedText) {
        let size = CompressedSize.zlib(Array(text.text.utf8))
        #expect(size == text.size, "\(size) instead of \(text.size) of \(text.text.prefix(40))")
    }
}
