package import Inference

/// What a bundle says of a SenseVoice model: numbers of its queries and tokens.
package struct SenseVoiceConfig: Sendable, Hashable {
    /// Logits per frame; nil: as many as there are tokens.
    package var vocabularySize: Int?
    /// The token that stands for nothing.
    package var blank = 0
    /// What is asked for → number of the query: ISO codes, and `auto` to detect the language.
    package var languageQueries = ["auto": 0, "zh": 3, "en": 4, "yue": 7, "ja": 11, "ko": 12]
    /// Number of the query for numbers and punctuation as one writes them.
    package var withITN = 14
    /// Number of the query for words as they were said.
    package var withoutITN = 15
    /// Whether texts are asked for as one writes them.
    package var writesNumbers = true
    /// File with the rows of the queries (`embedding.npy`), where the graph does not hold them.
    package var embedding: String?

    /// The model as it is published.
    package init() {}

    /// Reads the metadata of sherpa-onnx's export.
    /// - Throws: `badModel` naming what is missing, or for an export with another interface.
    package init(_ metadata: FunASRMetadata) throws(InferenceError) {
        guard !metadata.text("comment").contains("Nano") else {
            throw InferenceError(.badModel, "this is Fun-ASR-Nano, which is no SenseVoice model")
        }
        vocabularySize = try metadata.number("vocab_size")
        blank = try metadata.number("blank_id", default: 0)
        withITN = try metadata.number("with_itn")
        withoutITN = try metadata.number("without_itn")
        for code in languageQueries.keys.sorted() { languageQueries[code] = try metadata.number("lang_\(code)") }
    }
}

extension SenseVoiceConfig: Decodable {
    private enum CodingKeys: String, CodingKey {
        case vocabularySize, blank, languageQueries, withITN, withoutITN, writesNumbers, embedding
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        func read<Value: Decodable>(_ key: CodingKeys, _ value: inout Value) throws {
            value = try container.decodeIfPresent(Value.self, forKey: key) ?? value
        }
        try read(.blank, &blank)
        try read(.languageQueries, &languageQueries)
        try read(.withITN, &withITN)
        try read(.withoutITN, &withoutITN)
        try read(.writesNumbers, &writesNumbers)
        vocabularySize = try container.decodeIfPresent(Int.self, forKey: .vocabularySize)
        embedding = try container.decodeIfPresent(String.self, forKey: .embedding)
    }
}
