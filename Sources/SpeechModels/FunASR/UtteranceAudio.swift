import Speech

extension UtteranceRecognizer {
    /// Refuses sound that this model cannot hear.
    func checkAudio(_ audio: AudioChunk) throws(SpeechError) {
        guard audio.channels == 1, audio.sampleRate == sampleRate, audio.frames <= longestUtterance else {
            throw SpeechError(
                .invalidAudio,
                "at most \(longestUtterance / sampleRate) s of mono audio at \(sampleRate) Hz"
            )
        }
        guard audio.samples.allSatisfy(\.isFinite) else {
            throw SpeechError(.invalidAudio, "the audio holds samples that are no numbers")
        }
    }
}
