import Foundation

/// What follows from settings that were given: a half that is switched off, keys in a file.
struct Derivation {
    private(set) var configuration: Configuration
    private(set) var origins: [String: Origin]
    private(set) var notes: [String] = []

    init(_ configuration: Configuration, _ origins: [String: Origin]) {
        self.configuration = configuration
        self.origins = origins
    }

    mutating func run() throws(ConfigurationError) {
        try readKeys()
        followMode()
        if configuration.asr.backend == .disabled { switchOff(.asr, because: "asr.backend") }
        if configuration.tts.backend == .disabled { switchOff(.tts, because: "tts.backend") }
        followOneSidedProfile()
        noteUnused()
    }

    private enum Half: String {
        case asr, tts

        var enabled: String { rawValue + ".enabled" }
    }

    /// What somebody said outright in a source that is asked earlier stays.
    private mutating func switchOff(_ half: Half, because key: String) {
        guard let origin = origins[key] else { return }
        if let explicit = origins[half.enabled], explicit.precedence > origin.precedence { return }
        switch half {
        case .asr: configuration.asr.isEnabled = false
        case .tts: configuration.tts.isEnabled = false
        }
        origins[half.enabled] = .follows(key: key, origin)
    }

    /// The seed's plans count only where no backend is chosen.
    private mutating func followMode() {
        guard let mode = configuration.mode, origins["asr.backend"] == nil, origins["tts.backend"] == nil else {
            return
        }
        switch mode {
        case .recognitionOnly: if origins["tts.enabled"] == nil { switchOff(.tts, because: "mode") }
        case .synthesisOnly: if origins["asr.enabled"] == nil { switchOff(.asr, because: "mode") }
        case .dialogue: choose(.qwen3)
        case .interpret: choose(.senseVoiceCPU)
        case .chineseEnglish: choose(.paraformerRKNN)
        }
    }

    /// The seed's plans of two halves: a recognizer each, and Matcha. A model that was named outright stays.
    private mutating func choose(_ recognizer: RecognizerChoice) {
        let origin = Origin.follows(key: "mode", origins["mode"] ?? .builtIn)
        if origins["asr.model"] == nil {
            configuration.asr.backend = recognizer
            origins["asr.backend"] = origin
        }
        if origins["tts.model"] == nil {
            configuration.tts.backend = .matchaRKNN
            origins["tts.backend"] = origin
        }
    }

    /// Settings that somebody made for a backend that is not chosen.
    private mutating func noteUnused() {
        let chosen = [
            "asr": configuration.asr.backend?.rawValue, "tts": configuration.tts.backend?.rawValue,
            "audio_llm": configuration.audioLLM.backend?.rawValue,
        ].compactMapValues { $0 }
        for setting in Schema.settings where !setting.backends.isEmpty {
            guard case .profile? = origins[setting.key] else { continue }
            let backend = chosen[setting.section]
            if let backend, setting.backends.contains(backend) { continue }
            let belongs = setting.backends.joined(separator: " or ")
            notes.append(
                "\(setting.key) has no effect: it belongs to \(belongs), and \(setting.section).backend is "
                    + (backend ?? "not set")
            )
        }
    }

    /// Profiles of the seed leave a half off by not naming it, so one that chooses a model for a board keeps its meaning.
    private mutating func followOneSidedProfile() {
        let recognizes = configuration.asr.backend.map { $0 != .whisper && $0 != .disabled } ?? false
        let speaks = configuration.tts.backend.map { $0 != .piper && $0 != .disabled } ?? false
        let listens = configuration.audioLLM.backend.map { $0 != .disabled } ?? false
        if !isMentioned(.asr), speaks || listens { leaveOff(.asr, speaks ? "tts.backend" : "audio_llm.backend") }
        if !isMentioned(.tts), recognizes || listens {
            leaveOff(.tts, recognizes ? "asr.backend" : "audio_llm.backend")
        }
    }

    private func isMentioned(_ half: Half) -> Bool {
        ["backend", "model", "enabled"].contains { origins["\(half.rawValue).\($0)"] != nil }
    }

    private mutating func leaveOff(_ half: Half, _ key: String) {
        switchOff(half, because: key)
        notes.append("\(half.rawValue) is off: only \(key) is chosen; \(half.enabled): true has both")
    }

    /// Keys of the file come after those given outright.
    private mutating func readKeys() throws(ConfigurationError) {
        guard let path = configuration.server.apiKeysPath else { return }
        let text = try TextFile.read(path)
        var keys: [String] = []
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let word = line.trimmingWhitespace()
            guard !word.isEmpty, !word.hasPrefix("#") else { continue }
            guard ValueFormat<[String]>.isKey(word) else {
                throw ConfigurationError(
                    .malformed,
                    at: "\(path):\(index + 1)",
                    "a key is 1 to 256 visible ASCII characters without commas"
                )
            }
            keys.append(word)
        }
        guard !keys.isEmpty, keys.count <= 1000 else {
            throw ConfigurationError(
                .malformed,
                at: path,
                keys.isEmpty ? "there is no key in it" : "has more than 1000 keys"
            )
        }
        if TextFile.isReadableByAnyone(path) { notes.append("\(path) can be read by every user of this machine") }
        configuration.server.apiKeys += keys
        let origin = Origin.follows(key: "server.api_keys_file", origins["server.api_keys_file"] ?? .builtIn)
        origins["server.api_keys"] = origins["server.api_keys"] ?? origin
    }
}
