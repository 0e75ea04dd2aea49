import ArgumentParser
import RKVoice
import Speech
import VoiceConfiguration

/// Options that make a voice one's own.
struct TailoringOptions: ParsableArguments, Sendable {
    @Option(help: "File of words and how they are said, an entry a line.")
    var lexicon: String?

    @Option(help: "Seconds of silence behind each sentence, 0 to 10, in place of the voice's own.")
    var sentenceSilence: Double?

    @Option(help: "Loudness from 0 to 4; 1 is the voice's own.")
    var volume: Double = 1

    func validate() throws {
        guard (0...4).contains(volume) else { throw ValidationError("--volume is a number from 0 to 4") }
        if let sentenceSilence, !(0...10).contains(sentenceSilence) {
            throw ValidationError("--sentence-silence is a number of seconds from 0 to 10")
        }
    }

    /// What to do with a voice.
    /// - Throws: what ``VoiceTailoring`` throws of the lexicon.
    func tailoring() throws(SpeechError) -> VoiceTailoring {
        var wanted = Configuration.Tailoring()
        (wanted.lexiconPath, wanted.volume, wanted.sentenceSilence) = (lexicon, volume, sentenceSilence)
        return try VoiceTailoring(wanted)
    }
}
