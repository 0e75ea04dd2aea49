import Conversation
import Foundation
import Inference
import RKVoice
import Speech
import SpeechModels
import SpeechSignal

/// Real models of the home, installed on first use, and the clips of the parity set.
enum Models {
    /// One thread: the order of additions, and so the last bits, must not depend on the machine.
    static let settings: Settings = {
        var settings = Settings.fromEnvironment()
        settings.threads = 1
        settings.catalogPath =
            URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("clips-catalog.json").path
        return settings
    }()

    static let loader = ModelLoader(settings)

    /// A clip named as in the golden data: a wheel and a path inside it.
    static func clip(wheel: String, path: String) async throws -> AudioChunk {
        let parts = path.split(separator: "/").map(String.init)
        let isNested = wheel.hasPrefix("pytest_audioeval")
        let id = isNested ? "clips-audioeval" : "clips-moonshine"
        let name = isNested ? parts.suffix(2).joined(separator: "-") : parts[parts.count - 1]
        let directory = try await loader.installed(id)
        return try await FileAudio(path: directory + "/" + name).whole(atMost: 120)
    }
}
