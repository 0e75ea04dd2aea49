/// The forms in which a transcript is written.
package enum TranscriptFormat: String, Sendable, CaseIterable {
    /// The words alone.
    case text
    /// Segments with what is known of them, in names of our own.
    case json
    /// The same in the names of OpenAI's `verbose_json`.
    case verboseJSON = "verbose_json"
    /// Subtitles: SubRip.
    case srt
    /// Subtitles: WebVTT.
    case vtt

    /// Whether it has room for the times of words.
    package var isJSON: Bool { self == .json || self == .verboseJSON }
    /// Whether it consists of cues.
    package var isSubtitles: Bool { self == .srt || self == .vtt }
}
