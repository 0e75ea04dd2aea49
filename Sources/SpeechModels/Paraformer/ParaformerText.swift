import Inference
import Speech
import SpeechText

/// Tokens of a Paraformer and the text they stand for.
struct ParaformerText: Sendable {
    let table: TokenTable
    let style: TokenTable.Style
    private let blank: Int
    private let end: Int

    /// - Throws: `badModel` when the table has fewer tokens than the model.
    init(_ config: ParaformerConfig, _ table: TokenTable, graph: String) throws(InferenceError) {
        let vocabulary = config.vocabularySize ?? table.count
        guard table.count >= vocabulary, vocabulary > max(config.blank, config.end) else {
            throw InferenceError(
                .badModel,
                "\(table.count) tokens where the model has \(vocabulary), among them \(config.blank) and \(config.end)",
                graph: graph
            )
        }
        self.table = table
        style = table.style
        blank = config.blank
        end = config.end
    }

    /// Tokens before the end, as the reference keeps them for a whole utterance.
    func untilEnd(_ tokens: [Int]) -> [Int] { Array(tokens.prefix { $0 != end }) }

    /// Tokens that stand for something, as the reference keeps them in a stream: the end does not end a stream.
    func withoutBlanks(_ tokens: [Int]) -> [Int] { tokens.filter { $0 != blank } }

    /// The text of tokens with its words; blanks and ends give none.
    func text(of tokens: [Int]) -> TokenText {
        var text = TokenText(style)
        for token in tokens { append(token, to: &text) }
        text.finish()
        return text
    }

    func append(_ token: Int, to text: inout TokenText) {
        text.append(token == blank || token == end ? "<blank>" : table[token])
    }
}

/// The tokens of an utterance and what is known of their times.
package struct ParaformerOutput: Sendable, Equatable {
    /// In order.
    package var tokens: [Int] = []
    /// When they were said; nil where the graph does not say.
    package var times: ParaformerTimes?
}

extension ParaformerText {
    /// The transcript of a whole utterance.
    func transcript(_ output: ParaformerOutput, of audio: AudioChunk, _ options: RecognitionOptions) -> Transcript {
        let text = text(of: output.tokens)
        guard !text.text.isEmpty else { return Transcript(text: "", language: options.language) }
        let start = Double(audio.position) / Double(audio.sampleRate)
        let words =
            output.times.map { times in
                text.words.map { word in
                    Transcript.Word(
                        text: word.text,
                        start: start + min(audio.seconds, times.starts[word.tokens.lowerBound]),
                        end: start + min(audio.seconds, times.end(ofToken: word.tokens.upperBound))
                    )
                }
            } ?? []
        let segment = Transcript.Segment(
            start: start,
            end: start + audio.seconds,
            text: text.text,
            language: options.language,
            words: words
        )
        return Transcript(text: text.text, language: options.language, segments: [segment])
    }
}
