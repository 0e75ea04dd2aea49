import Foundation
import RKVoice
import Speech
import SpeechModels
import Testing
import VoiceConfiguration

/// What a configuration makes of a voice.
@Suite final class VoiceTailoringTests {
    private let path = FileManager.default.temporaryDirectory.appendingPathComponent("lexicon-\(UUID().uuidString)")
        .path

    deinit { try? FileManager.default.removeItem(atPath: path) }

    private struct Mute: SpeechSynthesizer {
        let sampleRate = 16_000
        let voices = [Voice(name: "mute", languages: [])]

        func speech(for utterance: Utterance) -> TailoredSpeech { TailoredVoice(self).speech(for: utterance) }
    }

    private func tailoring(_ lexicon: String?) throws -> VoiceTailoring {
        var wanted = Configuration.Tailoring()
        wanted.lexiconPath = lexicon
        return try VoiceTailoring(wanted)
    }

    @Test func aVoiceOfWhichNothingIsWantedStaysItself() throws {
        #expect(try tailoring(nil).applied(to: Mute()) is Mute)
        try "sql = sequel\n".write(toFile: path, atomically: true, encoding: .utf8)
        #expect(try tailoring(path).applied(to: Mute()) is TailoredVoice)
    }

    @Test func mistakesOfTheLexiconAreToldWithFileAndLine() throws {
        try "# names\nsql sequel\n".write(toFile: path, atomically: true, encoding: .utf8)
        let error = #expect(throws: SpeechError.self) { try tailoring(path) }
        #expect(error?.code == .invalidText)
        #expect(error?.message.hasPrefix("\(path):2: ") == true, "\(error?.message ?? "")")
    }

    @Test(arguments: ["/nowhere/lexicon.txt", "/tmp", "/dev/zero"]) func whatIsNoFileIsRefused(path: String) {
        let error = #expect(throws: SpeechError.self) { try tailoring(path) }
        #expect(error?.code == .unavailable)
        #expect(error?.message.hasPrefix("\(path): the lexicon cannot be read: ") == true, "\(error?.message ?? "")")
    }
}
