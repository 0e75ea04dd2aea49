package import Speech
import SpeechText

/// What SenseVoice heard: its text tokens, and what it says of the sound as a whole.
package struct SenseVoiceOutput: Sendable, Equatable {
    /// Text tokens with the rows of sound that they stand on; tags are not among them.
    package var tokens: [CTCGreedy.Emission] = []
    /// Pieces of ``tokens``.
    package var pieces: [String] = []
    /// Tag of the language, such as `<|en|>`; nil where the model gave none.
    package var languageTag: String?
    /// Tag of the speaker's mood, such as `<|HAPPY|>` or `<|NEUTRAL|>`.
    package var emotionTag: String?
    /// Tag of what is to be heard, such as `<|Speech|>` or `<|BGM|>`.
    package var eventTag: String?

    /// Language spoken, where the model says one.
    package var language: Language? { Self.word(languageTag).flatMap { Language($0) } }
    /// The speaker's mood in lower case, such as `happy`; nil where the model is not sure.
    package var emotion: String? { Self.word(emotionTag).flatMap { $0 == "emo_unknown" ? nil : $0 } }
    /// What is to be heard in lower case, such as `speech`, `bgm` or `laughter`.
    package var event: String? { Self.word(eventTag).flatMap { $0 == "event_unk" ? nil : $0 } }

    /// Sorts what a decode emitted into tags and text.
    ///
    /// The graph puts four tags first: language, emotion, event, and how text is written. The reference drops the first
    /// four tokens, whatever they are; where a tag is missing, because its row was blank or equal to its neighbor's,
    /// that costs a word. Here only what is written as a tag is one, so that the result is the same wherever all four
    /// are there, and complete where they are not.
    init(_ emissions: [CTCGreedy.Emission], _ table: TokenTable) {
        for (index, emission) in emissions.enumerated() {
            let piece = table[emission.token]
            if index < SenseVoiceEncoder.queryRows, Self.isTag(piece) {
                take(piece, row: emission.frames.lowerBound)
            } else {
                tokens.append(emission)
                pieces.append(piece)
            }
        }
    }

    /// Each row of the queries answers with its own tag.
    private mutating func take(_ tag: String, row: Int) {
        switch row {
        case 0: languageTag = tag
        case 1: emotionTag = tag
        case 2: eventTag = tag
        default: break
        }
    }

    private static func isTag(_ piece: String) -> Bool { piece.hasPrefix("<|") && piece.hasSuffix("|>") }

    private static func word(_ tag: String?) -> String? { tag.map { $0.dropFirst(2).dropLast(2).lowercased() } }
}
