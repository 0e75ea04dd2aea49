/// The schemas that the interface description names (JSON Schema 2020-12).
enum Schemas {
    static let all: [String: JSON] = [
        "Error": error, "Invalid": invalid, "SpeechRequest": speechRequest, "Transcription": transcription,
        "VerboseTranscription": verboseTranscription, "Segment": segment, "Word": word, "Health": health,
        "Readiness": readiness, "Mode": mode, "Status": status,
        "Capabilities": capabilities, "SkillCapabilities": skill, "Voices": voices, "Speakers": speakers,
        "CapabilitiesV1": capabilitiesV1, "Document": document,
    ]

    private static let string: JSON = ["type": "string"]
    private static let number: JSON = ["type": "number"]
    private static let integer: JSON = ["type": "integer"]
    private static let boolean: JSON = ["type": "boolean"]
    private static let object: JSON = ["type": "object"]
    private static let strings: JSON = ["type": "array", "items": ["type": "string"]]
    private static let maybeString: JSON = ["type": ["string", "null"]]
    private static let maybeObject: JSON = ["type": ["object", "null"]]

    /// An object whose properties are required unless some are named.
    private static func object(_ properties: [String: JSON], required: [String]? = nil) -> JSON {
        [
            "type": "object", "properties": .object(properties),
            "required": JSON(required ?? properties.keys.sorted()),
        ]
    }

    private static let error = object(
        ["error": string, "code": string, "parameter": string, "reason": string, "required_capability": string],
        required: ["code", "error"]
    )

    private static let invalid = object(
        [
            "error": string, "code": string, "parameter": string,
            "detail": ["type": "array", "items": object(["loc": strings, "msg": string, "type": string])],
        ],
        required: ["code", "detail", "error"]
    )

    private static let speechRequest: JSON = [
        "type": "object",
        "required": ["text"],
        "properties": [
            "text": ["type": "string", "minLength": 1, "description": "What to say; it needs a letter or a digit."],
            "sid": ["type": ["integer", "null"], "minimum": 0, "description": "Number of the voice."],
            "voice": ["type": ["string", "null"], "description": "Name of the voice; see /tts/voices."],
            "language": ["type": ["string", "null"], "description": "English name, ISO 639-1 code, locale, or auto."],
            "speed": ["type": ["number", "null"], "minimum": 0.25, "maximum": 4, "default": 1],
            "volume": ["type": ["number", "null"], "minimum": 0, "maximum": 4, "default": 1],
            "pitch": ["type": ["number", "null"], "minimum": -100, "maximum": 100, "description": "Never honored."],
            "seed": ["type": ["integer", "null"], "minimum": 0, "description": "The same number sounds the same."],
            "latency": ["enum": ["low", "balanced", "quality", .null]],
            "format": ["enum": .array(SpeechMedia.names.map(JSON.string) + [.null])],
        ],
    ]

    private static let segment = object(
        [
            "start": number, "end": number, "text": string, "confidence": number, "language": string,
            "emotion": string, "event": string, "words": ["type": "array", "items": Operation.reference("Word")],
        ],
        required: ["end", "start", "text"]
    )

    private static let word = object(
        ["start": number, "end": number, "text": string, "confidence": number],
        required: ["end", "start", "text"]
    )

    private static let transcription = object(
        [
            "text": string, "language": string, "backend": string, "model": string, "duration": number,
            "inference_time": number, "rtf": number, "truncated": boolean, "simulated": string,
            "segments": ["type": "array", "items": Operation.reference("Segment")],
        ],
        required: [
            "backend", "duration", "inference_time", "language", "model", "rtf", "segments", "text", "truncated",
        ]
    )

    private static let verboseTranscription = object(
        [
            "task": ["enum": ["transcribe", "translate"]], "language": string, "duration": number, "text": string,
            "simulated": string,
            "segments": [
                "type": "array",
                "items": object(
                    [
                        "id": integer, "seek": integer, "start": number, "end": number, "text": string,
                        "tokens": ["type": "array", "items": integer], "temperature": number, "avg_logprob": number,
                        "compression_ratio": number, "no_speech_prob": number, "confidence": number,
                    ],
                    required: ["end", "id", "start", "text"]
                ),
            ],
            "words": [
                "type": "array",
                "items": object(
                    ["word": string, "start": number, "end": number, "probability": number],
                    required: ["end", "start", "word"]
                ),
            ],
        ],
        required: ["duration", "segments", "task", "text"]
    )

    private static let health = object([
        "status": ["enum": ["ok", "loading", "degraded", "disabled"]], "degraded": boolean, "reasons": strings,
        "details": object, "version": string, "uptime": number, "mode": maybeString, "tts": boolean,
        "tts_backend": maybeString, "streaming_tts": boolean, "tts_capabilities": strings, "asr": boolean,
        "asr_backend": maybeString, "streaming_asr": boolean, "asr_capabilities": strings, "audio_llm": boolean,
        "audio_llm_backend": maybeString, "llm": object(["name": string, "notice": maybeString]),
    ])

    private static let readiness = object(
        [
            "status": ["enum": ["ready", "not_ready"]], "reasons": strings, "details": object, "error": string,
            "code": string,
        ],
        required: ["details", "reasons", "status"]
    )

    private static let status = object(["status": string])

    private static let mode = object(["mode": maybeString, "plan": maybeObject, "available_modes": strings])

    private static let skill = object([
        "backend": string, "model_id": string, "capabilities": strings, "sample_rate": integer,
    ])

    private static let capabilities = object([
        "version": string, "asr": maybeObject, "tts": maybeObject, "npu": object, "limits": object,
        "llm": object(["name": string, "notice": maybeString]),
    ])

    private static let voices = object([
        "voices": ["type": "array", "items": object(["name": string, "sid": integer, "languages": strings])],
        "default": maybeString, "voices_dir": maybeString,
    ])

    private static let speakers = object([
        "model_id": string, "default_speaker_id": integer, "speakers": ["type": "array"],
        "supports_voice_cloning": boolean,
    ])

    private static let capabilitiesV1 = object([
        "schema_version": string, "object": ["const": "capabilities"], "api_versions": strings, "tts": object,
        "asr": object,
    ])

    private static let document: JSON = ["type": "object", "required": ["openapi", "info", "paths"]]
}
