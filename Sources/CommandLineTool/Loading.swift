import RKVoice
import Speech

extension Narrator {
    /// Loads a voice and shows what is downloaded on the way.
    static func load(_ voice: String?, settings: Settings, console: Console) async throws -> Narrator {
        try await Narrator(model: console.loader(settings).synthesizer(voice))
    }
}

extension Transcriber {
    /// Loads a model and shows what is downloaded on the way.
    static func load(_ model: String?, settings: Settings, console: Console) async throws -> Transcriber {
        try await Transcriber(recognizer: console.loader(settings).recognizer(model))
    }
}
