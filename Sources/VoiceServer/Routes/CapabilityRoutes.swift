import Conversation
import HTTPTypes
import Hummingbird
import Speech
import SpeechSignal
import Transport
import VoiceConfiguration

/// What the server can do: `/capabilities` and its relatives.
extension SpeechService {
    var capabilityRoutes: [Route] {
        func operation(_ summary: String, _ schema: String) -> Operation {
            Operation(summary, tag: "status", responses: [200: Operation.answer(summary, schema)])
        }
        return [
            Route(.get, "/capabilities", operation("Everything the server can do.", "Capabilities")) { _, _ in
                Response(json: capabilities)
            },
            Route(.get, "/v1/capabilities", operation("The same in the family's schema 1.0.", "CapabilitiesV1")) {
                _,
                _ in
                Response(json: capabilitiesV1)
            },
            Route(.get, "/asr/capabilities", operation("What the recognizer can do.", "SkillCapabilities")) { _, _ in
                let model = try recognition()
                return Response(json: model.wire(provider: accelerator.provider(of: model.id)))
            },
            Route(.get, "/tts/capabilities", operation("What the voice can do.", "SkillCapabilities")) { _, _ in
                let model = try synthesis()
                return Response(json: model.wire(provider: accelerator.provider(of: model.id)))
            },
            Route(.get, "/tts/voices", operation("The voices, the usual one first.", "Voices")) { _, _ in
                let voice = try synthesis()
                return Response(json: [
                    "voices": voice.voicesWire, "voices_dir": .null,
                    "default": JSON(voice.synthesizer.voices.first?.name),
                ])
            },
            Route(.get, "/tts/speakers", operation("The voices by number.", "Speakers")) { _, _ in
                let voice = try synthesis()
                return Response(json: [
                    "model_id": .string(voice.id), "default_speaker_id": 0, "speakers": voice.voicesWire,
                    "supports_voice_cloning": false,
                ])
            },
        ]
    }

    private var capabilities: JSON {
        let limits = configuration.current.limits
        return [
            "object": "capabilities",
            "schema_version": "1.0",
            "version": .string(version),
            "asr": catalog.recognition.model.map { $0.wire(provider: accelerator.provider(of: $0.id)) } ?? .null,
            "tts": catalog.synthesis.model.map { $0.wire(provider: accelerator.provider(of: $0.id)) } ?? .null,
            "llm": chat.wire,
            "npu": accelerator.wire,
            "limits": [
                "body_bytes": .integer(limits.bodyBytes),
                "audio_seconds": .number(limits.audioSeconds),
                "text_characters": .integer(limits.textCharacters),
                "concurrent_requests": .integer(limits.concurrentRequests),
                "queue_length": .integer(limits.queueLength),
                "streams": .integer(limits.streams),
            ],
        ]
    }

    private var capabilitiesV1: JSON {
        let limit = configuration.current.limits.concurrentRequests
        let active = admission.occupancy.computing
        let concurrency: JSON = [
            "backend_max_concurrent": .integer(limit), "admission_limit": .integer(limit), "active": .integer(active),
            "available": .integer(max(0, limit - active)),
        ]
        return [
            "schema_version": "1.0",
            "object": "capabilities",
            "api_versions": ["legacy", "v1"],
            "tts": catalog.synthesis.model?.wireV1(concurrency) ?? [:],
            "asr": catalog.recognition.model?.wireV1(concurrency) ?? [:],
        ]
    }
}

extension SpeechCatalog.Recognition {
    /// Words of the family for what a recognizer does.
    var capabilities: [String] {
        ["offline", "streaming"] + (offline.languages.count > 1 ? ["multi_language"] : [])
    }

    fileprivate func wire(provider: String) -> JSON {
        [
            "backend": .string(family), "model_id": .string(id), "capabilities": JSON(capabilities),
            "sample_rate": .integer(offline.sampleRate), "providers": [.string(provider)],
            "languages": JSON(offline.languages.map(\.tag)),
        ]
    }

    fileprivate func wireV1(_ concurrency: JSON) -> JSON {
        [
            "model_id": .string(id), "ready": true, "backend": .string(family), "capabilities": JSON(capabilities),
            "audio": ["sample_rate": .integer(offline.sampleRate), "channels": 1, "sample_format": "pcm_s16le"],
            "languages": ["mode": "list", "values": JSON(offline.languages.map(\.tag)), "default": "auto"],
            "streaming": ["supported": true, "native_wire_format": "pcm_s16le"],
            "concurrency": concurrency, "failure_class": .null,
        ]
    }
}

extension SpeechCatalog.Synthesis {
    /// Words of the family for what a voice does.
    var capabilities: [String] {
        var words = ["basic_tts", "streaming", "speed", "volume"]
        if synthesizer.voices.count > 1 { words.append("multi_speaker") }
        if languages.count > 1 { words.append("multi_language") }
        return words
    }

    private var languages: [String] {
        var tags: [String] = []
        for language in synthesizer.voices.flatMap(\.languages) where !tags.contains(language.tag) {
            tags.append(language.tag)
        }
        return tags
    }

    fileprivate var voicesWire: JSON {
        .array(
            synthesizer.voices.enumerated().map { index, voice in
                ["sid": .integer(index), "name": .string(voice.name), "languages": JSON(voice.languages.map(\.tag))]
            }
        )
    }

    fileprivate func wire(provider: String) -> JSON {
        var members: [String: JSON] = [
            "backend": .string(family), "model_id": .string(id), "capabilities": JSON(capabilities),
            "sample_rate": .integer(synthesizer.sampleRate), "channels": 1, "providers": [.string(provider)],
            "languages": JSON(languages), "voices": voicesWire, "speakers": voicesWire,
            "response_formats": JSON(SpeechMedia.names),
            "speed": [
                "min": .number(SpeechRequest.speeds.lowerBound), "max": .number(SpeechRequest.speeds.upperBound),
            ],
            "volume": [
                "min": .number(SpeechRequest.volumes.lowerBound), "max": .number(SpeechRequest.volumes.upperBound),
            ],
            "supports_voice_cloning": false, "supports_voice_enrollment": false,
        ]
        if !shortcomings.isEmpty { members["degraded"] = JSON(shortcomings) }
        return .object(members)
    }

    fileprivate func wireV1(_ concurrency: JSON) -> JSON {
        [
            "model_id": .string(id), "ready": true, "backend": .string(family), "capabilities": JSON(capabilities),
            "audio": [
                "sample_rate": .integer(synthesizer.sampleRate), "channels": 1, "sample_format": "pcm_s16le",
                "response_formats": JSON(SpeechMedia.names),
            ],
            "languages": ["mode": "list", "values": JSON(languages), "default": JSON(languages.first)],
            "voices": ["default": JSON(synthesizer.voices.first?.name), "items": voicesWire, "aliases": [:]],
            "cloning": ["supported": false],
            "controls": [
                "speed": ["supported": true, "min": 0.25, "max": 4, "implementation": "model"],
                "pitch": ["supported": false],
            ],
            "streaming": ["supported": true, "native_wire_format": "pcm_s16le"],
            "concurrency": concurrency, "failure_class": .null,
        ]
    }
}

extension ChatModel {
    /// Its name, and what people should know about its answers.
    var wire: JSON { ["name": .string(name), "notice": JSON(notice)] }
}
