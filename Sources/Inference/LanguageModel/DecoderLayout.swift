/// The names of a decoder graph's ports, as its bundle declares them. `{layer}` stands for a layer's number, from 0.
package struct DecoderLayout: Sendable, Hashable, Codable {
    /// i64 [1, n]; nil where the graph takes embeddings.
    package var tokens: String?
    /// f32 [1, n, hidden size]; nil where the graph takes tokens.
    package var embeddings: String?
    /// i64 [1, n], counted from 0; nil where the graph counts itself.
    package var positions: String?
    /// i64 [1, positions before + n], all ones; nil where the graph has none.
    package var mask: String?
    /// f32 [1, n, vocabulary], or [1, vocabulary] of the last position.
    package var logits = "logits"
    /// f32 [1, n, hidden size]; nil where the graph does not give it.
    package var hidden: String?
    /// f32, one axis besides the first varies: keys and values before and after a step.
    package var pastKeys = "past_k_{layer}"
    package var pastValues = "past_v_{layer}"
    package var keys = "k_{layer}"
    package var values = "v_{layer}"

    /// - Parameters:
    ///   - tokens: name of the input of tokens.
    ///   - embeddings: name of the input of embeddings.
    ///   - positions: name of the input of positions.
    ///   - mask: name of the input of the mask.
    ///   - hidden: name of the output of hidden states.
    package init(
        tokens: String? = nil,
        embeddings: String? = nil,
        positions: String? = nil,
        mask: String? = nil,
        hidden: String? = nil
    ) {
        self.tokens = tokens
        self.embeddings = embeddings
        self.positions = positions
        self.mask = mask
        self.hidden = hidden
    }

    /// The name for a layer.
    package static func name(_ pattern: String, _ layer: Int) -> String {
        pattern.replacing("{layer}", with: "\(layer)")
    }
}

extension DecoderLayout {
    private enum Key: String, CodingKey {
        case tokens, embeddings, positions, mask, logits, hidden, pastKeys, pastValues, keys, values
    }

    /// What is left out has its usual name.
    package init(from decoder: any Decoder) throws {
        let object = try decoder.container(keyedBy: Key.self)
        func name(_ key: Key) throws -> String? { try object.decodeIfPresent(String.self, forKey: key) }
        self.init(
            tokens: try name(.tokens),
            embeddings: try name(.embeddings),
            positions: try name(.positions),
            mask: try name(.mask),
            hidden: try name(.hidden)
        )
        logits = try name(.logits) ?? logits
        pastKeys = try name(.pastKeys) ?? pastKeys
        pastValues = try name(.pastValues) ?? pastValues
        keys = try name(.keys) ?? keys
        values = try name(.values) ?? values
    }
}
