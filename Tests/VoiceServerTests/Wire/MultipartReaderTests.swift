import Testing
import Transport
import VoiceServer

@Suite struct MultipartReaderTests {
    private func parts(of form: FormBody, cutEvery size: Int = .max) throws -> [FormPart] {
        var reader = MultipartReader(try MultipartBoundary(HeaderValue(form.type)))
        var rest = form.bytes[...]
        while !rest.isEmpty {
            try reader.append(rest.prefix(size))
            rest = rest.dropFirst(size)
        }
        return try reader.finish()
    }

    /// Sound that looks like line ends and boundaries.
    private static let awkward = Array("\r\n\r\n--simple boundary:\r\n-\r".utf8) + [0, 255, 13, 10, 13]

    @Test(arguments: [1, 2, 3, 5, 7, 64, 1000])
    func isTheSameHoweverTheBodyIsCut(size: Int) throws {
        let sound = FormBody(
            [.field("language", "de"), .file("file", Self.awkward), .field("empty", "")],
            preamble: "not shown\r\n",
            ending: "--\r\nnor this --simple boundary:7"
        )
        let expected = [
            FormPart(name: "language", bytes: Array("de".utf8)), FormPart(name: "file", bytes: Self.awkward),
            FormPart(name: "empty", bytes: []),
        ]
        #expect(try parts(of: sound, cutEvery: size) == expected)
    }

    @Test func theLastBoundaryNeedsNoLineEnd() throws {
        #expect(try parts(of: FormBody([.field("a", "b")], ending: "--")).count == 1)
    }

    @Test func blanksMayFollowABoundary() throws {
        var form = FormBody([.field("a", "b")])
        form.bytes = Array(
            "--simple boundary:7 \t \r\nContent-Disposition: form-data; name=a\r\n\r\nb\r\n--simple boundary:7-- \r\n"
                .utf8
        )
        #expect(try parts(of: form) == [FormPart(name: "a", bytes: [0x62])])
    }

    @Test func namesAreReadQuotedEscapedAndPlain() throws {
        let form = FormBody([
            .raw(#"content-disposition: form-data; filename="C:\a;b\"c.wav"; name="a \"b\\ ; c""#, []),
            .raw("CONTENT-DISPOSITION:form-data;NAME=plain", []),
        ])
        #expect(try parts(of: form).map(\.name) == [#"a "b\ ; c"#, "plain"])
    }

    @Test func readingIsLinear() throws {
        // Every byte a carriage return: the slowest case of the search.
        let bytes = [UInt8](repeating: 0x0D, count: 4 << 20)
        #expect(try parts(of: FormBody([.file("file", bytes)]), cutEvery: 16_384).first?.bytes.count == bytes.count)
    }

    @Test(arguments: [
        ("no last boundary", FormBody([.file("file", [1])], ending: ""), "it ends before its last boundary"),
        ("nothing", FormBody(bytes: ""), "it ends before its last boundary"),
        (
            "lines end in LF alone",
            FormBody(bytes: "--simple boundary:7\nContent-Disposition: form-data; name=a\n\nb\n"),
            "a boundary's line does not end in CRLF"
        ),
        ("a longer boundary", FormBody(bytes: "--simple boundary:78\r\n"), "a boundary's line does not end in CRLF"),
        ("no name", FormBody([.raw("Content-Disposition: form-data; filename=a.wav", [1])]), "a part has no name"),
        ("empty name", FormBody([.raw("Content-Disposition: form-data; name=\"\"", [1])]), "a part has no name"),
        (
            "no disposition", FormBody([.raw("Content-Type: audio/wav", [1])]),
            "a part has no Content-Disposition: form-data"
        ),
        (
            "other disposition", FormBody([.raw("Content-Disposition: attachment; name=file", [1])]),
            "a part has no Content-Disposition: form-data"
        ),
        ("no colon", FormBody([.raw("Content-Disposition", [1])]), "a line of a part's head has no colon"),
        (
            "nested",
            FormBody([.raw("Content-Disposition: form-data; name=a\r\nContent-Type: multipart/mixed; boundary=b", [1])]
            ), "a part is a multipart body itself; send one file in one field"
        ),
        (
            "endless head", FormBody([.raw("X: " + String(repeating: "x", count: 9000), [1])]),
            "the head of a part is too long"
        ),
        ("many parts", FormBody((0..<33).map { .field("f\($0)", "") }), "it has more than 32 parts"),
        (
            "many blanks", FormBody(bytes: "--simple boundary:7" + String(repeating: " ", count: 100) + "\r\n"),
            "a boundary is followed by too many blanks"
        ),
    ])
    func saysWhatIsDamaged(what: String, form: FormBody, message: String) throws {
        for size in [1, 1000] {
            let error = #expect(throws: HTTPFailure.self) { try parts(of: form, cutEvery: size) }
            #expect(error?.code == "invalid_multipart")
            #expect(error?.message == "the multipart body is damaged: \(message)")
        }
    }

    @Test func anEncodedPartIsRefused() {
        let form = FormBody([
            .raw("Content-Disposition: form-data; name=file\r\nContent-Transfer-Encoding: base64", [1])
        ])
        let error = #expect(throws: HTTPFailure.self) { try parts(of: form) }
        #expect(error?.code == "unsupported_media_type")
    }

    @Test(arguments: [
        ("multipart/form-data", "Content-Type names no boundary"),
        ("multipart/form-data; boundary=", "Content-Type names no boundary"),
        (
            "multipart/form-data; boundary=" + String(repeating: "b", count: 71),
            "the boundary is longer than 70 characters"
        ),
        ("multipart/form-data; boundary=\"a\u{7}b\"", "the boundary holds characters that no boundary may hold"),
        ("multipart/form-data; boundary=\"a \"", "the boundary holds characters that no boundary may hold"),
    ])
    func aBoundaryIsRight(type: String, message: String) {
        let error = #expect(throws: HTTPFailure.self) { try MultipartBoundary(HeaderValue(type)) }
        #expect(error?.message == "the multipart body is damaged: \(message)")
    }
}
