package import VoiceConfiguration

/// Which words are expected, and what becomes of recognized texts.
package struct TextSettings: Sendable, Hashable {
    /// Whether numbers come as one writes them.
    package var writtenForm: WrittenFormChoice
    /// Id of a model that puts marks into them; nil: none.
    package var punctuationModel: String?
    /// Words to listen for.
    package var hotwords: [String]

    /// What a configuration says.
    package init(_ configuration: Configuration) {
        writtenForm = configuration.asr.writtenForm
        punctuationModel = configuration.asr.punctuationModel
        hotwords = configuration.asr.hotwords
    }
}
