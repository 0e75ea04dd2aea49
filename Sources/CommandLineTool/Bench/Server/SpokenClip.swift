import Conversation
import RKVoice
import Speech
import SpeechSignal
import VoiceServer

/// Speech with the words in it, as a client sends it: mono, 16 kHz.
struct SpokenClip: Sendable {
    static let sampleRate = 16_000
    /// Longest recording taken: a stream takes as long as its sound.
    static let longest = 30.0
    /// What counts as a voiced sample: louder than a hundredth of full scale.
    private static let loudness: Float = 0.01

    /// What is said.
    let text: String
    /// ISO 639-1 code.
    let language: String
    let sound: AudioChunk
    /// Seconds to the first and the last voiced sample.
    let voiced: ClosedRange<Double>

    /// - Parameters:
    ///   - text: what is said.
    ///   - language: ISO 639-1 code.
    ///   - sound: mono, 16 kHz.
    /// - Throws: ``CommandError`` when all of it is silence.
    init(text: String, language: String, sound: AudioChunk) throws {
        func isVoiced(_ sample: Float) -> Bool { abs(sample) > Self.loudness }
        guard let first = sound.samples.firstIndex(where: isVoiced),
            let last = sound.samples.lastIndex(where: isVoiced)
        else { throw CommandError(.badData, "\"\(text)\": there is no sound in its recording") }
        let rate = Double(sound.sampleRate)
        self.text = text
        self.language = language
        self.sound = sound
        voiced = Double(first) / rate...Double(last + 1) / rate
    }

    /// The file that `POST /asr` is given.
    var file: [UInt8] {
        WAVHeader.bytes(sampleRate: sound.sampleRate, channels: 1, frames: sound.frames) + PCM16.encode(sound.samples)
    }

    /// Lets a server speak a text.
    /// - Parameters:
    ///   - text: what to say.
    ///   - language: ISO 639-1 code.
    ///   - client: of the server.
    /// - Returns: what it said.
    /// - Throws: what the server says in place of it.
    static func spoken(_ text: String, _ language: String, by client: ServerClient) async throws -> SpokenClip {
        let order: JSON = ["text": .string(text), "language": .string(language), "seed": 1, "format": "wav"]
        let answer = try await client.post("/tts", "application/json", order.bytes)
        let file = FileAudio(bytes: answer.body, name: "the answer of POST /tts", maximumSeconds: longest)
        return try SpokenClip(text: text, language: language, sound: try await file.whole(atMost: longest))
    }

    /// The recordings of a test set in languages that a server understands.
    /// - Parameters:
    ///   - directory: folder with `manifest.json`.
    ///   - server: what it understands.
    /// - Returns: those of at most ``longest`` seconds; at least one.
    /// - Throws: ``CommandError`` when there is none.
    static func recorded(_ directory: String, for server: ServerProfile) async throws -> [SpokenClip] {
        var clips: [SpokenClip] = []
        for clip in try TestSet(directory: directory).clips {
            guard let language = Language(clip.language), server.understands(language.tag) else { continue }
            let sound = try await FileAudio(path: directory + "/" + clip.file).whole(atMost: 600)
            guard sound.seconds <= longest else { continue }
            clips.append(try SpokenClip(text: clip.text, language: language.tag, sound: sound))
        }
        guard !clips.isEmpty else {
            let limit = Int(longest)
            throw CommandError(.badData, "\(directory): no clip of at most \(limit) s is in a language of the server")
        }
        return clips
    }
}

/// What is said to a server, and what it is asked to say.
struct LoadTexts {
    /// Two of the four sentences that the family measures by are English, two Chinese. Where Chinese is not spoken,
    /// English ones of their lengths stand for them.
    static let english = [
        "The weather is nice today, let's go for a walk.",
        "Please turn off the lights in the living room.",
        "The quick brown fox jumps over the lazy dog.",
        "The children are playing football behind the school.",
    ]
    static let chinese = ["今天天气真不错，我们去散步吧。", "请把客厅的灯关掉。"]
    /// About 2 s of speech.
    static let short = "Good morning, how are you today?"
    /// About 6 s of speech.
    static let long = BenchTTS.sentence
}
