import ArgumentParser
import Foundation
import Speech
import SpeechModels
import SpeechText

/// Options that make a voice one's own.
struct TailoringOptions: ParsableArguments, Sendable {
    @Option(help: "File of words and how they are said, an entry a line.")
    var lexicon: String?

    @Option(help: "Seconds of silence behind each sentence, 0 to 10, in place of the voice's own.")
    var sentenceSilence: Double?

    @Option(help: "Loudness from 0 to 4; 1 is the voice's own.")
    var volume: Float = 1

    func validate() throws {
        guard (0...4).contains(volume) else { throw ValidationError("--volume is a number from 0 to 4") }
        if let sentenceSilence, !(0...10).contains(sentenceSilence) {
            throw ValidationError("--sentence-silence is a number of seconds from 0 to 10")
        }
    }

    /// What to do with a voice.
    /// - Returns: the voice as it was where nothing is asked for.
    /// - Throws: `invalidText` naming the lines of the lexicon that are wrong; `unavailable` when it cannot be read.
    func tailor() throws(SpeechError) -> (any SpeechSynthesizer) -> any SpeechSynthesizer {
        let finish = SpeechFinish(volume: volume, sentenceSilence: sentenceSilence)
        guard let path = lexicon else {
            return { finish == SpeechFinish() ? $0 : TailoredVoice($0, finish: finish) }
        }
        let words = try read(path)
        return { TailoredVoice($0, lexicon: words, finish: finish) }
    }

    private func read(_ path: String) throws(SpeechError) -> Lexicon {
        let bytes: Data
        do {
            let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { try? file.close() }
            // One byte more than is allowed tells a file that is too large.
            bytes = try file.read(upToCount: LexiconFile.largest + 1) ?? Data()
        } catch {
            throw SpeechError(.unavailable, "\(path): the lexicon cannot be read", cause: error)
        }
        do throws(SpeechTextError) { return try LexiconFile.read(bytes, name: path) } catch {
            throw SpeechError(.invalidText, error.message, cause: error)
        }
    }
}
