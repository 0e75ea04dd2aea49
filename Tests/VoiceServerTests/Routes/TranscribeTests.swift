import HTTPTypes
import Speech
import SpeechSignal
import Testing
import VoiceConfiguration
import VoiceServer

@Suite struct TranscribeTests {
    @Test func writesDownARecordingSentAsTheBody() async throws {
        let answer = try await Harness().run { try await $0.post("/asr", wav(seconds: 1), type: "audio/wav") }
        #expect(answer.status == 200)
        #expect(answer.json["text"] == "heard 16000")
        #expect(answer.json["language"] == "en")
        #expect(answer.json["backend"] == "fake")
        #expect(answer.json["model"] == "fake-asr")
        #expect(answer.json["duration"] == 1)
        #expect(answer.json["truncated"] == false)
        #expect(answer.json["segments"] == [["start": 0, "end": 1, "text": "heard 16000"]])
        #expect(answer["Server-Timing"]?.contains("asr;dur=") == true)
    }

    @Test(arguments: ["application/octet-stream", "audio/x-wav", nil])
    func takesARawBodyWhateverItIsCalled(type: String?) async throws {
        let answer = try await Harness().run { try await $0.post("/asr", wav(seconds: 0.5, rate: 8_000), type: type) }
        #expect(answer.json["text"] == "heard 8000")
    }

    @Test(arguments: ["file", "audio"])
    func takesTheFieldThatClientsUse(field: String) async throws {
        let form = FormBody([.file(field, wav(seconds: 1))])
        let answer = try await Harness().run { try await $0.post("/asr", form.bytes, type: form.type) }
        #expect(answer.status == 200)
        #expect(answer.json["text"] == "heard 16000")
    }

    @Test func takesTheLanguageFromTheQueryOrTheForm() async throws {
        try await Harness().run { client in
            let query = try await client.post("/asr?language=German", wav(seconds: 1), type: "audio/wav")
            #expect(query.json["language"] == "German")
            let form = FormBody([.field("language", "de"), .file("audio", wav(seconds: 1))])
            let posted = try await client.post("/asr?language=auto", form.bytes, type: form.type)
            #expect(posted.json["language"] == "de")
            let unknown = try await client.post("/asr?language=Klingon", wav(seconds: 1), type: "audio/wav")
            #expect(unknown.status == 422)
            #expect(unknown.parameter == "language")
            let missing = try await client.post("/asr?language=French", wav(seconds: 1), type: "audio/wav")
            #expect(missing.status == 422)
            #expect(missing.error == "French is not understood here; there is English, German")
        }
    }

    @Test func takesRawSamplesThatAreDescribed() async throws {
        let samples = PCM16.encode([Float](repeating: 0.25, count: 8_000))
        let swapped = stride(from: 0, to: samples.count, by: 2).flatMap { [samples[$0 + 1], samples[$0]] }
        try await Harness().run { client in
            let query = try await client.post("/asr?format=pcm&sample_rate=8000", samples, type: nil)
            #expect(query.json["text"] == "heard 16000")
            let typed = try await client.post("/asr", samples, type: "audio/pcm;rate=16000")
            #expect(typed.json["text"] == "heard 8000")
            let network = try await client.post("/asr", swapped, type: "audio/L16; rate=16000; channels=1")
            #expect(network.json["text"] == "heard 8000")
            let odd = try await client.post("/asr?format=pcm&sample_rate=8000", Array(samples.dropLast()), type: nil)
            #expect(odd.status == 400)
            #expect(odd.code == "invalid_audio")
            let rateless = try await client.post("/asr?format=pcm", samples, type: nil)
            #expect(rateless.status == 422)
            #expect(rateless.parameter == "sample_rate")
            let slow = try await client.post("/asr?format=pcm&sample_rate=1", samples, type: nil)
            #expect(slow.status == 422)
        }
    }

    @Test func aPromptAndTimesOfWordsArePassedOn() async throws {
        try await Harness().run { client in
            let query = try await client.post(
                "/asr?prompt=Rockchip&word_times=true",
                wav(seconds: 1),
                type: "audio/wav"
            )
            #expect(query.json["text"] == "heard 16000 after Rockchip")
            #expect(
                query.json["segments"] == [
                    [
                        "start": 0, "end": 1, "text": "heard 16000 after Rockchip",
                        "words": [["text": "heard", "start": 0, "end": 0.25]],
                    ]
                ]
            )
            let form = FormBody([.field("prompt", "Piper"), .file("audio", wav(seconds: 1))])
            let posted = try await client.post("/asr?prompt=Rockchip", form.bytes, type: form.type)
            #expect(posted.json["text"] == "heard 16000 after Piper")
            #expect(posted["X-Ignored-Parameters"] == nil)
            let long = FormBody([
                .field("prompt", String(repeating: "a", count: 4097)), .file("audio", wav(seconds: 1)),
            ])
            let refused = try await client.post("/asr", long.bytes, type: long.type)
            #expect(refused.status == 422)
            #expect(refused.parameter == "prompt")
        }
    }

    @Test(
        arguments: [
            ("text", "text/plain", "heard 16000\n"),
            ("srt", "application/x-subrip", "1\n00:00:00,000 --> 00:00:01,000\nheard 16000\n"),
            ("vtt", "text/vtt", "WEBVTT\n\n00:00:00.000 --> 00:00:01.000\nheard 16000\n"),
            (
                "verbose_json", "application/json",
                #"{"duration":1,"segments":[{"end":1,"id":0,"start":0,"text":"heard 16000"}],"#
                    + #""task":"transcribe","text":"heard 16000"}"#
            ),
        ]
    )
    func theAnswerIsWrittenAsOneLikes(format: String, type: String, body: String) async throws {
        let path = "/asr?response_format=\(format)"
        let answer = try await Harness().run { try await $0.post(path, wav(seconds: 1), type: "audio/wav") }
        #expect(answer.status == 200)
        #expect(answer["Content-Type"] == type + "; charset=utf-8")
        #expect(String(decoding: answer.bytes, as: UTF8.self) == body)
    }

    @Test(
        arguments: [
            ("task=sing", "task", "task is one of transcribe, translate"),
            (
                "response_format=pdf", "response_format",
                "response_format is one of json, srt, text, verbose_json, vtt"
            ),
            ("word_times=maybe", "word_times", "word_times is true or false"),
            (
                "word_times=1&response_format=srt", "word_times",
                "word_times needs response_format json or verbose_json"
            ),
        ]
    )
    func whatIsNoAnswerIsRefusedByName(query: String, parameter: String, message: String) async throws {
        let answer = try await Harness().run { try await $0.post("/asr?\(query)", wav(seconds: 1), type: "audio/wav") }
        #expect(answer.status == 422)
        #expect(answer.parameter == parameter)
        #expect(answer.error == message)
    }

    @Test func whatAModelCannotDoIsSaid() async throws {
        let answer = try await Harness().run { try await $0.post("/asr?task=translate", wav(seconds: 1), type: nil) }
        #expect(answer.status == 422)
        #expect(answer.code == "unsupported")
        #expect(answer.error == "this model does not translate")
    }

    @Test func silenceIsNoText() async throws {
        let answer = try await Harness().run { try await $0.post("/asr", wav(seconds: 1, level: 0), type: "audio/wav") }
        #expect(answer.status == 200)
        #expect(answer.json["text"] == "")
        #expect(answer.json["segments"] == [])
    }

    @Test func aFileThatEndsBeforeItsHeaderSaysIsWrittenDownAsFarAsItGoes() async throws {
        let cut = Array(wav(seconds: 2).dropLast(32_000))
        let answer = try await Harness().run { try await $0.post("/asr", cut, type: "audio/wav") }
        #expect(answer.status == 200)
        #expect(answer.json["text"] == "heard 16000")
        #expect(answer.json["truncated"] == true)
    }

    @Test func whatCannotBeHeardIsSaid() async throws {
        try await Harness().run { client in
            let empty = try await client.post("/asr", [UInt8](), type: "audio/wav")
            #expect(empty.status == 400)
            #expect(empty.code == "empty_audio")
            let header = try await client.post("/asr", wav(seconds: 0), type: "audio/wav")
            #expect(header.status == 400)
            #expect(header.code == "empty_audio")
            let noise = try await client.post("/asr", [UInt8](repeating: 0, count: 5000), type: "audio/wav")
            #expect(noise.status == 400)
            #expect(noise.code == "invalid_audio")
            #expect(noise.error == "the recording: not an audio file; give WAV, FLAC, MP3, Ogg, AIFF, AU or CAF")
            let text = try await client.post("/asr", "hello", type: "text/plain")
            #expect(text.status == 415)
        }
    }

    @Test func limitsAreSaid() async throws {
        var harness = Harness()
        harness.configuration.limits.audioSeconds = 1
        harness.configuration.limits.bodyBytes = 100_000
        try await harness.run { client in
            let long = try await client.post("/asr", wav(seconds: 2), type: "audio/wav")
            #expect(long.status == 413)
            #expect(long.code == "audio_too_long")
            let large = try await client.post("/asr", wav(seconds: 4), type: "audio/wav")
            #expect(large.status == 413)
            #expect(large.code == "body_too_large")
            #expect(large.error?.contains("100000") == true)
        }
    }

    @Test func aSmallFileThatHoldsHoursIsStoppedWhileItIsDecoded() async throws {
        var harness = Harness()
        harness.configuration.limits.audioSeconds = 60
        let encoder = try AudioEncoder(.flac, sampleRate: 8_000, isStreaming: true)
        var bomb: [UInt8] = []
        for _ in 0..<20 { bomb += try encoder.encode([Float](repeating: 0, count: 80_000)) }
        bomb += try encoder.finish()
        #expect(bomb.count < 20_000)
        let answer = try await harness.run { [bomb] in try await $0.post("/asr", bomb, type: "audio/flac") }
        #expect(answer.status == 413)
        #expect(answer.code == "audio_too_long")
    }

    @Test func withoutARecognizerItSaysSo() async throws {
        let harness = Harness(recognizer: .loading(step: "loading weights", fraction: nil))
        let answer = try await harness.run { try await $0.post("/asr", wav(seconds: 1), type: "audio/wav") }
        #expect(answer.status == 503)
        #expect(answer.error == "ASR not ready")
        #expect(answer["Retry-After"] == "2")
    }

    @Test func aModelThatFailsIsOurFaultAndSaysNothingOfItsInside() async throws {
        let harness = Harness(recognizer: .ready(FakeRecognizer(fails: true)))
        let answer = try await harness.run { try await $0.post("/asr", wav(seconds: 1), type: "audio/wav") }
        #expect(answer.status == 500)
        #expect(answer.code == "model_failed")
        #expect(answer.error?.contains("secret") == false)
    }
}
