/// What became of the sound of one reply: made, sent, and probably played by now.
///
/// Nobody tells how much a listener has played, unless the client does (``report(_:at:isLast:)``). Until then it is taken to
/// play in real time what it has, from the moment it has it, and to wait where it has nothing.
package struct SoundLedger: Sendable, Equatable {
    /// A sentence and its sound, in frames.
    private struct Sentence: Sendable, Equatable {
        var text: String
        var generated = 0
        var sent = 0
        var isWhole = false
    }

    /// Frames per second (Hz).
    package let sampleRate: Int
    /// Frames that the voice has made.
    package private(set) var generated = 0
    /// Frames that were handed to the client.
    package private(set) var sent = 0
    /// When the client will have played what it has, since the dialogue began; nil before the first sound.
    package private(set) var playbackEnd: Duration?
    private var sentences: [Sentence] = []
    /// Frames played when the client stopped; nil where it has not said so.
    private var reported: Int?

    /// - Parameter sampleRate: frames per second (Hz).
    package init(sampleRate: Int) { self.sampleRate = max(1, sampleRate) }

    /// A sentence goes to the voice.
    package mutating func begin(_ text: String) { sentences.append(Sentence(text: text)) }

    /// The voice has made more of the sentence.
    package mutating func generate(_ frames: Int) {
        guard !sentences.isEmpty, frames > 0 else { return }
        sentences[sentences.count - 1].generated += frames
        generated += frames
    }

    /// The voice has made all of the sentence.
    package mutating func finishSentence() {
        guard !sentences.isEmpty else { return }
        sentences[sentences.count - 1].isWhole = true
    }

    /// Sound was handed to the client; never more than was made.
    package mutating func send(_ frames: Int, at now: Duration) {
        var rest = min(frames, generated - sent)
        guard rest > 0 else { return }
        playbackEnd = max(playbackEnd ?? now, now) + .frames(rest, at: sampleRate)
        sent += rest
        for index in sentences.indices where rest > 0 {
            let taken = min(rest, sentences[index].generated - sentences[index].sent)
            sentences[index].sent += taken
            rest -= taken
        }
    }

    /// The client says how much it has played; believed up to what was sent.
    /// - Parameters:
    ///   - played: from the beginning of the reply.
    ///   - now: when it said so.
    ///   - isLast: whether it has stopped there; otherwise it goes on from there.
    package mutating func report(_ played: Duration, at now: Duration, isLast: Bool) {
        let exact = (played.milliseconds * Double(sampleRate) / 1e3).rounded()
        let frames = exact >= Double(sent) ? sent : max(0, Int(exact))
        if isLast { reported = frames } else { playbackEnd = now + .frames(sent - frames, at: sampleRate) }
    }

    /// Frames that the listener has probably heard.
    package func played(at now: Duration) -> Int {
        if let reported { return reported }
        guard let playbackEnd, now < playbackEnd else { return sent }
        let ahead = (playbackEnd - now).milliseconds * Double(sampleRate) / 1e3
        // A thousandth of a frame is rounding.
        return max(0, sent - Int((ahead - 1e-3).rounded(.up)))
    }

    /// Whether the listener probably still has something to play.
    package func isPlaying(at now: Duration) -> Bool { played(at: now) < sent }

    /// The words that the listener has probably heard: of a sentence that was cut off, as many characters as its share
    /// of sound, back to the end of a word.
    package func heard(at now: Duration) -> String {
        var rest = played(at: now)
        var words: [String] = []
        for sentence in sentences where rest > 0 {
            let isWhole = sentence.isWhole && rest >= sentence.generated
            words.append(isWhole ? sentence.text : Self.part(of: sentence.text, share: share(rest, of: sentence)))
            rest -= min(rest, sentence.generated)
        }
        return words.filter { !$0.isEmpty }.joined(separator: " ")
    }

    private func share(_ frames: Int, of sentence: Sentence) -> Double {
        let heard = min(frames, sentence.generated)
        // How long the rest of an unfinished sentence would have been is a guess, and it is made too long rather than
        // too short: a model that is told less than was heard repeats itself, one told more has skipped something.
        let whole = sentence.isWhole ? sentence.generated : max(sentence.generated, expectedFrames(sentence.text))
        return whole > 0 ? Double(heard) / Double(whole) : 0
    }

    /// An English voice says about 15 characters a second, a Chinese one about 5 syllables.
    private func expectedFrames(_ text: String) -> Int {
        // From the CJK radicals on (U+2E80) a character is a syllable.
        let wide = text.unicodeScalars.count { $0.value >= 0x2E80 }
        let narrow = text.unicodeScalars.count - wide
        return Int((Double(wide) / 5 + Double(narrow) / 15) * Double(sampleRate))
    }

    private static func part(of text: String, share: Double) -> String {
        guard share < 1 else { return text }
        let count = Int(Double(text.count) * max(0, share))
        let cut = text.prefix(count)
        let next = cut.endIndex < text.endIndex ? text[cut.endIndex] : " "
        let isInsideWord = next.isLetter && next.isASCII && cut.last?.isLetter == true
        guard isInsideWord else { return trimmed(cut) }
        return trimmed(cut[..<(cut.lastIndex { $0.isWhitespace } ?? cut.startIndex)])
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
