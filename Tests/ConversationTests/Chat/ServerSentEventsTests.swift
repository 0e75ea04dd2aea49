import Conversation
import Testing

@Suite("Server-sent events") struct ServerSentEventsTests {
    typealias Event = ServerSentEvents.Event

    /// The events of some bytes, given in parts of a size.
    private func events(of text: String, by size: Int = .max) throws -> [Event] {
        try events(of: Array(text.utf8), by: size)
    }

    private func events(of bytes: [UInt8], by size: Int = .max) throws -> [Event] {
        var (parser, rest, events) = (ServerSentEvents(), bytes[...], [Event]())
        while !rest.isEmpty {
            events += try parser.append(rest.prefix(size))
            rest = rest.dropFirst(size)
        }
        return events + [parser.finish()].compactMap { $0 }
    }

    private static let hostile = [
        "\u{FEFF}data: one\n\ndata: two\r\n\r\ndata: three\r\rdata:four\n\n",
        ": comment\n\nevent: ping\ndata: {\"a\": \"ü漢👍\"}\nid: 7\nretry: 9\n\n",
        "data: a\ndata: b\ndata\ndata:  c\n\n",
        "data: cut", "data: no blank line\n", "\n\n\n\r\r\n\n", "nonsense\ndata:\n\n", "",
    ]

    @Test("Every split gives the same events", arguments: hostile) func splits(text: String) throws {
        let whole = try events(of: text)
        for size in 1...9 { #expect(try events(of: text, by: size) == whole) }
        let bytes = Array(text.utf8)
        for cut in 0...bytes.count {
            var parser = ServerSentEvents()
            var found = try parser.append(bytes[..<cut])
            found += try parser.append(bytes[cut...])
            found += [parser.finish()].compactMap { $0 }
            #expect(found == whole, "cut at \(cut)")
        }
    }

    @Test("Lines end in LF, CR or CRLF, and a byte order mark is no text") func lineEnds() throws {
        #expect(try events(of: Self.hostile[0]).map(\.data) == ["one", "two", "three", "four"])
    }

    @Test("Kinds, comments, unknown fields and characters of several bytes") func fields() throws {
        #expect(try events(of: Self.hostile[1]) == [Event(name: "ping", data: "{\"a\": \"ü漢👍\"}")])
    }

    @Test("Lines of data are joined, and one space is dropped") func joined() throws {
        #expect(try events(of: Self.hostile[2]) == [Event(data: "a\nb\n\n c")])
    }

    @Test("A line that was cut is no event, one without its blank line is") func unfinished() throws {
        #expect(try events(of: "data: cut").isEmpty)
        #expect(try events(of: "data: whole\n").map(\.data) == ["whole"])
    }

    @Test("Bytes that are no UTF-8 do no harm") func notText() throws {
        let bytes = Array("data: ".utf8) + [0xFF, 0xC3, 0x28, 0x00] + Array("\n\n".utf8)
        #expect(try events(of: bytes).count == 1)
    }

    @Test("An event without an end is refused, in one line or in many", arguments: ["x", "data: x\n"])
    func endless(piece: String) throws {
        var parser = ServerSentEvents(limit: 1_000)
        #expect(throws: ServerSentEvents.TooLong.self) {
            for _ in 0..<10_000 { _ = try parser.append(piece.utf8) }
        }
    }
}

@Suite("Reasoning before an answer") struct ReasoningFilterTests {
    private func spoken(_ text: String, by size: Int) -> String {
        var (filter, rest, spoken) = (ReasoningFilter(), text[...], "")
        while !rest.isEmpty {
            spoken += filter.append(String(rest.prefix(size)))
            rest = rest.dropFirst(size)
        }
        return spoken + filter.finish()
    }

    @Test(
        "It is left out, however it is cut",
        arguments: [
            ("<think>\nhm <b> </thin\n</think>\n\nThe answer.", "The answer."),
            ("\n <think></think>Yes.", "Yes."), ("Plain.", "Plain."), ("<thin ice>", "<thin ice>"), ("<thi", "<thi"),
            ("It ends in </think> and <think>.", "It ends in </think> and <think>."), ("<think>never done", ""),
        ]
    )
    func cut(text: String, answer: String) {
        for size in 1...12 { #expect(spoken(text, by: size) == answer, "by \(size)") }
    }
}
