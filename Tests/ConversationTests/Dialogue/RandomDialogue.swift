import Conversation
import Speech
import Testing

/// SplitMix64 (Steele, Lea, Flood 2014): the same numbers on every machine.
struct SeededNumbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// A world of random events around a machine: users who interrupt, models that hang, events of turns long over. It
/// keeps its own books and holds the machine to them.
struct RandomDialogue {
    private(set) var machine: TurnMachine
    private var numbers: SeededNumbers
    private var now = Duration.zero
    private var answering: Int?
    private var speaking: Int?
    /// Forwarded and not yet sent.
    private var inHand: (turn: Int, frames: Int)?
    private(set) var books = Books()

    /// What the client saw.
    struct Books {
        var faults: [String] = []
        var ended: [Int: TurnReport.Outcome] = [:]
        var sent: [Int: Int] = [:]
        var isClosed = false
        var questions: Set<Int> = []
    }

    static let sampleRate = 1_000

    init(seed: UInt64) {
        numbers = SeededNumbers(state: seed)
        var rules = TurnRules()
        rules.bargeIn = TurnRules.BargeIn.allCases.randomElement(using: &numbers) ?? .speech
        rules.answersSpeech = Int.random(in: 0..<8, using: &numbers) > 0
        rules.limits.waitingCharacters = 60
        rules.limits.answerCharacters = 200
        rules.limits.waitingTurns = 3
        rules.limits.lead = Bool.random(using: &numbers) ? .seconds(2) : nil
        rules.timeouts.idle = Int.random(in: 0..<4, using: &numbers) == 0 ? .seconds(20) : nil
        machine = TurnMachine(rules: rules, sampleRate: Self.sampleRate)
    }

    /// Random events, then the end of all input.
    /// - Parameters:
    ///   - events: how many.
    ///   - isHung: whether recognizer, model and voice are silent from then on, so that only time-outs are left.
    mutating func run(events: Int, isHung: Bool) {
        for _ in 0..<events where !books.isClosed { step() }
        give(.inputEnded)
        if !isHung { give(.recognitionEnded(nil)) }
        var rounds = 0
        while !books.isClosed, rounds < 2_000 {
            rounds += 1
            settleHand()
            if isHung || !work() { sleep() }
        }
        if !books.isClosed { books.faults.append("no end after \(rounds) rounds, \(machine.state)") }
        if books.ended.count != machine.turns {
            books.faults.append("\(machine.turns) turns were opened, \(books.ended.count) ended")
        }
    }

    private mutating func step() {
        now += .milliseconds(Int.random(in: 0...400, using: &numbers))
        if let deadline = machine.deadline, deadline <= now { give(.tick) }
        settleHand()
        switch Int.random(in: 0..<24, using: &numbers) {
        case 0: give(.speechStarted)
        case 1: give(.partial(Transcript(text: "so far")))
        case 2: give(.endpoint(lastVoiced: now - .milliseconds(500)))
        case 3, 4:
            let text = ["", "what is it", "…"].randomElement(using: &numbers) ?? ""
            give(.final(Transcript(text: text), endedAt: nil))
        case 5: give(.question("how are you?", interrupts: Bool.random(using: &numbers)))
        case 6: give(.question("  ", interrupts: true))
        case 7: give(.words("Some words. And more of them. "))
        case 8: give(.wordsEnded)
        case 9: give(.abort)
        case 10: give(.played(turn: anyTurn(), .milliseconds(Int.random(in: 0...3_000, using: &numbers))))
        case 11: stale()
        case 12 where Int.random(in: 0..<12, using: &numbers) == 0: give(.hangUp)
        case 13: sleep()
        default: _ = work()
        }
    }

    /// What model and voice do next.
    /// - Returns: false when neither has anything to do.
    private mutating func work() -> Bool {
        let canSpeak = speaking != nil && machine.acceptsSound(at: now)
        if let turn = answering, machine.acceptsAnswer, !canSpeak || Bool.random(using: &numbers) {
            switch Int.random(in: 0..<10, using: &numbers) {
            case 0:
                answering = nil
                give(.answerFailed(turn: turn, TurnFailure(.languageModel, "failed", "it failed")))
            case 1, 2:
                answering = nil
                give(.answerEnded(turn: turn))
            default:
                let piece = ["One two. ", "three ", "👍", "four! Five"].randomElement(using: &numbers) ?? ""
                give(.delta(turn: turn, piece))
            }
            return true
        }
        guard canSpeak, let turn = speaking else { return false }
        switch Int.random(in: 0..<12, using: &numbers) {
        case 0:
            speaking = nil
            give(.voiceFailed(turn: turn, TurnFailure(.voice, "failed", "it failed")))
        case 1...4:
            speaking = nil
            give(.sentenceSpoken(turn: turn))
        default: give(.sound(turn: turn, frames: Int.random(in: 1...200, using: &numbers)))
        }
        return true
    }

    /// Events of turns that are over, or never were.
    private mutating func stale() {
        let turn = anyTurn()
        guard turn != machine.currentTurn else { return }
        give(.delta(turn: turn, "late. And later. "))
        give(.sound(turn: turn, frames: 10))
        give(.sentenceSpoken(turn: turn))
        give(.answerEnded(turn: turn))
        give(.voiceFailed(turn: turn, TurnFailure(.voice, "failed", "late")))
    }

    private mutating func anyTurn() -> Int { Int.random(in: 0...machine.turns + 1, using: &numbers) }

    private mutating func sleep() {
        guard let deadline = machine.deadline else {
            now += .seconds(1)
            return
        }
        now = max(now, deadline)
        give(.tick)
        if let next = machine.deadline, next <= now { books.faults.append("a time-out that is due again and again") }
    }

    private mutating func settleHand() {
        guard let (turn, frames) = inHand.take() else { return }
        books.sent[turn, default: 0] += frames
        give(.sent(turn: turn, frames: frames))
    }

    private mutating func give(_ event: TurnEvent) {
        for effect in machine.handle(event, at: now) { follow(effect, of: event) }
        let isAnswered = machine.state == .thinking || machine.state == .speaking
        if isAnswered != (machine.currentTurn != nil) { books.faults.append("\(machine.state) without its turn") }
    }

    private mutating func follow(_ effect: TurnEffect, of event: TurnEvent) {
        if books.isClosed, effect != .close { books.faults.append("\(effect) after the end") }
        switch effect {
        case .generate(let turn, let messages):
            if answering != nil { books.faults.append("two answers at once") }
            if messages.last?.role != .user { books.faults.append("the question is not last") }
            answering = turn
        case .stopAnswer(let turn):
            if answering == turn { answering = nil }
        case .speak(let turn, _):
            if speaking != nil { books.faults.append("two sentences at once") }
            if books.ended[turn] != nil { books.faults.append("turn \(turn) speaks after its end") }
            speaking = turn
        case .stopVoice(let turn):
            if speaking == turn { speaking = nil }
        case .forward(let turn):
            guard case .sound(turn, let frames) = event else { return books.faults.append("forwarded without a sound") }
            if books.ended[turn] != nil { books.faults.append("sound of turn \(turn) after its end") }
            inHand = (turn, frames)
        case .tell(let event): read(event)
        case .close: break
        }
    }

    private mutating func read(_ event: DialogueEvent) {
        let isOver = books.ended[event.turn] != nil
        switch event.content {
        case .ended(let report): end(event.turn, report)
        case .truncated:
            if !isOver { books.faults.append("turn \(event.turn) was cut before its end") }
        case .closed: books.isClosed = true
        case .question:
            if !books.questions.insert(event.turn).inserted { books.faults.append("turn \(event.turn) asks twice") }
            if isOver { books.faults.append("turn \(event.turn) asks after its end") }
        default:
            if isOver { books.faults.append("\(event.content) of turn \(event.turn) after its end") }
        }
    }

    private mutating func end(_ turn: Int, _ report: TurnReport) {
        let before = books.ended.updateValue(report.outcome, forKey: turn)
        if before != nil { books.faults.append("turn \(turn) ended twice") }
        let sent = books.sent[turn, default: 0]
        if report.sent != Double(sent) { books.faults.append("turn \(turn): \(report.sent) ms sent, counted \(sent)") }
        if report.played > report.sent || report.sent > report.generated {
            books.faults.append("turn \(turn): played \(report.played), sent \(report.sent), made \(report.generated)")
        }
    }
}
