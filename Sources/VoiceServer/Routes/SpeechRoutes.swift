import HTTPTypes
package import Hummingbird
import SpeechSignal
package import Transport

extension SpeechService {
    /// Adds every route of speech and status to a router, and `/openapi.json` that describes them.
    ///
    /// - Parameter router: gets the routes.
    package func addRoutes(to router: Router<TransportContext>) {
        for route in routes { route.add(to: router) }
    }

    /// All routes, and what is said about them.
    var routes: [Route] {
        let routes =
            speechRoutes + recognitionRoutes + dialogueRoutes + statusRoutes + capabilityRoutes + unofferedRoutes
        let description = Operation(
            "This description.",
            tag: "status",
            responses: [200: Operation.answer("OpenAPI 3.1", "Document")]
        )
        let described = Route(.get, "/openapi.json", description) { _, _ in Response(json: [:]) }
        // Made once: it does not change while the server runs.
        let document = OpenAPIDocument.document(of: routes + [described, metricsRoute], version: version).bytes
        let served = Route(.get, "/openapi.json", description) { _, _ in
            let type = "application/json; charset=utf-8"
            return Response(
                status: .ok,
                headers: [.contentType: type],
                body: .init(byteBuffer: ByteBuffer(bytes: document))
            )
        }
        return routes + [served]
    }

    /// Registered elsewhere, described here.
    private var metricsRoute: Route {
        let text: JSON = ["schema": ["type": "string"]]
        let shown: JSON = ["description": "Prometheus text, version 0.0.4.", "content": ["text/plain": text]]
        return Route(.get, "/metrics", Operation("Counters.", tag: "status", responses: [200: shown])) { _, _ in
            throw HTTPFailure(.notFound, "not_found", "there is nothing here")
        }
    }

    private var speechRoutes: [Route] {
        let speak = SpeakRoutes(service: self)
        let body: [String: JSON] = ["application/json": Operation.reference("SpeechRequest")]
        func operation(_ summary: String, _ usual: AudioFormat) -> Operation {
            Operation(summary, tag: "speech", responses: [200: Self.sound(usual)])
                .taking(Self.formatParameter, Self.strictParameter).reading(body)
                .failing(400, 406, 408, 413, 415, 422, 501)
        }
        let probe = Operation(
            "Tells that speech can be streamed.",
            tag: "speech",
            responses: [200: ["description": "It can."]]
        )
        return [
            Route(.post, "/tts", operation("Speaks a text; the answer is the whole sound.", .wav), answer: speak.whole),
            Route(
                .post,
                "/tts/stream",
                operation("Speaks a text; the sound comes as it is made.", .rated),
                answer: speak.stream
            ),
            Route(.options, "/tts/stream", probe) { _, _ in Response(status: .ok, headers: [.allow: "OPTIONS, POST"]) },
        ]
    }

    private var recognitionRoutes: [Route] {
        let file: JSON = ["type": "string", "format": "binary"]
        let form: JSON = [
            "type": "object",
            "properties": [
                "file": file, "audio": file, "language": ["type": "string", "maxLength": 64],
                "task": Self.tasks, "prompt": ["type": "string", "maxLength": 4096],
                "response_format": Self.transcriptFormats, "word_times": ["type": "boolean"],
            ],
            "anyOf": [["required": ["file"]], ["required": ["audio"]]],
        ]
        let operation = Operation(
            "Writes down what is said in a recording.",
            tag: "recognition",
            responses: [200: Self.writtenAnswer]
        )
        .taking(
            Self.query("language", ["type": "string"], "Language spoken: English name, code, locale, or auto."),
            Self.query("task", Self.tasks, "translate: English text whatever is spoken; multilingual Whisper."),
            Self.query("prompt", ["type": "string"], "Names and terms as one spells them; Whisper."),
            Self.query("response_format", Self.transcriptFormats, "What the answer is written in."),
            Self.query("word_times", ["type": "boolean"], "Times of words, in json and verbose_json; Whisper."),
            Self.query("format", ["enum": ["auto", "pcm"]], "pcm: the body is 16-bit little-endian samples."),
            Self.query(
                "sample_rate",
                ["type": "integer", "minimum": 8000, "maximum": 192_000],
                "Hz, with format=pcm."
            ),
            Self.query("channels", ["type": "integer", "minimum": 1, "maximum": 8], "Channels, with format=pcm.")
        )
        .reading(["multipart/form-data": form, "application/octet-stream": [:], "audio/wav": [:]])
        .failing(400, 408, 413, 415, 422)
        return [
            Route(.post, "/asr", operation, answer: TranscribeRoute(service: self).callAsFunction),
            Self.socket(
                "/asr/stream",
                "A WebSocket (RFC 6455) for live recognition: binary frames of 16-bit samples in, JSON texts out.",
                tag: "recognition"
            ),
        ]
    }

    private static let tasks: JSON = ["enum": ["transcribe", "translate"]]

    private static let transcriptFormats: JSON = ["enum": ["json", "verbose_json", "text", "srt", "vtt"]]

    private static var writtenAnswer: JSON {
        let text: JSON = ["schema": ["type": "string"]]
        let schemas: JSON = [
            "anyOf": [Operation.reference("Transcription"), Operation.reference("VerboseTranscription")]
        ]
        return [
            "description": "What was said.", "headers": .object(commonHeaders),
            "content": [
                "application/json": ["schema": schemas], "text/plain": text, "text/vtt": text,
                "application/x-subrip": text,
            ],
        ]
    }

    private static let formatParameter = query(
        "format",
        ["enum": JSON(SpeechMedia.names)],
        "What the sound is sent as; the body's own member counts before it, and it before Accept."
    )

    private static let strictParameter = query(
        "strict",
        ["type": "boolean"],
        "Refuse what cannot be honored instead of listing it in X-Ignored-Parameters."
    )

    static func query(_ name: String, _ schema: JSON, _ description: String) -> JSON {
        ["name": .string(name), "in": "query", "schema": schema, "description": .string(description)]
    }

    private static let commonHeaders: [String: JSON] = [
        "X-Ignored-Parameters": [
            "description": "Names of what was asked for and not honored.", "schema": ["type": "string"],
        ],
        "Server-Timing": ["description": "Milliseconds by stage.", "schema": ["type": "string"]],
    ]

    private static func sound(_ usual: AudioFormat) -> JSON {
        var headers = commonHeaders
        headers["X-Sample-Rate"] = ["description": "Hz.", "schema": ["type": "integer"]]
        headers["X-Audio-Channels"] = ["description": "Always 1.", "schema": ["type": "integer", "const": 1]]
        if usual == .wav {
            headers["X-Audio-Duration"] = ["description": "Seconds of sound.", "schema": ["type": "number"]]
            headers["X-Inference-Time"] = ["description": "Seconds of computing.", "schema": ["type": "number"]]
            headers["X-RTF"] = ["description": "Computing over sound.", "schema": ["type": "number"]]
        }
        var content: [String: JSON] = [:]
        for format in AudioFormat.allCases {
            let type = HeaderValue(SpeechMedia.type(of: format, sampleRate: 0)).name
            content[type] = ["schema": ["type": "string", "format": "binary"]]
        }
        return ["description": "Sound, mono.", "headers": .object(headers), "content": .object(content)]
    }
}
