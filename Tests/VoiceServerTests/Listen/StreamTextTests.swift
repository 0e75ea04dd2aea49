import Testing
import VoiceServer

@Suite("The text of a stream") struct StreamTextTests {
    @Test(
        "Utterances are joined as their script joins them",
        arguments: [
            (["One.", "Two."], "One. Two."), (["你好。", "再见。"], "你好。再见。"), (["안녕.", "네."], "안녕. 네."),
            (["こん", "にちは"], "こんにちは"),
            (["Hello", "你好"], "Hello 你好"), (["", "One"], "One"), (["One", ""], "One"), ([], ""),
        ]
    )
    func joined(utterances: [String], whole: String) {
        var text = StreamText()
        for utterance in utterances { text.finish(utterance) }
        #expect(text.finished == whole)
    }

    @Test("A text that went out before is a duplicate, an empty one never") func duplicates() {
        var text = StreamText()
        let sent = ["", "a", "a", "ab"].map { text.send($0) }
        #expect(sent == [false, false, true, false])
    }

    @Test("Offsets count what Python counts") func offsets() {
        var text = StreamText()
        text.finish("Caf\u{65}\u{301}")
        #expect(text.offset(of: "two") == 6)
        #expect(text.with("two").unicodeScalars.dropFirst(6).first == "t")
    }
}
