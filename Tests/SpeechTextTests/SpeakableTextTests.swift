import SpeechText
import Testing

struct SpeakableTextTests {
    @Test(arguments: [
        ("Plain 3.5, “quotes” — naïve, 世界, हिन्दी!", "Plain 3.5, “quotes” — naïve, 世界, हिन्दी!"),
        ("Nice 👍🏽 work👩‍👩‍👧‍👦! ❤️ 🇩🇪", "Nice work !"),
        ("Really❓ Yes❗ 1️⃣", "Really? Yes! 1"),
        ("zero\u{200B}width so\u{AD}ft \u{FEFF}\u{202E}x\u{2066}", "zerowidth soft x"),
        ("a␀b\u{7}c\td\r\ne\u{85}f", "a b c d\ne\nf"),
        ("\u{E000}\u{F0000}priv\u{FFFE}ate\u{378}\u{FFFD}x", "private x"),
        ("𝓗𝓮𝓵𝓵𝓸 Ｗｏｒｌｄ４２", "Hello World42"),
        ("one\n\n\n\n\ntwo   three \n four", "one\n\ntwo three\nfour"),
        ("-------- ......... !!!!!", "--- ... !!!"),
        ("e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}", "e\u{301}\u{301}\u{301}\u{301}"),
        ("می\u{200C}خواهم", "می\u{200C}خواهم"),
        ("© 2026 5 € & 50 % ™", "© 2026 5 € & 50 % ™"),
    ])
    func onlyWhatCanBeSpokenIsKept(text: String, cleaned: String) {
        let text = text.withNUL
        #expect(
            SpeakableText(text).text.unicodeScalars.elementsEqual(cleaned.unicodeScalars),
            "\(SpeakableText(text).text)"
        )
    }

    @Test(arguments: ["", " \n", "...", "?!", "🙂🙂", "␀\u{1}", "—", "* * *", "\u{301}", "❤️", "\u{200D}"])
    func nothingToSpeakIsTold(text: String) {
        #expect(!SpeakableText(text.withNUL).isSpeakable)
    }

    @Test(arguments: ["a", "5", "世", "é", "🙂 ok", "١", "½"])
    func somethingToSpeakIsTold(text: String) {
        #expect(SpeakableText(text).isSpeakable)
    }

    @Test(arguments: ["\u{301}", "👩‍👩‍👧‍👦", "!", " ", "\n", "a", "␀", "𝓗", "ﷺ"])
    func aLongTextDoesNotGrow(unit: String) {
        let text = String(repeating: unit.withNUL, count: 100_000)
        #expect(SpeakableText(text).text.unicodeScalars.count <= text.unicodeScalars.count)
    }

    @Test func cleaningTwiceChangesNothing() {
        let once = SpeakableText("👍 a\u{0} \n b 👍👍 c❗️❗️ x\u{200D}y 𝓗\u{301}").text
        #expect(SpeakableText(once).text == once)
    }
}

extension String {
    /// Its picture of NUL (U+2400) as NUL itself, which in the name of a test case would cut off what is printed with it.
    fileprivate var withNUL: String { replacing("␀", with: "\u{0}") }
}
