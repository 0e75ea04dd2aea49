import Testing
import VoiceServer

@Suite struct JSONReaderTests {
    private func read(_ text: String) throws -> JSON { try JSONReader.read(Array(text.utf8)) }

    @Test func readsEveryKindOfValue() throws {
        let text = #" {"a": [1, -2.5e1, true, false, null, "x"], "b": {}, "c": [], "d": 12345678901234567890} "#
        let expected: JSON = [
            "a": [1, -25.0, true, false, .null, "x"], "b": [:], "c": [], "d": 12_345_678_901_234_567_890.0,
        ]
        #expect(try read(text) == expected)
    }

    @Test func readsEscapesAndSurrogatePairs() throws {
        #expect(try read(#""\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00é""#) == .string("\"\\/\u{8}\u{c}\n\r\té😀é"))
    }

    @Test func aByteOrderMarkIsSkipped() throws {
        #expect(try JSONReader.read([0xEF, 0xBB, 0xBF] + Array("{}".utf8)) == [:])
    }

    @Test(arguments: [
        ("", "the text ends too early, at byte 0"),
        ("{", "a name in quotes was expected at byte 1"),
        (#"{"a" 1}"#, "\":\" was expected at byte 5"),
        (#"{"a": 1"#, "\",\" or \"}\" was expected at byte 7"),
        (#"{"a": 1,}"#, "a name in quotes was expected at byte 8"),
        (#"{"a": 1, "a": 2}"#, "a name appears twice at byte 15"),
        ("[1, 2", "\",\" or \"]\" was expected at byte 5"),
        ("[1,]", "a value was expected at byte 3"),
        ("tru", "a value was expected at byte 0"),
        ("01", "a number does not begin with 0 at byte 2"),
        ("-", "a number was expected at byte 1"),
        ("1.", "a digit was expected at byte 2"),
        ("1e", "a digit was expected at byte 2"),
        ("+1", "a value was expected at byte 0"),
        ("1 2", "nothing more was expected at byte 2"),
        ("\"a", "a string has no end at byte 2"),
        ("\"a\n\"", "a control character stands unescaped in a string at byte 2"),
        (#""\x""#, "an unknown escape stands in a string at byte 3"),
        (#""\u12""#, "four hexadecimal digits were expected at byte 3"),
        (#""\u+123""#, "four hexadecimal digits were expected at byte 3"),
        (#""\ud800x""#, "half of a surrogate pair stands in a string at byte 7"),
        (#""\ud800\u0041""#, "half of a surrogate pair stands in a string at byte 13"),
    ])
    func saysWhatIsWrongAndWhere(text: String, message: String) {
        #expect(throws: JSONError(message: message)) { try read(text) }
    }

    @Test func nestingIsBoundedAndCannotExhaustTheStack() throws {
        let deepest = String(repeating: "[", count: 32) + String(repeating: "]", count: 32)
        #expect(throws: Never.self) { try read(deepest) }
        for opening in ["[", #"{"a":"#] {
            let error = #expect(throws: JSONError.self) { try read(String(repeating: opening, count: 200_000)) }
            #expect(error?.message.hasPrefix("nested deeper than 32 levels") == true)
        }
    }

    @Test func whatIsWrittenIsRead() throws {
        let value: JSON = ["text": "a \"quoted\" 😀 / \n line", "list": [1, 2.5, .null, true]]
        #expect(try JSONReader.read(value.bytes) == value)
    }
}
