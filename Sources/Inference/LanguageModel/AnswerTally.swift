/// What of the tokens that a decoder gives is its answer, and where it ends: alike for every runtime.
package struct AnswerTally: Sendable {
    private let ends: Set<Int32>
    private let limit: Int
    private let room: Int?
    private var text = TextAssembly()
    private var count = 0
    /// Whether nothing that follows is of interest.
    package private(set) var isOver = false

    /// - Parameters:
    ///   - sampling: what ends the answer.
    ///   - dimensions: the model's.
    ///   - taken: positions of the context before the answer; nil where nobody knows.
    package init(_ sampling: Sampling, _ dimensions: DecoderDimensions, taken: Int?) {
        ends = dimensions.endTokens.union(sampling.stopTokens)
        limit = sampling.maxNewTokens ?? .max
        room = taken.map { dimensions.contextLength - $0 }
    }

    /// Tokens of the answer so far.
    package var produced: Int { count }

    /// Adds a token.
    /// - Parameters:
    ///   - id: its number.
    ///   - bytes: its text, which need not be whole characters.
    /// - Returns: what is told of it; nil for one that is behind the end, or is the end.
    package mutating func add(_ id: Int32, _ bytes: some Sequence<UInt8>) -> GeneratedToken? {
        guard !isOver, !ends.contains(id) else {
            isOver = true
            return nil
        }
        count += 1
        var token = GeneratedToken(id: id, text: text.add(bytes))
        if count >= limit { token.cut = .limit }
        if let room, count >= room { token.cut = .context }
        isOver = token.cut != nil
        return token
    }
}
