import Foundation
import SpeechText

/// Text of an input: its first byte is for the target.
private func text(_ input: [UInt8]) -> String { String(decoding: input.dropFirst(), as: UTF8.self) }

/// Sentences: short enough, nothing lost, and the same however the text is cut.
@Sendable func fuzzSplitter(_ input: [UInt8]) {
    let limit = 1 + Int(input.first ?? 0) % 100
    let text = text(input)
    var whole = SentenceSplitter(limit: limit)
    let pieces = whole.append(text) + whole.finish()
    promise(pieces.allSatisfy { !$0.isEmpty }, "no empty pieces")
    for piece in pieces {
        // Beyond Latin the splitter may take for one character what Swift counts as two, and one has 32 scalars at most.
        let isPlain = piece.unicodeScalars.allSatisfy { $0.value < 0x300 }
        let size = isPlain ? piece.count : (piece.unicodeScalars.count + 31) / 32
        promise(size <= limit, "pieces of \(limit) characters at most")
    }
    let visible = { (text: String) in text.unicodeScalars.filter { !$0.properties.isWhitespace } }
    promise(visible(pieces.joined()).elementsEqual(visible(text)), "nothing is lost")
    var portioned = SentenceSplitter(limit: limit)
    let portions = text.unicodeScalars.flatMap { portioned.append(String($0)) } + portioned.finish()
    promise(portions == pieces, "cut anywhere it is the same")
}

/// Text that can be spoken.
@Sendable func fuzzSpeakable(_ input: [UInt8]) {
    let text = text(input)
    let clean = SpeakableText(text)
    promise(clean.text.unicodeScalars.count <= text.unicodeScalars.count, "never longer")
    let again = SpeakableText(clean.text)
    promise(again.isSpeakable == clean.isSpeakable, "speakable stays speakable")
    _ = EspeakWords.broken(clean.text)
}

/// Markdown as it is read aloud.
@Sendable func fuzzMarkdown(_ input: [UInt8]) {
    let text = text(input)
    promise(MarkdownText(text).text.unicodeScalars.count <= text.unicodeScalars.count, "never longer")
}

/// Numbers, dates and the like as they are said. Phonemes in the text stay as they are.
@Sendable func fuzzSpoken(_ input: [UInt8]) {
    let text = text(input)
    guard let english = SpokenForm(language: "en") else { return promise(false, "rules for English") }
    let spoken = english.text(of: text)
    promise(spoken.unicodeScalars.count <= 20 * max(10, text.unicodeScalars.count), "twenty times as long at most")
    promise(phonemes(spoken) == phonemes(text), "phonemes stay")
}

/// A lexicon, and behind the first NUL a text that it is applied to.
@Sendable func fuzzLexicon(_ input: [UInt8]) {
    let file = input.prefix { $0 != 0 }
    let text = String(decoding: input.dropFirst(file.count + 1), as: UTF8.self)
    do throws(SpeechTextError) {
        let lexicon = try LexiconFile.read(Data(file), name: "words.txt")
        let known = phonemes(text)
        let said = phonemes(lexicon.applied(to: text))
        promise(said.count >= known.count, "phonemes of the text stay")
        promise(lexicon.count > 0 || lexicon.applied(to: text) == text, "nothing is said otherwise")
    } catch {
        promise(error.message.split(separator: "\n").allSatisfy { $0.hasPrefix("words.txt") || $0 == "…" }, "its lines")
    }
}

private func phonemes(_ text: String) -> [PhonemeBlocks.Segment] {
    PhonemeBlocks.segments(of: text).filter { if case .phonemes = $0 { true } else { false } }
}
