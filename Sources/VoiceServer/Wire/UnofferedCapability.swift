import HTTPTypes
import Transport

/// What the family of servers that clients know offers, and no model here does.
enum UnofferedCapability: String, CaseIterable {
    case voiceClone = "voice_clone"
    case voiceEnrollment = "voice_enrollment"
    case punctuation
    case speakerEmbedding = "speaker_embedding"
    case diarization

    /// The documented answer: 501 naming the capability and the model's family.
    func failure(backend: String?) -> HTTPFailure {
        let words = rawValue.split(separator: "_").joined(separator: " ")
        var failure = HTTPFailure(.notImplemented, "not_implemented", "no model loaded here offers \(words)")
        failure.members["required_capability"] = rawValue
        failure.members["backend"] = backend ?? "none"
        return failure
    }
}
