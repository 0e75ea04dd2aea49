import Conversation
import Testing

@Suite("The ledger of sound") struct SoundLedgerTests {
    /// 1 s of "one two three four" and half a second of "five six", all sent at 10 s.
    private func spoken() -> SoundLedger {
        var ledger = SoundLedger(sampleRate: 1_000)
        for (text, frames) in [("one two three four", 1_000), ("five six", 500)] {
            ledger.begin(text)
            ledger.generate(frames)
            ledger.finishSentence()
        }
        ledger.send(1_500, at: .seconds(10))
        return ledger
    }

    @Test("A listener plays in real time what it has") func plays() {
        let ledger = spoken()
        #expect(ledger.played(at: .seconds(10)) == 0)
        #expect(ledger.played(at: .milliseconds(10_400)) == 400)
        #expect(ledger.played(at: .seconds(12)) == 1_500)
        #expect(ledger.isPlaying(at: .milliseconds(11_499)) && !ledger.isPlaying(at: .milliseconds(11_500)))
    }

    @Test("Where nothing was there to play, the listener has waited") func waits() {
        var ledger = SoundLedger(sampleRate: 1_000)
        ledger.begin("a")
        ledger.generate(200)
        ledger.send(100, at: .seconds(1))
        ledger.send(100, at: .seconds(5))
        #expect(ledger.played(at: .milliseconds(5_050)) == 150)
    }

    @Test("Heard are whole words, and never more than was played") func heard() {
        let ledger = spoken()
        #expect(ledger.heard(at: .seconds(10)) == "")
        #expect(ledger.heard(at: .milliseconds(10_500)) == "one two")
        #expect(ledger.heard(at: .milliseconds(11_000)) == "one two three four")
        #expect(ledger.heard(at: .milliseconds(11_300)) == "one two three four five")
        #expect(ledger.heard(at: .seconds(20)) == "one two three four five six")
    }

    @Test("A sentence whose end is not made yet counts for less") func unfinished() {
        var ledger = SoundLedger(sampleRate: 1_000)
        ledger.begin("a sentence of thirty characters")
        ledger.generate(400)
        ledger.send(400, at: .zero)
        let heard = ledger.heard(at: .seconds(1))
        #expect(!heard.isEmpty && heard.count < 10, "\(heard)")
    }

    @Test("Scripts without spaces are cut between characters") func wide() {
        var ledger = SoundLedger(sampleRate: 1_000)
        ledger.begin("今天天气很好")
        ledger.generate(600)
        ledger.finishSentence()
        ledger.send(600, at: .zero)
        #expect(ledger.heard(at: .milliseconds(300)) == "今天天")
    }

    @Test("What the client says it has played is believed, up to what was sent") func reported() {
        for (said, believed) in [(Duration.milliseconds(250), 250), (.seconds(1 << 40), 1_500), (.seconds(-5), 0)] {
            var ledger = spoken()
            ledger.report(said, at: .seconds(10), isLast: true)
            #expect(ledger.played(at: .seconds(10)) == believed && ledger.played(at: .seconds(30)) == believed)
        }
    }

    @Test("A client that plays on is taken to go on from where it says it is") func playsOn() {
        var ledger = spoken()
        // It began late.
        ledger.report(.milliseconds(100), at: .milliseconds(10_500), isLast: false)
        #expect(ledger.played(at: .milliseconds(10_500)) == 100)
        #expect(ledger.played(at: .milliseconds(11_000)) == 600)
        #expect(!ledger.isPlaying(at: .milliseconds(11_900)))
    }

    @Test("No more is sent than was made") func bounded() {
        var ledger = SoundLedger(sampleRate: 1_000)
        ledger.send(100, at: .zero)
        ledger.begin("a")
        ledger.generate(50)
        ledger.send(100, at: .zero)
        #expect(ledger.sent == 50)
    }
}
