/// What to say and how.
public struct Utterance: Sendable, Hashable {
    /// One sentence or less; the text room has already split it.
    public var text: String
    /// Voice name as listed by the model; nil means the model's own default.
    public var voice: String?
    /// 1 is the model's natural pace; 2 is twice as fast. Range 0.25 … 4.
    public var speed: Float
    /// Makes the same text sound the same again; nil varies from call to call.
    public var seed: UInt64?
    /// How early the first sound must come.
    public var latency: Latency

    /// - Parameters:
    ///   - text: what to say.
    ///   - voice: voice name; nil means the model's own default.
    ///   - speed: pace, 0.25 … 4.
    ///   - seed: fixes the random part of the voice.
    ///   - latency: how early the first sound must come.
    public init(
        _ text: String,
        voice: String? = nil,
        speed: Float = 1,
        seed: UInt64? = nil,
        latency: Latency = .balanced
    ) {
        self.text = text
        self.voice = voice
        self.speed = speed
        self.seed = seed
        self.latency = latency
    }
}

/// The trade between the first sound and the whole cost.
public enum Latency: String, Sendable, Hashable, Codable, CaseIterable {
    /// The smallest first window: the first sound as soon as the model can.
    case low
    /// A short first window, then larger ones.
    case balanced
    /// Each sentence whole: the least work in all.
    case quality
}

/// A voice of a model.
public struct Voice: Sendable, Hashable, Codable {
    /// Name by which an ``Utterance`` asks for it.
    public var name: String
    /// Languages it speaks.
    public var languages: [Language]

    /// - Parameters:
    ///   - name: name by which an ``Utterance`` asks for it.
    ///   - languages: languages it speaks.
    public init(name: String, languages: [Language]) {
        self.name = name
        self.languages = languages
    }
}

/// What a synthesizer gives.
public enum SpeechEvent: Sendable {
    /// The next stretch of sound.
    case audio(AudioChunk)
    /// The reply is complete; what it cost.
    case finished(SynthesisMetrics)
}

/// A loaded text-to-speech model. Immutable and shared.
public protocol SpeechSynthesizer: Sendable {
    associatedtype Speech: AsyncSequence<SpeechEvent, SpeechError> & Sendable
    /// Samples per second (Hz) of everything this model says.
    var sampleRate: Int { get }
    /// Voices of this model, the default first.
    var voices: [Voice] { get }
    /// Speech for one utterance.
    ///
    /// Each chunk is computed when it is asked for: a slow listener costs no work, dropping the iterator stops it.
    /// The last element is ``SpeechEvent/finished(_:)``.
    func speech(for utterance: Utterance) -> Speech
}
