public import Conversation
import Inference
import ModelStore
public import Speech
import SpeechModels
package import SpeechSignal

/// Text to speech: a loaded voice.
///
/// ```swift
/// let narrator = try await Narrator.load()
/// try await narrator.write("Hello from a small board.", to: "hello.wav")
/// ```
public struct Narrator: Sendable {
    private let model: any SpeechSynthesizer

    package init(model: any SpeechSynthesizer) { self.model = model }

    /// Loads a voice; one that is not installed is downloaded first.
    /// - Parameters:
    ///   - voice: id in the catalog (`rkvoice models list`); nil takes the default voice.
    ///   - settings: where models live and how they run.
    /// - Returns: the voice, ready to speak.
    /// - Throws: `unavailable` saying what is missing and how to get it.
    public static func load(
        _ voice: String? = nil,
        settings: Settings = .fromEnvironment()
    ) async throws(SpeechError) -> Narrator {
        try await Narrator(model: ModelLoader(settings).synthesizer(voice))
    }

    /// Samples per second (Hz) of everything this voice says.
    public var sampleRate: Int { model.sampleRate }

    /// Voices of the model, the default first.
    public var voices: [Voice] { model.voices }

    /// Speech for a text of any length, computed as it is read.
    /// - Parameters:
    ///   - text: what to say.
    ///   - voice: one of ``voices``; nil means the first.
    ///   - speed: pace, 0.25 … 4.
    ///   - seed: makes the same text sound the same again.
    ///   - latency: how early the first sound must come.
    /// - Returns: chunks of sound, then what they cost.
    public func speech(
        for text: String,
        voice: String? = nil,
        speed: Float = 1,
        seed: UInt64? = nil,
        latency: Latency = .balanced
    ) -> Narration {
        let manner = Utterance("", voice: voice, speed: speed, seed: seed, latency: latency)
        return Narration(model: model, text: text, manner: manner)
    }

    /// Speech for text that is still being written, such as a language model's answer.
    /// - Parameters:
    ///   - text: pieces of text, cut anywhere; a sentence is spoken as soon as it is complete.
    ///   - manner: voice, speed, seed and latency; its own text is not used.
    /// - Returns: chunks of sound, then what they cost.
    public func speech<Text: AsyncSequence<String, SpeechError> & Sendable>(
        reading text: Text,
        manner: Utterance = Utterance("")
    ) -> Narration {
        Narration(model: model, text: text, manner: manner)
    }

    /// Speaks into a file, which appears only when it is complete.
    /// - Parameters:
    ///   - text: what to say.
    ///   - path: the file; one that is there is replaced.
    /// - Returns: what it cost.
    /// - Throws: `invalidText` when there is nothing to say, `unavailable` when the file cannot be written.
    @discardableResult
    public func write(_ text: String, to path: String) async throws(SpeechError) -> SynthesisMetrics {
        try await speech(for: text).write(to: path)
    }
}

extension Narration {
    /// Writes the sound into a file, which appears only when it is complete.
    ///
    /// The ending of its name says what is written: `wav`, `flac`, `mp3`, `opus` or `ogg` (Opus in Ogg), `pcm` (16-bit
    /// little-endian samples and nothing else); any other means WAV.
    /// - Parameter path: the file; one that is there is replaced.
    /// - Returns: what it cost.
    /// - Throws: also `unavailable` when the file cannot be written.
    @discardableResult
    public func write(to path: String) async throws(SpeechError) -> SynthesisMetrics {
        try await write(to: path, as: nil)
    }

    /// Writes the sound into a file, which appears only when it is complete.
    /// - Parameters:
    ///   - path: the file; one that is there is replaced.
    ///   - format: what to write; by the ending of the name where nil.
    /// - Returns: what it cost.
    /// - Throws: also `unavailable` when the file cannot be written.
    @discardableResult
    package func write(to path: String, as format: AudioFormat?) async throws(SpeechError) -> SynthesisMetrics {
        var metrics = SynthesisMetrics()
        do {
            let file = try AudioFileWriter(path: path, format: format, sampleRate: model.sampleRate)
            for try await event in self {
                switch event {
                case .audio(let chunk): try file.append(chunk.samples)
                case .finished(let cost): metrics = cost
                }
            }
            try file.finish()
        } catch let error as SpeechError {
            throw error
        } catch {
            throw SpeechError(.unavailable, "\(error)", cause: error)
        }
        return metrics
    }
}
