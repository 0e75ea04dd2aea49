import Foundation
package import Speech
import SpeechModels
import SpeechText
package import VoiceConfiguration

/// Pronunciations, loudness and pauses that somebody gives a voice.
package struct VoiceTailoring: Sendable {
    private let lexicon: Lexicon?
    private let finish: SpeechFinish

    /// Reads the lexicon, if there is one.
    /// - Parameter tailoring: what is wanted.
    /// - Throws: `invalidText` naming the lines of the lexicon that are wrong; `unavailable` when it cannot be read.
    package init(_ tailoring: Configuration.Tailoring) throws(SpeechError) {
        finish = SpeechFinish(volume: Float(tailoring.volume), sentenceSilence: tailoring.sentenceSilence)
        if let path = tailoring.lexiconPath { lexicon = try Self.read(path) } else { lexicon = nil }
    }

    /// A voice as it is wanted; the voice itself where nothing is.
    package func applied(to voice: any SpeechSynthesizer) -> any SpeechSynthesizer {
        if lexicon == nil, finish == SpeechFinish() { return voice }
        return TailoredVoice(voice, lexicon: lexicon, finish: finish)
    }

    private static func read(_ path: String) throws(SpeechError) -> Lexicon {
        func unreadable(_ reason: String, _ cause: (any Error)? = nil) -> SpeechError {
            SpeechError(.unavailable, "\(path): the lexicon cannot be read: \(reason)", cause: cause)
        }
        let bytes: Data
        do {
            // A pipe could block, a device never end.
            let kind = try URL(fileURLWithPath: path).resolvingSymlinksInPath().resourceValues(forKeys: [
                .isRegularFileKey
            ])
            guard kind.isRegularFile == true else { throw unreadable("it is no regular file") }
            let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { try? file.close() }
            // One byte more than is allowed tells a file that is too large.
            bytes = try file.read(upToCount: LexiconFile.largest + 1) ?? Data()
        } catch let error as SpeechError {
            throw error
        } catch {
            throw unreadable((error as NSError).localizedDescription, error)
        }
        do throws(SpeechTextError) { return try LexiconFile.read(bytes, name: path) } catch {
            throw SpeechError(.invalidText, error.message, cause: error)
        }
    }
}
