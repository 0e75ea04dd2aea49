import HTTPTypes
import Hummingbird
import Transport

extension SpeechService {
    /// The sockets of dialogues for `/openapi.json`, and the answer to those who ask for them without a WebSocket.
    var dialogueRoutes: [Route] {
        [
            Self.socket(
                "/dialogue",
                "A WebSocket for a conversation: text or speech in, spoken answers out.",
                tag: "dialogue"
            ),
            Self.socket(
                "/v2v/stream",
                "A WebSocket for speech in both directions; the first message is a config.",
                tag: "dialogue"
            ),
            Self.socket(
                "/audio_dialogue",
                "A WebSocket for whole spoken turns and a language model that hears; says that there is none.",
                tag: "not offered"
            ),
        ]
    }

    /// A path that is served as a WebSocket.
    static func socket(_ path: String, _ summary: String, tag: String) -> Route {
        let operation = Operation(summary, tag: tag, responses: [101: ["description": "The WebSocket is open."]])
            .failing(400, 426)
        return Route(.get, path, operation) { _, _ in
            let failure = HTTPFailure(
                .upgradeRequired,
                "upgrade_required",
                "this is a WebSocket: connect to it with ws:// or wss://"
            )
            return Response(
                status: failure.status,
                headers: [.upgrade: "websocket", .contentType: "application/json; charset=utf-8"],
                body: .init(byteBuffer: ByteBuffer(bytes: failure.json))
            )
        }
    }
}
