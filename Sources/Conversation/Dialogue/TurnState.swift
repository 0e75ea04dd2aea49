import SpeechText

/// Whose turn it is.
package enum TurnState: String, Sendable, Hashable {
    /// Nothing is answered. Can become `thinking` (a question, or words to speak) and `closed`.
    case listening
    /// An answer is wanted, and no sound of it is there. Can become `speaking` (first sound), `listening` (the turn
    /// ended) and `closed`.
    case thinking
    /// Sound of the answer goes out. Can become `listening` (the turn ended) and `closed`.
    case speaking
    /// The dialogue is over. Nothing follows.
    case closed
}

/// A spoken turn whose text is not there yet.
struct OpenUtterance: Sendable {
    let turn: Int
    /// When it last gave a sign.
    var lastAt: Duration
    var latency = TurnLatency()
}

/// A turn that waits for the one before it.
struct WaitingTurn: Sendable {
    let turn: Int
    var text: String
    /// Whether the text is to be spoken as it is, not answered.
    let isSpokenAsIs: Bool
    /// Whether more text may come.
    var isOpen: Bool
    var latency: TurnLatency
}

/// A turn that is answered.
struct Reply: Sendable {
    /// What comes from the language model, or from the client in its place.
    struct Answer: Sendable {
        var text = ""
        var characters = 0
        var isEnded = false
        var isTruncated = false
        /// What ended it early; the sentences before are still spoken.
        var failure: TurnFailure?
        var lastAt: Duration
    }

    /// What the voice is doing.
    struct VoiceProgress: Sendable {
        /// The sentence that is spoken; nil while there is none.
        var sentence: String?
        var hasSound = false
        /// Sentences begun.
        var count = 0
        var lastAt: Duration
    }

    let turn: Int
    let question: String
    let isSpokenAsIs: Bool
    var latency: TurnLatency
    var answer: Answer
    var voice: VoiceProgress
    var pieces: SpokenPieces
    var ledger: SoundLedger

    init(_ waiting: WaitingTurn, sampleRate: Int, sentenceCharacters: Int, at now: Duration) {
        turn = waiting.turn
        question = waiting.isSpokenAsIs ? "" : waiting.text
        isSpokenAsIs = waiting.isSpokenAsIs
        latency = waiting.latency
        answer = Answer(lastAt: now)
        voice = VoiceProgress(lastAt: now)
        pieces = SpokenPieces(limit: sentenceCharacters, isMarkdown: !waiting.isSpokenAsIs)
        ledger = SoundLedger(sampleRate: sampleRate)
    }

    /// Whether nothing of it is left to be done.
    var isComplete: Bool {
        answer.isEnded && pieces.waiting.isEmpty && voice.sentence == nil && ledger.sent == ledger.generated
    }
}

/// Sentences of a growing text that can be spoken, in order.
struct SpokenPieces: Sendable {
    private var splitter: SentenceSplitter
    private let isMarkdown: Bool
    /// Sentences that wait for the voice.
    private(set) var waiting: [String] = []

    /// - Parameters:
    ///   - limit: characters of a sentence.
    ///   - isMarkdown: whether marks are left out that nobody reads aloud.
    init(limit: Int, isMarkdown: Bool) {
        splitter = SentenceSplitter(limit: limit)
        self.isMarkdown = isMarkdown
    }

    /// Characters that wait for the voice.
    var characters: Int { waiting.reduce(0) { $0 + $1.count } }

    mutating func append(_ text: String) { add(splitter.append(text)) }

    /// The text has ended.
    mutating func finish() { add(splitter.finish()) }

    mutating func next() -> String? { waiting.isEmpty ? nil : waiting.removeFirst() }

    private mutating func add(_ pieces: [String]) {
        let read = isMarkdown ? pieces.map { MarkdownText($0).text } : pieces
        waiting += read.map(SpeakableText.init).filter(\.isSpeakable).map(\.text)
    }
}
