import Inference
package import SpeechText

/// What a stream through a ``ParaformerChunks`` has heard so far: a value, stepped by whoever owns it.
package struct ParaformerStream: Sendable {
    /// Tokens so far, blanks left out.
    package internal(set) var tokens: [Int] = []
    /// Their text; it only grows at its end.
    package internal(set) var text: TokenText
    /// Runs of the encoder so far.
    package internal(set) var chunks = 0
    /// Samples heard so far.
    var samples = 0
    /// Rows of the sound heard so far, those that are not used yet.
    var rows: any RowStream
    /// The last rows of the chunk before, with their positions.
    var kept: [Float]
    var fire: IntegrateAndFire
    /// What the decoder remembers of the tokens before.
    var caches: [Tensor]
}
