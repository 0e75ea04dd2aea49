import HTTPTypes
import Speech
import SpeechSignal
import Telemetry
import Testing
import VoiceServer

@Suite struct SpeakTests {
    @Test func speaksAWholeTextAsWAVWithItsCostInTheHeaders() async throws {
        let answer = try await Harness().run { try await $0.post("/tts", #"{"text": "one two three"}"#) }
        #expect(answer.status == 200)
        #expect(answer["Content-Type"] == "audio/wav")
        #expect(answer["X-Audio-Duration"] == "0.3")
        #expect(answer["X-Inference-Time"] == "0.03")
        #expect(answer["X-RTF"] == "0.1")
        #expect(answer["X-Sample-Rate"] == "16000")
        #expect(answer["X-Audio-Channels"] == "1")
        #expect(answer["Server-Timing"]?.hasSuffix("decoder;dur=30, tts;dur=30") == true)
        #expect(answer["X-Ignored-Parameters"] == nil)
        #expect(answer.bytes == wav(seconds: 0.3))
    }

    @Test func streamsTheSampleRateAndThenSamplesUnlessAskedForSomethingElse() async throws {
        let answer = try await Harness().run { try await $0.post("/tts/stream", #"{"text": "one two"}"#) }
        #expect(answer.status == 200)
        #expect(answer["Content-Type"] == "application/octet-stream")
        #expect(answer["X-Sample-Rate"] == "16000")
        #expect(answer.bytes.prefix(4) == [0x80, 0x3E, 0, 0])
        #expect(Array(answer.bytes.dropFirst(4)) == PCM16.encode([Float](repeating: 0.25, count: 3200)))
    }

    @Test(arguments: [
        ("wav", "audio/wav"), ("pcm", "audio/pcm;rate=16000;channels=1"), ("flac", "audio/flac"),
        ("mp3", "audio/mpeg"), ("opus", "audio/ogg;codecs=opus"), ("ogg", "audio/ogg;codecs=opus"),
    ])
    func sendsTheFormatThatIsNamed(format: String, type: String) async throws {
        try await Harness().run { client in
            for path in ["/tts", "/tts/stream"] {
                let named = try await client.post(path, #"{"text": "one two", "format": "\#(format)"}"#)
                #expect(named.status == 200)
                #expect(named["Content-Type"] == type, "\(path)")
                let queried = try await client.post("\(path)?format=\(format)", #"{"text": "one two"}"#)
                #expect(queried["Content-Type"] == type)
                let accept: HTTPFields = [.accept: "\(type), */*;q=0.1"]
                let accepted = try await client.post(path, #"{"text": "one two"}"#, headers: accept)
                #expect(accepted["Content-Type"] == type)
                guard format != "pcm" else { continue }
                let reader = try AudioReader(bytes: named.bytes)
                #expect(
                    reader.sampleRate == (named["X-Sample-Rate"].flatMap { Int($0) } ?? 0) || reader.container == .ogg
                )
                #expect(try reader.read(frames: 100_000)?.isEmpty == false)
            }
        }
    }

    @Test func passesOnHowToSpeak() async throws {
        let voice = FakeVoice()
        let body = #"{"text": "one", "voice": "BOB", "speed": 2, "seed": 7, "latency": "low", "language": "English"}"#
        let answer = try await Harness(voice: .ready(voice)).run { try await $0.post("/tts", body) }
        #expect(answer.status == 200)
        #expect(voice.log.utterances == [Utterance("one", voice: "Bob", speed: 2, seed: 7, latency: .low)])
    }

    @Test func choosesTheVoiceByNumberAndByLanguage() async throws {
        let voice = FakeVoice()
        try await Harness(voice: .ready(voice)).run { client in
            _ = try await client.post("/tts", #"{"text": "one", "sid": 1}"#)
            _ = try await client.post("/tts", #"{"text": "one", "language": "de"}"#)
            _ = try await client.post("/tts", #"{"text": "one", "sid": 1.0, "language": "auto", "voice": null}"#)
        }
        #expect(voice.log.utterances.map(\.voice) == ["Bob", "clara", "Bob"])
    }

    @Test func makesItLouderAndClipsWhatGoesBeyondFullScale() async throws {
        try await Harness().run { client in
            let double = try await client.post("/tts", #"{"text": "one", "volume": 2, "format": "pcm"}"#)
            #expect(double.bytes == PCM16.encode([Float](repeating: 0.5, count: 1600)))
        }
        let loud = Harness(voice: .ready(FakeVoice(level: -0.5)))
        let clipped = try await loud.run {
            try await $0.post("/tts", #"{"text": "one", "volume": 4, "format": "pcm"}"#)
        }
        #expect(clipped.bytes == PCM16.encode([Float](repeating: -1, count: 1600)))
    }

    @Test func listsWhatItDoesNotHonor() async throws {
        let body = #"{"text": "one", "pitch": 1.5, "emotion": "sad", "x\r\nSet-Cookie: a, b": 1, "nothing": null}"#
        try await Harness().run { client in
            let answer = try await client.post("/tts?color=red", body)
            #expect(answer.status == 200)
            #expect(answer["X-Ignored-Parameters"] == "emotion, x%0D%0ASet-Cookie:%20a%2C%20b, pitch, color")
            let strict = try await client.post("/tts?strict=true", #"{"text": "one", "pitch": 1.5}"#)
            #expect(strict.status == 400)
            #expect(strict.code == "unsupported_parameter")
            #expect(strict.parameter == "pitch")
            #expect(try await client.post("/tts?strict=1", #"{"text": "one"}"#).status == 200)
        }
    }

    @Test func probesForStreamingAreAnswered() async throws {
        let answer = try await Harness().run { try await $0.send("/tts/stream", .options) }
        #expect(answer.status == 200)
        #expect(answer.bytes.isEmpty)
    }
}

/// What a voice does wrong, as a client sees it.
@Suite struct SpeakFailureTests {
    @Test(arguments: ["/tts", "/tts/stream"])
    func saysThatNoVoiceIsThere(path: String) async throws {
        let slots: [(SpeechCatalog.Slot<FakeVoice>, retry: String?, reason: String)] = [
            (.disabled, nil, "it is switched off in the configuration"),
            (.loading(step: "downloading", fraction: 0.42), "2", "loading: downloading, 42 %"),
            (.failed(SpeechError(.unavailable, "no such model")), nil, "no such model"),
        ]
        for (slot, retry, reason) in slots {
            let answer = try await Harness(voice: slot).run { try await $0.post(path, #"{"text": "one"}"#) }
            #expect(answer.status == 503)
            #expect(answer.error == "TTS not ready")
            #expect(answer.code == "not_ready")
            #expect(answer["Retry-After"] == retry)
            #expect(answer.json["reason"] == .string(reason))
        }
    }

    @Test(arguments: ["/tts", "/tts/stream"])
    func anErrorBeforeTheFirstSoundIsAnOrdinaryAnswerWithoutInnerDetails(path: String) async throws {
        let harness = Harness(voice: .ready(FakeVoice(fault: .fails(atChunk: 0))))
        let answer = try await harness.run { try await $0.post(path, #"{"text": "one two"}"#) }
        #expect(answer.status == 500)
        #expect(answer.code == "model_failed")
        #expect(answer.error?.contains("secret") == false)
    }

    @Test func anErrorInTheMiddleBreaksTheStreamInsteadOfEndingIt() async throws {
        let harness = Harness(voice: .ready(FakeVoice(fault: .fails(atChunk: 1))))
        await #expect(throws: (any Error).self) {
            try await harness.run { try await $0.post("/tts/stream", #"{"text": "one two"}"#) }
        }
        #expect(harness.registry.render().contains("rkvoice_"))
    }

    @Test(.timeLimit(.minutes(3)), arguments: ["/tts", "/tts/stream"])
    func aClientThatGoesAwayStopsTheVoiceAndIsCounted(path: String) async throws {
        let voice = FakeVoice(fault: .hangs(atChunk: 1))
        let harness = Harness(voice: .ready(voice))
        let request = Task { try await harness.run { try await $0.post(path, #"{"text": "one two"}"#) } }
        while voice.log.chunks == 0 { await Task.yield() }
        request.cancel()
        _ = await request.result
        #expect(harness.registry.render().contains(#"cancellation_seconds_count{kind="tts"} 1"#))
    }
}
