public import Speech
import SpeechText

/// Speech of a text of any length, computed as it is read.
///
/// The text is split into sentences, which are spoken one after the other; nothing is computed before it is asked
/// for, and dropping the iterator stops the work. The last element is ``SpeechEvent/finished(_:)`` with the cost of
/// the whole reply.
public struct Narration: AsyncSequence, Sendable {
    public typealias Element = SpeechEvent
    public typealias Failure = SpeechError

    package let model: any SpeechSynthesizer
    let text: any AsyncSequence<String, SpeechError> & Sendable
    /// How to speak; its own text is not used.
    let manner: Utterance

    /// - Parameters:
    ///   - model: the voice.
    ///   - text: pieces of text, cut anywhere.
    ///   - manner: voice, speed, seed and latency; its own text is not used.
    package init(
        model: any SpeechSynthesizer,
        text: any AsyncSequence<String, SpeechError> & Sendable,
        manner: Utterance
    ) {
        self.model = model
        self.text = text
        self.manner = manner
    }

    /// - Parameters:
    ///   - model: the voice.
    ///   - text: the whole text, of any length.
    ///   - manner: voice, speed, seed and latency; its own text is not used.
    package init(model: any SpeechSynthesizer, text: String, manner: Utterance) {
        self.init(model: model, text: WholeText(text: text), manner: manner)
    }

    public func makeAsyncIterator() -> Iterator {
        Iterator(model: model, text: text.makeAsyncIterator(), manner: manner)
    }

    /// Just the sound, without the metrics at its end.
    public var audio: some AsyncSequence<AudioChunk, SpeechError> & Sendable { AudioOnly(speech: self) }

    /// Where the text stands.
    public struct Iterator: AsyncIteratorProtocol {
        /// Longest piece given to the model, in characters: more than any ordinary sentence, and little enough that
        /// the first sound of a text without punctuation does not wait for all of it.
        static let longestPiece = 300
        /// The same for scripts whose characters are syllables.
        static let densePiece = 60

        private let model: any SpeechSynthesizer
        private var text: (any AsyncIteratorProtocol<String, SpeechError>)?
        private let manner: Utterance
        private var splitter = SentenceSplitter(limit: Self.longestPiece)
        private var pieces: ArraySlice<String> = []
        private var current: (any AsyncIteratorProtocol<SpeechEvent, SpeechError>)?
        private var position = 0
        private var metrics = SynthesisMetrics()
        private var isFinished = false

        init(model: any SpeechSynthesizer, text: any AsyncIteratorProtocol<String, SpeechError>, manner: Utterance) {
            self.model = model
            self.text = text
            self.manner = manner
        }

        public mutating func next() async throws(SpeechError) -> SpeechEvent? {
            try await next(isolation: #isolation)
        }

        public mutating func next(isolation actor: isolated (any Actor)?) async throws(SpeechError) -> SpeechEvent? {
            while !isFinished {
                if var speech = current {
                    let event = try await speech.next(isolation: actor)
                    current = speech
                    switch event {
                    case .audio(var chunk):
                        chunk.position = position
                        position += chunk.frames
                        return .audio(chunk)
                    case .finished(let cost): metrics.append(cost)
                    case nil: current = nil
                    }
                } else if let piece = try await nextPiece(isolation: actor) {
                    current = model.speech(for: manner.saying(piece, isFirst: position == 0)).makeAsyncIterator()
                } else {
                    return try finish()
                }
            }
            return nil
        }

        private mutating func nextPiece(isolation actor: isolated (any Actor)?) async throws(SpeechError) -> String? {
            while true {
                while let piece = pieces.popFirst() {
                    let clean = SpeakableText(piece)
                    if clean.isSpeakable { return clean.text }
                }
                guard var source = text else { return nil }
                if let more = try await source.next(isolation: actor) {
                    text = source
                    pieces = splitter.append(more).flatMap(Self.bounded)[...]
                } else {
                    text = nil
                    pieces = splitter.finish().flatMap(Self.bounded)[...]
                }
            }
        }

        /// Splits a piece of a dense script again: each of its characters is a syllable or, to a voice of another
        /// language, a whole phrase, and espeak-ng keeps 1,000 phonemes of a clause and drops the rest. Measured with
        /// an English voice: 100 Chinese characters lost nothing, 200 did.
        private static func bounded(_ piece: String) -> [String] {
            // From the CJK radicals on (U+2E80).
            guard piece.unicodeScalars.count(where: { $0.value >= 0x2E80 }) > densePiece else { return [piece] }
            var splitter = SentenceSplitter(limit: densePiece)
            return splitter.append(piece) + splitter.finish()
        }

        private mutating func finish() throws(SpeechError) -> SpeechEvent {
            isFinished = true
            guard position > 0 else {
                throw SpeechError(.invalidText, "there is nothing to say: the text has no letters or digits")
            }
            return .finished(metrics)
        }
    }
}

extension Utterance {
    /// A piece of a reply spoken in this manner. Only the first piece is waited for: the others are computed while it is
    /// heard, and gain nothing by being cut at a clause.
    func saying(_ piece: String, isFirst: Bool) -> Utterance {
        var utterance = self
        utterance.text = piece
        if !isFirst, latency == .low { utterance.latency = .balanced }
        return utterance
    }
}

/// The chunks of a narration.
private struct AudioOnly: AsyncSequence {
    typealias Element = AudioChunk
    typealias Failure = SpeechError
    let speech: Narration

    func makeAsyncIterator() -> Iterator { Iterator(upstream: speech.makeAsyncIterator()) }

    struct Iterator: AsyncIteratorProtocol {
        var upstream: Narration.Iterator

        mutating func next() async throws(SpeechError) -> AudioChunk? { try await next(isolation: #isolation) }

        mutating func next(isolation actor: isolated (any Actor)?) async throws(SpeechError) -> AudioChunk? {
            while let event = try await upstream.next(isolation: actor) {
                if case .audio(let chunk) = event { return chunk }
            }
            return nil
        }
    }
}

/// One string as a source of text.
struct WholeText: AsyncSequence, Sendable {
    typealias Element = String
    typealias Failure = SpeechError
    let text: String

    func makeAsyncIterator() -> Iterator { Iterator(rest: text[...]) }

    struct Iterator: AsyncIteratorProtocol {
        /// Characters handed over at a time, so that a book is not split whole before its first sound.
        static let stride = 2000
        var rest: Substring

        mutating func next() async throws(SpeechError) -> String? { try await next(isolation: #isolation) }

        mutating func next(isolation actor: isolated (any Actor)?) async throws(SpeechError) -> String? {
            guard !rest.isEmpty else { return nil }
            let part = rest.prefix(Self.stride)
            rest = rest[part.endIndex...]
            return String(part)
        }
    }
}
