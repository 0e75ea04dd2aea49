import Testing
import VoiceConfiguration
import VoiceServer

/// Recordings sent in forms, right and wrong, and the exact answers.
@Suite struct FormTests {
    private func send(_ parts: [FormBody.Part], preamble: String = "", ending: String = "--\r\n") async throws -> Answer
    {
        let form = FormBody(parts, preamble: preamble, ending: ending)
        return try await Harness().run { try await $0.post("/asr", form.bytes, type: form.type) }
    }

    private static let sound = wav(seconds: 0.5)

    @Test func theFileMayComeFirstOrLast() async throws {
        for parts in [
            [FormBody.Part.file("file", Self.sound), .field("language", "de"), .field("model", "x")],
            [.field("model", "x"), .field("language", "de"), .file("file", Self.sound)],
        ] {
            let answer = try await send(parts, preamble: "hello\r\n", ending: "--\r\nbye")
            #expect(answer.status == 200)
            #expect(answer.json["text"] == "heard 8000")
            #expect(answer.json["language"] == "de")
            #expect(answer["X-Ignored-Parameters"] == "model")
        }
    }

    @Test func aNameThatClimbsIsNeverAPath() async throws {
        let head = #"Content-Disposition: form-data; name="file"; filename="../../../etc/passwd""#
        let answer = try await send([.raw(head, Self.sound)])
        #expect(answer.status == 200)
        #expect(answer.json["text"] == "heard 8000")
        let broken = try await send([.raw(head, Array("no sound".utf8))])
        #expect(broken.error?.contains("passwd") == false)
    }

    @Test func aFieldWithoutAFileNameIsBytesAllTheSame() async throws {
        let answer = try await send([.raw("Content-Disposition: form-data; name=file", Self.sound)])
        #expect(answer.json["text"] == "heard 8000")
    }

    @Test func twoRecordingsAreOneTooMany() async throws {
        for second in ["file", "audio"] {
            let answer = try await send([.file("file", Self.sound), .file(second, Self.sound)])
            #expect(answer.status == 422)
            #expect(answer.code == "duplicate_field")
            #expect(answer.parameter == second)
        }
    }

    @Test func noRecordingIsSaidInBothShapes() async throws {
        let answer = try await send([.field("language", "de")])
        #expect(answer.status == 422)
        #expect(answer.code == "missing_file")
        #expect(answer.json["detail"]?["0"] == nil)
        guard case .array(let details) = answer.json["detail"] ?? .null else { throw NoList() }
        #expect(details.first?["loc"] == ["body", "file"])
    }

    @Test func anEmptyRecordingIsSaid() async throws {
        let answer = try await send([.file("file", [])])
        #expect(answer.status == 400)
        #expect(answer.code == "empty_audio")
    }

    @Test func anUploadThatWasCutIsNotTakenForAWhole() async throws {
        let answer = try await send([.file("file", Self.sound)], ending: "")
        #expect(answer.status == 400)
        #expect(answer.code == "invalid_multipart")
    }

    @Test func otherKindsOfMultipartAreNotGuessedAt() async throws {
        let form = FormBody([.file("file", Self.sound)])
        let type = form.type.replacing("form-data", with: "mixed")
        let answer = try await Harness().run { try await $0.post("/asr", form.bytes, type: type) }
        #expect(answer.status == 415)
    }

    @Test func aFormBeyondTheLimitIsRefusedWhateverItsPartsSay() async throws {
        var harness = Harness()
        harness.configuration.limits.bodyBytes = 10_000
        let form = FormBody([.field("padding", String(repeating: "x", count: 20_000)), .file("file", Self.sound)])
        let answer = try await harness.run { try await $0.post("/asr", form.bytes, type: form.type) }
        #expect(answer.status == 413)
        #expect(answer.code == "body_too_large")
    }
}

private struct NoList: Error {}
