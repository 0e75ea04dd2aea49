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
