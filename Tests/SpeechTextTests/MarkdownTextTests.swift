import SpeechText
import Testing

struct MarkdownTextTests {
    @Test(
        "What a person reads aloud is kept",
        arguments: [
            ("She **sells** _sea_ `shells`.", "She sells sea shells."),
            ("## Sea shells\n- one\n* *two*\n> three", "Sea shells\none\ntwo\nthree"),
            ("See [the shells](https://shells.example/x_y) and ![a shore](shore.png).", "See the shells and a shore."),
            ("[![a shore](shore.png)](https://shells.example)", "a shore"),
            ("***All*** of __it__ is ~~old~~ new", "All of it is old new"),
            ("```swift\nlet shells = 2\n```", "\nlet shells = 2\n"),
            ("**half", "half"),
            ("other half**", "other half"),
            ("bold**inside**words", "boldinsidewords"),
        ]
    )
    func wordsAreKept(markdown: String, text: String) {
        #expect(MarkdownText(markdown).text == text)
    }

    @Test(
        "What is no mark stays",
        arguments: [
            "2 * 3 = 6", "snake_case and 5*4", "#1 of 3", "a [note] (here)", "[1](", "x ~ y, ~5", "3 - 2 -1", "f(x)[0]",
            "",
            "It is 5 o'clock (about).", "海の貝", "C# and F#", "!", "wait!",
        ]
    )
    func otherSignsStay(text: String) {
        #expect(MarkdownText(text).text == text)
    }

    @Test(
        "A long text of marks is read in linear time, and never grows",
        arguments: ["*", "[", "](", "[](", "_a", "`", "![", "> "]
    )
    func longTexts(unit: String) {
        let text = String(repeating: unit, count: 50_000)
        let started = ContinuousClock.now
        #expect(MarkdownText(text).text.count <= text.count)
        #expect(ContinuousClock.now - started < .seconds(20))
    }
}
