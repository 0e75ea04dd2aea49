/// How a stream is decoded while it is spoken. Times in seconds of sound; the defaults are measured, see
/// `docs/decisions/0013-streams-are-decoded-again.md`.
package struct StreamingPolicy: Sendable, Hashable {
    /// Speech before the first partial text.
    package var firstPartial: Double = 0.6
    /// Between the starts of two partial decodes, at least.
    package var interval: Double = 0.4
    /// Between the starts of two partial decodes, at least so many times what the last one took.
    package var costFactor: Double = 1.5
    /// Sound over which hypotheses have to agree before a word is settled. Without regard to
    /// doubt, the final texts of the test set revise 1.33 % of the stable words at 1.2 s; with it, 0.26 %.
    package var agreement: Double = 1.2
    /// Part of the pause that ends an utterance after which the final text is decoded on suspicion.
    package var speculation: Double = 0.5
    /// Speech after which the next short pause starts a new segment: what lies before it is decoded for good.
    package var softLimit: Double = 12
    /// Speech after which a new segment starts, pause or not.
    package var hardLimit: Double = 20
    /// A pause short enough to be found in fluent speech, long enough not to cut a word.
    package var shortPause: Double = 0.2
    /// Silence within an utterance that is not worth decoding.
    package var longPause: Double = 2

    package init() {}
}
