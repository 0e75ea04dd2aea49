import Inference

/// The speakers of a voice that has several.
enum PiperSpeakers {
    /// Far more than any voice has; each is told as a voice.
    private static let most = 10_000

    /// Names in the order of their numbers; where they have none, the numbers.
    /// - Throws: `badModel` when a speaker has a number that the graph does not know.
    static func names(_ config: PiperConfig, of bundle: ModelBundle) throws(InferenceError) -> [String] {
        guard config.speakers <= most, config.speakerIDs.count <= most else {
            throw InferenceError(.badModel, "a voice has \(most) speakers at most", graph: bundle.directory)
        }
        let numbers = 0..<max(1, config.speakers)
        if let wrong = config.speakerIDs.first(where: { !numbers.contains($0.value) }) {
            throw InferenceError(
                .badModel,
                "speaker \"\(wrong.key)\" has number \(wrong.value), and there are \(numbers.count)",
                graph: bundle.directory
            )
        }
        if !config.speakerIDs.isEmpty {
            return config.speakerIDs.sorted { ($0.value, $0.key) < ($1.value, $1.key) }.map(\.key)
        }
        return numbers.count > 1 ? numbers.map(String.init) : [config.voice ?? bundle.name]
    }

    /// The number of a speaker, by name or by number.
    static func number(_ name: String, in config: PiperConfig) -> Int? {
        if let number = config.speakerIDs[name] { return number }
        guard config.speakers > 1, let number = Int(name), (0..<config.speakers).contains(number) else { return nil }
        return number
    }
}
