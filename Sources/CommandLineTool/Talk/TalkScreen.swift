import Conversation
import Speech

/// What a conversation shows: partial texts that are drawn over, then what was said, the answer, and where the time
/// went.
struct TalkScreen {
    let console: Console
    let isJSON: Bool
    /// Board whose NPU is simulated; nil where none is.
    let simulated: String?
    private var answer = ""
    private var question = ""
    private var isDrawn = false

    init(console: Console, isJSON: Bool, simulated: String?) {
        self.console = console
        self.isJSON = isJSON
        self.simulated = simulated
    }

    mutating func take(_ event: DialogueEvent) throws {
        switch event.content {
        case .partial(let transcript): draw(transcript.text)
        case .question(let transcript):
            clear()
            question = transcript.text
            if !isJSON { try console.print("you: " + question) }
        case .answer(let delta): answer += delta
        case .trouble(let failure): console.warn(failure.message)
        case .ended(let report): try end(report, event)
        case .truncated(let report): if !isJSON { console.note("  heard until: \(report.heard)") }
        default: break
        }
    }

    private mutating func end(_ report: TurnReport, _ event: DialogueEvent) throws {
        clear()
        defer { (question, answer) = ("", "") }
        if report.outcome == .cancelled(.nothingHeard) { return }
        if isJSON {
            try console.printJSON(TurnLine(event, report, question: question, answer: answer, simulated: simulated))
            return
        }
        switch report.outcome {
        case .done: try console.print("rkvoice: " + answer)
        case .cancelled: try console.print("rkvoice: \(report.heard) [interrupted]")
        case .failed(let failure): Terminal.error(failure.message)
        }
        console.note("  " + Self.budget(event.latency, simulated: simulated))
    }

    /// `endpoint 512 ms, recognition 180 ms, …, total 902 ms`.
    private static func budget(_ latency: TurnLatency, simulated: String?) -> String {
        let steps = TurnLatency.Step.allCases.compactMap { step in
            latency.length(of: step)
                .map { length in
                    let name = step.rawValue.split(separator: "_").joined(separator: " ")
                    return "\(name) \(Int(length.milliseconds.rounded())) ms"
                }
        }
        return steps.joined(separator: ", ") + (simulated.map { " (\($0) simulated)" } ?? "")
    }

    private mutating func draw(_ text: String) {
        guard Terminal.isInteractive, !console.isQuiet else { return }
        // The end of a long text is what was said last.
        let room = max(10, Terminal.columns - 6)
        let shown = text.count > room ? "…" + text.suffix(room - 1) : text
        Terminal.draw("\r\u{1B}[Kyou: " + shown)
        isDrawn = true
    }

    private mutating func clear() {
        guard isDrawn else { return }
        Terminal.draw("\r\u{1B}[K")
        isDrawn = false
    }
}

/// What `talk --json` prints for a turn.
private struct TurnLine: Encodable {
    var turn: Int
    var question: String
    var answer: String
    /// What was probably heard of the answer.
    var heard: String
    var outcome: String
    var latencyMilliseconds: [String: Double]
    var generatedMilliseconds: Double
    var sentMilliseconds: Double
    var playedMilliseconds: Double
    var simulated: String?

    init(_ event: DialogueEvent, _ report: TurnReport, question: String, answer: String, simulated: String?) {
        turn = event.turn
        self.question = question
        self.answer = answer
        heard = report.heard
        outcome =
            switch report.outcome {
            case .done: "done"
            case .cancelled(let reason): "cancelled: " + reason.rawValue
            case .failed(let failure): "failed: " + failure.message
            }
        latencyMilliseconds = event.latency.milliseconds.mapValues { $0.rounded() }
        generatedMilliseconds = report.generated.rounded()
        sentMilliseconds = report.sent.rounded()
        playedMilliseconds = report.played.rounded()
        self.simulated = simulated
    }
}
