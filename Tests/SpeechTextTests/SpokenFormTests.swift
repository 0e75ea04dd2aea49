import Foundation
import SpeechText
import Testing

/// Numbers, dates and the like as they are said.
@Suite struct SpokenFormTests {
    private let english: SpokenForm

    init() throws { english = try #require(SpokenForm(language: "en-us")) }

    /// Sixty sentences, written and said; the phonemes of both are measured by ModelPrep/text/spoken.py.
    private func table() throws -> [(written: String, said: String)] {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Fixtures/spoken_en.tsv")
        return try String(contentsOf: path, encoding: .utf8).split(separator: "\n").map {
            let fields = $0.split(separator: "\t")
            return (String(fields[0]), String(fields[1]))
        }
    }

    @Test func eachSentenceOfTheTableIsSaidAsItStandsThere() throws {
        let table = try table()
        #expect(table.count == 60)
        for row in table { #expect(english.text(of: row.written) == row.said) }
    }

    @Test func whatHasBeenSaidStaysAsItIs() throws {
        for row in try table() { #expect(english.text(of: row.said) == row.said) }
    }

    @Test(arguments: [
        ("3D printers and 4K video on a B2B site", "3D printers and 4K video on a B2B site"),
        ("COVID-19", "COVID-nineteen"), ("I have 5. Then 6.", "I have five. Then six."), ("1st-class", "first-class"),
        ("a 1,5 b", "a one,five b"), ("$", "$"), ("5 A", "five A"), ("He said \"5\".", "He said \"five\"."),
        ("It is 6 p.m.", "It is six PM."), ("It is 5 ft.", "It is five feet."),
        ("Elm St. The end", "Elm Street The end"),
        ("Elizabeth I think", "Elizabeth I think"), ("World War I", "World War one"), ("Part I play", "Part I play"),
        ("AT&T", "AT and T"), ("end.It is", "end.It is"), ("10 - 3", "ten minus three"), ("$1", "one dollar"),
        ("v2.1 of it", "version two point one of it"), ("on May 5-7, 2020", "on May fifth to seventh, twenty twenty"),
        ("9:00-17:00", "nine o'clock to seventeen hundred"), (".5", "point five"),
        ("1e6", "one times ten to the power of six"), ("1e6f", "1e6f"),
        ("1.5e-3 m", "one point five times ten to the power of minus three m"), ("≤3", "at most three"),
        ("₹1,00,000", "one hundred thousand rupees"),
        (
            "12,34,567.5",
            "one million two hundred thirty four thousand "
                + "five hundred sixty seven point five"
        ), ("1,23,45", "one,twenty three,forty five"),
        ("13/25/2020", "thirteen/twenty five/twenty twenty"),
        ("in 2h 3m 5s", "in two hours three minutes five seconds"), ("5m30s", "five minutes thirty seconds"),
        ("1d 1h.", "one day one hour."), ("5m 30g", "five meters thirty grams"),
        ("5m 3km", "five meters three kilometers"),
        ("5s 3m", "five seconds three meters"), ("2h3mx", "2h3mx"),
        ("Call 911!", "Call nine one one!"), ("I dialed 112.", "I dialed one one two."),
        ("call 911.5", "call nine hundred eleven point five"),
        ("call 300 people", "call three hundred people"), ("a 911", "a nine hundred eleven"),
        ("https://example.org/½", "example dot org slash ½"), ("a@b.Ⅼug", "a at b dot Ⅼug"),
    ]) func cornersAreReadWithSense(written: String, said: String) {
        #expect(english.text(of: written) == said)
    }

    @Test func phonemesAreLeftAlone() {
        #expect(english.text(of: "Take 2 [[tˈuː 2]] now") == "Take two [[tˈuː 2]] now")
        #expect(english.text(of: "[[ ] ]] and [[ [ ]]") == "[[ ] ]] and [[ [ ]]")
    }

    @Test func languagesWithoutRulesSaySo() {
        #expect(SpokenForm(language: "de") == nil)
        #expect(SpokenForm(language: "") == nil)
        #expect(SpokenForm(language: "EN_gb") != nil)
    }

    @Test(arguments: [
        "1", "1,", "1.", "1-", "$1", "(1", "a.", "a@", "a-a", "[[a", "]]", "9:", "1/1", "II ", "\u{301}", "½", "+1 ",
        "#", "www.",
        "12.", "٣", "مرحبا 5 שלום ", "价格100円", "🎉", "\u{202e}12", "Mr. ", "v1.", "1 1/2 ",
    ]) func manyTimesTheSameIsReadInTime(part: String) {
        let text = String(repeating: part, count: 20_000)
        let start = ContinuousClock.now
        let said = english.text(of: text)
        #expect(said.unicodeScalars.count <= 20 * text.unicodeScalars.count + 100)
        // A quadratic reader takes minutes; a linear one a fifth of a second, on a machine that does nothing else.
        #expect(ContinuousClock.now - start < .seconds(40))
    }

    @Test func aQuarterOfAMillionCharactersOfAllKindsAreRead() throws {
        let row = try table().map(\.written).joined(separator: " ") + " مرحبا 12:30 שלום 5% 価格は100円です Ω≈3 "
        let text = String(repeating: row, count: 250_000 / row.count + 1)
        #expect(english.text(of: text).count > 250_000)
    }
}
