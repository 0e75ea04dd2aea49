import Conversation
import Speech
import Testing

/// A machine and a clock of milliseconds.
struct MachineScript {
    var machine: TurnMachine
    private(set) var effects: [TurnEffect] = []

    init(_ change: (inout TurnRules) -> Void = { _ in }) {
        var rules = TurnRules()
        change(&rules)
        machine = TurnMachine(rules: rules, sampleRate: 1_000)
    }

    /// Gives an event; `effects` are those of the last one.
    mutating func give(_ event: TurnEvent, at milliseconds: Int) {
        effects = machine.handle(event, at: .milliseconds(milliseconds))
    }

    /// Lets the voice make and send some sound.
    mutating func speak(_ frames: Int, turn: Int, at milliseconds: Int) {
        give(.sound(turn: turn, frames: frames), at: milliseconds)
        give(.sent(turn: turn, frames: frames), at: milliseconds)
    }

    var told: [DialogueEvent.Content] {
        effects.compactMap { if case .tell(let event) = $0 { event.content } else { nil } }
    }

    var report: TurnReport? {
        told.compactMap { if case .ended(let report) = $0 { report } else { nil } }.first
    }

    /// Question 1 is answered with "One two three four. Five." and its first sentence is being spoken, at 1 s.
    static func speaking(_ change: (inout TurnRules) -> Void = { _ in }) -> MachineScript {
        var script = MachineScript(change)
        script.give(.question("count", interrupts: false), at: 0)
        script.give(.delta(turn: 1, "One two three four. Five."), at: 500)
        script.give(.answerEnded(turn: 1), at: 600)
        script.speak(1_000, turn: 1, at: 1_000)
        return script
    }
}

@Suite("Taking turns") struct TurnMachineTests {
    @Test("A spoken turn goes from listening through thinking to speaking and back, with its latency") func spoken() {
        var script = MachineScript()
        script.give(.speechStarted, at: 1_000)
        script.give(.partial(Transcript(text: "hello")), at: 1_500)
        script.give(.endpoint(lastVoiced: .milliseconds(1_800)), at: 2_300)
        script.give(.final(Transcript(text: "Hello."), endedAt: nil), at: 2_400)
        #expect(script.machine.state == .thinking)
        #expect(script.effects.contains(.generate(turn: 1, [ChatMessage(.user, "Hello.")])))
        script.give(.delta(turn: 1, "Hi. "), at: 2_500)
        script.give(.delta(turn: 1, "You"), at: 2_600)
        #expect(script.effects.contains(.speak(turn: 1, "Hi.")))
        script.give(.sound(turn: 1, frames: 300), at: 2_700)
        #expect(script.effects.contains(.forward(turn: 1)) && script.machine.state == .speaking)
        let latency = script.machine.currentLatency
        let lengths = TurnLatency.Step.allCases.map { latency.length(of: $0) }
        #expect(lengths == [500, 100, 100, 100, 100, 900].map { .milliseconds($0) })
        script.give(.sent(turn: 1, frames: 300), at: 2_700)
        script.give(.sentenceSpoken(turn: 1), at: 2_710)
        script.give(.answerEnded(turn: 1), at: 2_720)
        #expect(script.effects.contains(.speak(turn: 1, "You")))
        script.speak(200, turn: 1, at: 2_800)
        script.give(.sentenceSpoken(turn: 1), at: 2_810)
        #expect(script.report?.outcome == .done && script.report?.sent == 500)
        #expect(script.machine.state == .listening)
    }

    @Test("Speech cancels answer and voice at once, and the next question is told what was heard") func bargeIn() {
        var script = MachineScript.speaking()
        script.give(.speechStarted, at: 1_500)
        #expect(script.told.first == .speechStarted)
        #expect(script.effects.contains(.stopVoice(turn: 1)))
        #expect(script.report?.outcome == .cancelled(.speech))
        #expect(script.report?.played == 500 && script.report?.sent == 1_000)
        let heard = script.report?.heard ?? ""
        #expect("One two three four.".hasPrefix(heard) && !heard.isEmpty)
        script.give(.sound(turn: 1, frames: 100), at: 1_510)
        #expect(script.effects.isEmpty)
        script.give(.final(Transcript(text: "stop"), endedAt: nil), at: 2_500)
        guard case .generate(2, let messages) = script.effects.last else {
            Issue.record("no second answer: \(script.effects)")
            return
        }
        #expect(messages.map(\.text) == ["count", heard, "stop"])
    }

    @Test("Sound that is still played when its turn is over is cut, too") func tail() {
        var script = MachineScript.speaking()
        script.give(.sentenceSpoken(turn: 1), at: 1_010)
        script.speak(400, turn: 1, at: 1_020)
        script.give(.sentenceSpoken(turn: 1), at: 1_030)
        #expect(script.report?.outcome == .done)
        script.give(.abort, at: 2_000)
        guard case .truncated(let report) = script.told.first else {
            Issue.record("nothing was cut: \(script.told)")
            return
        }
        #expect(report.played == 1_000 && report.heard == "One two three four.")
        script.give(.abort, at: 2_100)
        #expect(script.effects.isEmpty)
    }

    @Test("Who ends an utterance in which there was nothing is told so") func nothingHeard() {
        var script = MachineScript()
        script.give(.final(Transcript(text: ""), endedAt: .milliseconds(90)), at: 100)
        #expect(script.report?.outcome == .cancelled(.nothingHeard))
        script.give(.final(Transcript(text: ""), endedAt: nil), at: 200)
        #expect(script.effects.isEmpty)
    }

    @Test("What the client says it had played when it stopped is what the next question is told") func corrected() {
        var script = MachineScript.speaking()
        script.give(.abort, at: 1_900)
        script.give(.played(turn: 1, .zero), at: 1_910)
        script.give(.question("again", interrupts: false), at: 2_000)
        #expect(
            script.effects.contains(.generate(turn: 2, [ChatMessage(.user, "count"), ChatMessage(.user, "again")]))
        )
    }

    @Test("A dialogue without events is closed, but not for a long answer") func idle() {
        var script = MachineScript {
            $0.timeouts.idle = .seconds(5)
            $0.timeouts.firstToken = .seconds(20)
        }
        script.give(.question("count", interrupts: false), at: 0)
        script.give(.tick, at: 20_000)
        #expect(script.machine.state == .listening && script.machine.deadline == .seconds(25))
        script.give(.tick, at: 25_000)
        #expect(script.machine.state == .closed)
    }

    @Test("A cough interrupts nothing where words are waited for") func words() {
        var script = MachineScript.speaking { $0.bargeIn = .words }
        script.give(.speechStarted, at: 1_100)
        script.give(.partial(Transcript(text: "…")), at: 1_200)
        #expect(script.report == nil)
        script.give(.partial(Transcript(text: "wait")), at: 1_300)
        #expect(script.report?.outcome == .cancelled(.speech))
    }

    @Test("Where nothing interrupts, what is heard meanwhile is thrown away to its end") func never() {
        var script = MachineScript.speaking { $0.bargeIn = .never }
        script.give(.speechStarted, at: 1_100)
        script.give(.partial(Transcript(text: "one two")), at: 1_200)
        #expect(script.effects.isEmpty)
        script.give(.voiceFailed(turn: 1, TurnFailure(.voice, "failed", "no sound")), at: 1_300)
        script.give(.final(Transcript(text: "one two"), endedAt: nil), at: 1_400)
        #expect(script.effects.isEmpty)
        script.give(.final(Transcript(text: "hello"), endedAt: nil), at: 9_000)
        #expect(script.machine.state == .thinking)
    }

    @Test("Questions that wait are answered in order; too many are refused") func waiting() {
        var script = MachineScript { $0.limits.waitingTurns = 1 }
        script.give(.question("one", interrupts: false), at: 0)
        script.give(.question("two", interrupts: false), at: 1)
        script.give(.question("three", interrupts: false), at: 2)
        guard case .failed(let failure) = script.report?.outcome else {
            Issue.record("the third was taken")
            return
        }
        #expect(failure.code == "too_many_turns")
        script.give(.answerFailed(turn: 1, TurnFailure(.languageModel, "failed", "no")), at: 3)
        #expect(script.machine.currentTurn == 2)
    }

    @Test("Words of the client are spoken as they come, and end with the next turn") func clientWords() {
        var script = MachineScript()
        script.give(.words("Hello the"), at: 0)
        script.give(.words("re. And"), at: 1)
        #expect(script.effects.contains(.speak(turn: 1, "Hello there.")))
        script.give(.sentenceSpoken(turn: 1), at: 2)
        script.give(.question("who?", interrupts: false), at: 3)
        #expect(script.effects.contains(.speak(turn: 1, "And")))
    }

    @Test(
        "Empty and endless questions are refused in words",
        arguments: [("  ", "empty_text"), (String(repeating: "a", count: 20_000), "too_long")]
    )
    func refused(text: String, code: String) {
        var script = MachineScript()
        script.give(.question(text, interrupts: true), at: 0)
        guard case .failed(let failure) = script.report?.outcome else {
            Issue.record("it was taken")
            return
        }
        #expect(failure.code == code && script.machine.state == .listening)
    }
}

@Suite("Turns that go wrong") struct TurnMachineFailureTests {
    @Test("A model that breaks off is told at once, what is there is spoken, and the turn has failed") func brokenOff()
    {
        var script = MachineScript()
        script.give(.question("count", interrupts: false), at: 0)
        script.give(.delta(turn: 1, "One two"), at: 10)
        let failure = TurnFailure(.languageModel, "cut_short", "it ended in the middle")
        script.give(.answerFailed(turn: 1, failure), at: 20)
        #expect(script.told.first == .trouble(failure))
        #expect(script.effects.contains(.speak(turn: 1, "One two")))
        script.speak(100, turn: 1, at: 30)
        script.give(.sentenceSpoken(turn: 1), at: 40)
        #expect(script.report?.outcome == .failed(failure))
        script.give(.question("go on", interrupts: false), at: 50)
        let told = [ChatMessage(.user, "count"), ChatMessage(.assistant, "One two"), ChatMessage(.user, "go on")]
        #expect(script.effects.contains(.generate(turn: 2, told)), "all of what was sent will be heard")
    }

    @Test("An empty answer is said to be one") func empty() {
        var script = MachineScript()
        script.give(.question("count", interrupts: false), at: 0)
        script.give(.delta(turn: 1, " \n"), at: 10)
        script.give(.answerEnded(turn: 1), at: 20)
        guard case .failed(let failure) = script.report?.outcome else {
            Issue.record("it passed")
            return
        }
        #expect(failure.code == "empty_answer")
    }

    @Test("An answer that has nothing to speak is done without sound") func unspeakable() {
        var script = MachineScript()
        script.give(.question("count", interrupts: false), at: 0)
        script.give(.delta(turn: 1, "👍"), at: 10)
        script.give(.answerEnded(turn: 1), at: 20)
        #expect(script.report?.outcome == .done && script.report?.generated == 0)
    }

    @Test("An answer without an end is cut at the limit, and the report says so") func endless() {
        var script = MachineScript { $0.limits.answerCharacters = 25 }
        script.give(.question("count", interrupts: false), at: 0)
        script.give(.delta(turn: 1, "One two three. "), at: 10)
        script.give(.delta(turn: 1, "Four five six. Seven"), at: 20)
        #expect(script.effects.contains(.stopAnswer(turn: 1)))
        for _ in 0..<2 { script.give(.sentenceSpoken(turn: 1), at: 30) }
        #expect(script.report?.outcome == .done && script.report?.isTruncated == true)
    }

    @Test("A model that is ahead of the voice is held back, and does not time out for it") func heldBack() {
        var script = MachineScript {
            $0.limits.waitingCharacters = 20
            $0.timeouts.betweenTokens = .seconds(2)
        }
        script.give(.question("count", interrupts: false), at: 0)
        script.give(.delta(turn: 1, "One two three. Four five six. Seven eight nine. Ten"), at: 10)
        #expect(!script.machine.acceptsAnswer)
        script.speak(100, turn: 1, at: 5_000)
        script.give(.sentenceSpoken(turn: 1), at: 9_000)
        #expect(script.machine.acceptsAnswer)
        script.give(.tick, at: 10_500)
        #expect(script.machine.currentTurn == 1)
        script.give(.tick, at: 11_500)
        #expect(
            script.told.contains { if case .trouble(let failure) = $0 { failure.code == "timed_out" } else { false } }
        )
    }

    @Test("A voice that is held back does not time out for it") func lead() {
        var script = MachineScript.speaking { $0.limits.lead = .milliseconds(200) }
        #expect(!script.machine.acceptsSound(at: .milliseconds(1_799)))
        #expect(script.machine.acceptsSound(at: .milliseconds(1_800)))
        #expect(script.machine.deadline == .milliseconds(1_800))
        script.give(.tick, at: 1_800)
        #expect(script.machine.deadline == .milliseconds(11_800))
        script.give(.tick, at: 11_800)
        guard case .failed(let failure) = script.report?.outcome else {
            Issue.record("it goes on for ever")
            return
        }
        #expect(failure.stage == .voice && failure.code == "timed_out")
    }

    @Test("A recognizer that fails ends the dialogue, and every turn in it") func recognizer() {
        var script = MachineScript.speaking { $0.bargeIn = .words }
        script.give(.speechStarted, at: 1_100)
        let failure = TurnFailure(.recognition, "modelFailed", "the recognizer failed")
        script.give(.recognitionEnded(failure), at: 1_200)
        #expect(script.told.filter { if case .ended = $0 { true } else { false } }.count == 2)
        #expect(script.told.last == .closed(failure) && script.effects.last == .close)
        #expect(script.machine.state == .closed)
        script.give(.question("still there?", interrupts: true), at: 1_300)
        #expect(script.effects.isEmpty)
    }

    @Test("A recognizer that does not come to its end is not waited for for ever") func noLastText() {
        var script = MachineScript()
        script.give(.inputEnded, at: 1_000)
        #expect(script.machine.deadline == .seconds(46))
        script.give(.tick, at: 46_000)
        guard case .closed(let failure) = script.told.last else {
            Issue.record("it waits for ever")
            return
        }
        #expect(failure?.stage == .recognition && failure?.code == "timed_out")
    }

    @Test("An utterance without a text is given up") func silence() {
        var script = MachineScript()
        script.give(.speechStarted, at: 0)
        #expect(script.machine.deadline == .seconds(60))
        script.give(.endpoint(lastVoiced: nil), at: 1_000)
        #expect(script.machine.deadline == .seconds(46))
        script.give(.tick, at: 46_000)
        guard case .failed(let failure) = script.report?.outcome else {
            Issue.record("it waits for ever")
            return
        }
        #expect(failure.stage == .recognition)
    }
}
