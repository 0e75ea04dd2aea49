extension SpeechRecognizer {
    /// All that is said of a sound that is there whole, one decode after the other.
    /// - Parameters:
    ///   - sound: mono at ``sampleRate``.
    ///   - options: how to listen.
    /// - Returns: the events of one utterance.
    /// - Throws: `invalidAudio` for another rate or channel count, `unsupported`, `modelFailed`, `cancelled`.
    package func events(
        ofWhole sound: AudioChunk,
        _ options: RecognitionOptions = RecognitionOptions()
    ) async throws(SpeechError) -> [TranscriptEvent] {
        var session = try makeSession(options)
        var events: [TranscriptEvent] = []
        for input in [RecognizerInput.audio(sound), .endOfUtterance] {
            events += try await session.step(input)
            while !session.isListening, let work = session.works.first {
                events += try await session.take(await work.outcome())
            }
        }
        return events
    }
}
