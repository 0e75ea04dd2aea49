package import Inference

/// CT-Transformer (FunASR): which mark stands behind each word of a text that has none.
///
///     text → words → numbers [1, T] → graph → scores [1, T, marks] → likeliest mark of each word
///
/// It reads 20 more words at a time, together with those of a sentence that has not ended: a mark may depend on what
/// follows it. Reference: sherpa-onnx 2.0.1 (`OfflinePunctuation`), whose marks these are. That one drops the words behind
/// an end of a sentence that it finds in the last run only; here every word has its mark.
package struct PunctuationModel: Sendable {
    /// The one stage that a placement of the family `punctuation` has.
    package static let stage = "model"

    private struct Config: Decodable {
        var metadata: String
    }

    private let graph: any Graph
    private let vocabulary: PunctuationVocabulary
    /// The marks that a word can have, nil for none.
    private let marks: [PunctuationMark?]
    private let words: TensorSpec
    private let scores: TensorSpec

    /// New words of a run.
    private static let fresh = 20
    /// Words from which on a comma ends a sentence that has no other end.
    private static let long = 200
    /// Words from which on a sentence without any end and comma is left behind: runs cost the square of it.
    private static let longest = 1_000

    /// - Parameters:
    ///   - metadata: of the graph's file: `tokens` and `punctuations` with `|` between them, and `unk_symbol`.
    ///   - graph: word numbers `[N, T]` and their count `[N]` → scores `[N, T, marks]`, by position.
    /// - Throws: `badModel` when these do not belong together.
    package init(_ metadata: FunASRMetadata, graph: any Graph) throws(InferenceError) {
        let names = metadata.text("punctuations").split(separator: "|", omittingEmptySubsequences: false)
        marks = try names.map { name throws(InferenceError) in try Self.mark(String(name), graph) }
        vocabulary = try PunctuationVocabulary(
            metadata.text("tokens"),
            unknown: metadata.text("unk_symbol"),
            graph: graph.name
        )
        let count = try metadata.number("vocab_size", default: vocabulary.count)
        guard count == vocabulary.count, marks.contains(.stop), marks.contains(where: { $0 == nil }) else {
            throw InferenceError(
                .badModel,
                "\(vocabulary.count) words where it says \(count), and the marks \(metadata.text("punctuations"))",
                graph: graph.name
            )
        }
        let inputs = graph.integerInputs
        guard let words = inputs.first, words.shape.count == 2, inputs.count == 2, graph.inputs.count == 2,
            let scores = graph.floatOutputs(rank: 3).first, scores.shape[2] ?? marks.count == marks.count
        else { throw graph.misfit("a punctuation model takes words and their number, and gives \(marks.count) scores") }
        self.graph = graph
        self.words = words
        self.scores = scores
    }

    /// - Parameters:
    ///   - bundle: the model's directory; its `config` has `metadata`, the ONNX file whose metadata it is.
    ///   - graph: the graph of the stage ``stage``.
    ///   - metadata: reads the metadata of an ONNX file by its path.
    /// - Throws: `missingFile` and `badModel` naming the file.
    package init(
        _ bundle: ModelBundle,
        graph: any Graph,
        metadata: (_ path: String) throws(InferenceError) -> [String: String]
    ) throws(InferenceError) {
        let file = try bundle.config(Config.self).metadata
        guard !file.hasPrefix("/"), !file.split(separator: "/").contains("..") else {
            throw InferenceError(.badModel, "\"\(file)\" leaves the bundle's directory", graph: bundle.directory)
        }
        let path = bundle.directory + "/" + file
        try self.init(FunASRMetadata(try metadata(path), file: path), graph: graph)
    }

    private static func mark(_ name: String, _ graph: any Graph) throws(InferenceError) -> PunctuationMark? {
        guard name != "_", name != "<unk>" else { return nil }
        let mark = PunctuationMark.allCases.first { $0.fullWidth == name || ($0 != .pause && $0.halfWidth == name) }
        guard let mark else { throw InferenceError(.badModel, "\"\(name)\" is no known mark", graph: graph.name) }
        return mark
    }

    /// Asks the model for the marks of a text.
    /// - Parameter text: as a recognizer gives it, of any length.
    /// - Returns: the mark behind each word; the last one is what the model says, not yet the end of a sentence.
    /// - Throws: what the graph throws; `runtimeFailed` where it gave no numbers.
    package func marks(in text: String) async throws(InferenceError) -> [PunctuationMark?] {
        try await marks(of: PunctuationWords.ranges(in: text).map { vocabulary.number(of: text[$0].lowercased()) })
    }

    private func marks(of numbers: [Int32]) async throws(InferenceError) -> [PunctuationMark?] {
        var found: [PunctuationMark?] = []
        var last: (words: Range<Int>, marks: [PunctuationMark?]) = (0..<0, [])
        // One run more than there are blocks, unless the last block is a single word: the reference counts so.
        let runs = (numbers.count + 2 * Self.fresh - 2) / Self.fresh
        for run in 1...max(1, runs) {
            let words = found.count..<min(numbers.count, run * Self.fresh)
            guard !words.isEmpty else { continue }
            if last.words != words { last = (words, try await likeliest(numbers[words])) }
            var marks = last.marks
            let ended = Self.wordsOfSentences(&marks)
            found += run == runs ? marks[...] : marks[..<ended]
        }
        return found
    }

    /// What the model says of words in one run.
    private func likeliest(_ numbers: ArraySlice<Int32>) async throws(InferenceError) -> [PunctuationMark?] {
        let ids =
            words.dtype == .i64
            ? Tensor(shape: [1, numbers.count], numbers.map(Int64.init))
            : Tensor(shape: [1, numbers.count], Array(numbers))
        var inputs = [words.name: ids]
        for spec in graph.integerInputs.dropFirst() { inputs[spec.name] = spec.tensor(numbers.count) }
        let outputs = try await graph.run(inputs)
        let choices = try LogitRows.likeliest(outputs.tensor(scores.name), count: numbers.count)
        guard choices.count == numbers.count, choices.allSatisfy(marks.indices.contains) else {
            throw InferenceError(.runtimeFailed, "\(choices.count) marks for \(numbers.count) words", graph: graph.name)
        }
        return choices.map { marks[$0] }
    }

    /// How many words are in sentences that have ended; the next run begins behind them.
    ///
    /// The first word ends no sentence, and neither does the last, behind which nothing was seen. A long sentence ends at
    /// its last comma, which becomes a stop.
    private static func wordsOfSentences(_ marks: inout [PunctuationMark?]) -> Int {
        let inner = marks.indices.dropFirst().dropLast()
        if let end = inner.last(where: { marks[$0]?.endsSentence == true }) { return end + 1 }
        guard marks.count >= long else { return 0 }
        guard let comma = inner.last(where: { marks[$0] == .comma }) else {
            return marks.count >= longest ? marks.count : 0
        }
        marks[comma] = .stop
        return comma + 1
    }
}
