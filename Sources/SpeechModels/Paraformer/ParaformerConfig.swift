package import Inference

/// What a bundle says of a Paraformer model.
package struct ParaformerConfig: Sendable, Hashable {
    /// How a model hears.
    package enum Mode: String, Sendable, Hashable, Decodable, CaseIterable {
        /// One graph for whole utterances.
        case offline
        /// Encoder and decoder that hear a stream chunk by chunk.
        case streaming
        /// Encoder and decoder that hear whole utterances, up to the encoder's longest bucket.
        case windows
    }

    /// How the model hears; nil: as its graphs can.
    package var mode: Mode?
    /// Logits per token; nil: as many as there are tokens.
    package var vocabularySize: Int?
    /// The token that stands for nothing.
    package var blank = 0
    /// The token after the last one (`</s>`).
    package var end = 2
    /// Values in a row of the encoder's output (512 for the published models); nil: as the graph says.
    package var width: Int?
    /// Columns of each of the decoder's caches; nil: as the graph says.
    package var cacheLength: Int?
    /// Weight that is added behind the last row of a whole utterance so that the last token fires, where that is not
    /// done in the graph; nil: as in training.
    package var tail: Float?
    /// Whether rows are scaled and given their positions outside of the graph; nil: where the graph hears chunks.
    package var addsPositions: Bool?
    /// The rows of a chunk, where the graph hears chunks.
    package var chunk = ChunkPlan()

    /// The models as they are published.
    package init() {}

    /// Reads the metadata of sherpa-onnx's export: of the one graph, or of the encoder.
    /// - Throws: `badModel` naming what is missing.
    package init(_ metadata: FunASRMetadata) throws(InferenceError) {
        vocabularySize = try metadata.number("vocab_size")
        mode = .offline
        guard metadata.isStreaming else { return }
        mode = .streaming
        width = try metadata.number("encoder_output_size")
        cacheLength = try metadata.number("decoder_kernel_size") - 1
    }
}

/// How a stream is cut into chunks of rows that overlap.
///
/// Each chunk is the last rows of the one before and as many new ones. Of these, the first have been heard already and
/// the last have not been heard with what follows them: tokens come from those between. The values are those that the
/// published streaming model was trained with (`chunk_size` 5, 10, 5) as sherpa-onnx uses them.
package struct ChunkPlan: Sendable, Hashable, Decodable {
    /// New rows of a chunk.
    package var fresh = 10
    /// Rows of the chunk before that are put in front.
    package var kept = 8
    /// Rows at the start that only give context.
    package var left = 5
    /// Rows at the end that only give context; the next chunk hears them again.
    package var right = 3

    package init() {}

    /// Rows of a chunk.
    package var count: Int { kept + fresh }
    /// Rows of a chunk that count.
    package var live: Range<Int> { left..<count - right }

    /// Whether every row of a stream counts once.
    var isSound: Bool {
        fresh > 0 && left >= 0 && right >= 0 && kept == left + right && count <= 1 << 12
    }
}

extension ParaformerConfig: Decodable {
    private enum CodingKeys: String, CodingKey {
        case mode, vocabularySize, blank, end, width, cacheLength, tail, addsPositions, chunk
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        mode = try container.decodeIfPresent(Mode.self, forKey: .mode)
        blank = try container.decodeIfPresent(Int.self, forKey: .blank) ?? blank
        end = try container.decodeIfPresent(Int.self, forKey: .end) ?? end
        chunk = try container.decodeIfPresent(ChunkPlan.self, forKey: .chunk) ?? chunk
        vocabularySize = try container.decodeIfPresent(Int.self, forKey: .vocabularySize)
        width = try container.decodeIfPresent(Int.self, forKey: .width)
        cacheLength = try container.decodeIfPresent(Int.self, forKey: .cacheLength)
        tail = try container.decodeIfPresent(Float.self, forKey: .tail)
        addsPositions = try container.decodeIfPresent(Bool.self, forKey: .addsPositions)
    }
}
