import HTTPTypes
import Speech
import Testing
import VoiceServer

@Suite struct StatusTests {
    @Test func healthHasTheShapeThatClientsRead() async throws {
        let answer = try await Harness().run { try await $0.get("/health") }
        #expect(answer.status == 200)
        let expected: [String: JSON] = [
            "tts": true, "tts_backend": "fake", "streaming_tts": true, "asr": true, "asr_backend": "fake",
            "streaming_asr": true, "audio_llm": false, "audio_llm_backend": .null, "version": "1.2.3", "mode": "custom",
            "degraded": false,
            "tts_capabilities": ["basic_tts", "streaming", "speed", "volume", "multi_speaker", "multi_language"],
            "asr_capabilities": ["offline", "streaming", "multi_language"],
        ]
        guard case .object(let members) = answer.json else { throw Unexpected() }
        for (name, value) in expected { #expect(members[name] == value, "\(name)") }
        #expect(members["uptime"] != nil)
    }

    @Test func healthAnswersEvenWhenNothingIsThere() async throws {
        let none = Harness(voice: .disabled, recognizer: .disabled)
        let answer = try await none.run { try await $0.get("/health") }
        #expect(answer.status == 200)
        #expect(answer.json["tts"] == false)
        #expect(answer.json["status"] == "disabled")
        let broken = Harness(voice: .failed(SpeechError(.unavailable, "no model")))
        let degraded = try await broken.run { try await $0.get("/health") }
        #expect(degraded.json["status"] == "degraded")
        #expect(degraded.json["degraded"] == true)
    }

    @Test func livenessIsAlwaysThere() async throws {
        let none = Harness(voice: .disabled, recognizer: .disabled)
        let answer = try await none.run { try await $0.get("/livez") }
        #expect(answer.status == 200)
        #expect(answer.json == ["status": "ok"])
    }

    @Test func loadedIsNotReadyUntilSomethingWorked() async throws {
        try await Harness().run { client in
            let before = try await client.get("/readyz")
            #expect(before.status == 503)
            #expect(before.json["reasons"] == ["loading"])
            #expect(before["Retry-After"] == "2")
            _ = try await client.post("/tts", #"{"text": "one"}"#)
            #expect(try await client.get("/readyz").status == 503, "the recognizer did nothing yet")
            _ = try await client.post("/asr", wav(seconds: 1), type: "audio/wav")
            let after = try await client.get("/readyz")
            #expect(after.status == 200)
            #expect(after.json["status"] == "ready")
        }
    }

    @Test(arguments: [
        (Harness(voice: .loading(step: "downloading", fraction: 0.5), recognizer: .disabled), "loading"),
        (Harness(voice: .disabled, recognizer: .failed(SpeechError(.unavailable, "no model"))), "failed"),
        (Harness(voice: .disabled, recognizer: .disabled), "disabled"),
    ])
    func saysWhyItIsNotReady(harness: Harness, reason: String) async throws {
        let answer = try await harness.run { try await $0.get("/readyz") }
        #expect(answer.status == 503)
        #expect(answer.json["reasons"] == [.string(reason)])
    }

    @Test func aCanaryMakesItReadyAndShutdownUnmakesIt() async throws {
        let (_, readiness) = Harness().service()
        #expect(readiness.isReady == false)
        await readiness.check()
        #expect(readiness.isReady)
        readiness.shutDown()
        #expect(readiness.reasons == ["shutting_down"])
    }

    @Test func aModelThatFailsOrHangsIsNotReady() async throws {
        let (_, broken) = Harness(voice: .ready(FakeVoice(fault: .fails(atChunk: 0)))).service()
        await broken.check()
        #expect(broken.reasons == ["canary_failed"])
        let (_, hanging) = Harness(recognizer: .ready(FakeRecognizer(hangs: true))).service(deadline: 0.1)
        await hanging.check()
        #expect(hanging.reasons == ["canary_failed"])
    }

    @Test func oneSuccessMakesUpForAFailure() async throws {
        let (_, readiness) = Harness(voice: .ready(FakeVoice(fault: .fails(atChunk: 0)))).service()
        await readiness.check()
        readiness.succeeded(.synthesis)
        #expect(readiness.isReady)
    }

    @Test func capabilitiesTellWhatThereIs() async throws {
        try await Harness().run { client in
            let all = try await client.get("/capabilities")
            #expect(all.status == 200)
            #expect(all.json["npu"]?["devices"] == [])
            #expect(all.json["tts"]?["sample_rate"] == 16_000)
            #expect(all.json["asr"]?["languages"] == ["en", "de"])
            let asr = try await client.get("/asr/capabilities")
            #expect(asr.json["capabilities"] == ["offline", "streaming", "multi_language"])
            let first = try await client.get("/v1/capabilities")
            #expect(first.json["schema_version"] == "1.0")
            #expect(first.json["tts"]?["controls"]?["speed"]?["max"] == 4)
            let voices = try await client.get("/tts/voices")
            #expect(voices.json["default"] == "amy")
            let speakers = try await client.get("/tts/speakers")
            #expect(speakers.json["supports_voice_cloning"] == false)
            let mode = try await client.get("/mode")
            #expect(mode.json["plan"]?["asr"] == ["backend": "fake", "provider": "cpu"])
        }
    }

    @Test func capabilitiesOfWhatIsNotThere() async throws {
        try await Harness(voice: .disabled, recognizer: .disabled).run { client in
            let recognizer = try await client.get("/asr/capabilities")
            #expect(recognizer.error == "ASR not ready")
            let voice = try await client.get("/tts/capabilities")
            #expect(voice.status == 503)
            let first = try await client.get("/v1/capabilities")
            #expect(first.json["tts"] == [:])
            let all = try await client.get("/capabilities")
            #expect(all.json["tts"] == nil)
        }
    }

    @Test func whatNoModelOffersIsSaidWithTheCapability() async throws {
        try await Harness().run { client in
            let clone = try await client.post("/tts/clone", "{}")
            #expect(clone.status == 501)
            #expect(clone.code == "not_implemented")
            #expect(clone.json["required_capability"] == "voice_clone")
            #expect(clone.json["backend"] == "fake")
            #expect(try await client.send("/tts/voices/x", .delete).status == 501)
            #expect(try await client.post("/diarize", "").json["required_capability"] == "diarization")
        }
    }

    @Test func headIsAnsweredWithoutABody() async throws {
        try await Harness().run { client in
            let full = try await client.get("/health")
            let head = try await client.send("/health", .head)
            #expect(head.status == 200)
            #expect(head.bytes.isEmpty)
            #expect(head["Content-Type"] == full["Content-Type"])
        }
    }
}

private struct Unexpected: Error {}
