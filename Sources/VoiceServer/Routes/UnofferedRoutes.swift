import HTTPTypes
import Hummingbird
import Speech
import Transport

/// What other servers of the family offer: the documented 501, until a model can do it.
extension SpeechService {
    private static let id: JSON = ["name": "id", "in": "path", "required": true, "schema": ["type": "string"]]

    var unofferedRoutes: [Route] {
        let clone: [(HTTPRequest.Method, String, UnofferedCapability)] = [
            (.post, "/tts/clone", .voiceClone),
            (.post, "/tts/clone/embedding", .voiceClone),
            (.post, "/tts/clone/stream", .voiceClone),
            (.post, "/tts/speakers", .voiceClone),
            (.delete, "/tts/speakers/{id}", .voiceClone),
            (.post, "/tts/voices", .voiceClone),
            (.delete, "/tts/voices/{id}", .voiceClone),
            (.post, "/tts/voices/profile", .voiceEnrollment),
            (.post, "/tts/voices/enroll", .voiceEnrollment),
            (.post, "/punctuate", .punctuation),
            (.post, "/speaker/embedding", .speakerEmbedding),
            (.post, "/diarize", .diarization),
        ]
        return clone.map { method, path, capability in
            var operation = Operation("Answers 501: \(capability.rawValue).", tag: "not offered", responses: [:])
                .failing(501)
            if path.hasSuffix("{id}") { operation = operation.taking(Self.id) }
            return Route(method, path, operation) { _, _ in
                let isAboutText = capability == .voiceClone || capability == .voiceEnrollment
                let family = isAboutText ? catalog.synthesis.model?.family : catalog.recognition.model?.family
                throw capability.failure(backend: family)
            }
        }
    }
}
