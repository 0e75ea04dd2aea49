package import Inference
package import Speech

/// Files: a whole utterance goes through the same loop as a stream.
extension ParaformerChunks: UtteranceRecognizer {
    /// Half a minute. The loop would take any length, but positions far beyond those of training make such models fail.
    package var longestUtterance: Int { 30 * sampleRate }

    package func transcript(
        of audio: AudioChunk,
        _ options: RecognitionOptions
    ) async throws(SpeechError) -> Transcript {
        try checkAudio(audio)
        let tokens = try await speaking { () throws(InferenceError) in try await self.tokens(of: audio.samples) }
        return text.transcript(ParaformerOutput(tokens: tokens), of: audio, options)
    }

    /// The tokens of an utterance.
    /// - Parameter samples: mono at ``sampleRate``, finite.
    /// - Returns: nothing where the sound is too short for a frame: then no graph runs.
    /// - Throws: what the graphs throw; `runtimeFailed` where they gave no numbers.
    package func tokens(of samples: [Float]) async throws(InferenceError) -> [Int] {
        var stream = start()
        accept(samples[...], &stream)
        try await decode(&stream)
        try await finish(&stream)
        return stream.tokens
    }
}
