import Conversation
import Speech
import Telemetry

/// Counts what happens in a dialogue, and tells readiness what succeeded.
struct DialogueRecord: Sendable {
    let metrics: ServerMetrics
    let readiness: Readiness
    /// Id of the recognizer; nil where nothing is heard.
    let recognizer: String?
    /// Id of the voice; nil where nothing is spoken.
    let voice: String?

    /// Something happened.
    func note(_ event: DialogueEvent) {
        switch event.content {
        case .question(let transcript): if let cost = transcript.metrics { heard(cost) }
        case .ended(let report):
            metrics.turnEnded(report.outcome, latency: event.latency)
            if case .failed(let failure) = report.outcome { metrics.failed(code: failure.code) }
        default: break
        }
    }

    /// A sentence was spoken to its end.
    func spoke(_ cost: SynthesisMetrics) {
        guard let voice else { return }
        metrics.synthesized(cost, model: voice, firstAudioSeconds: nil)
        readiness.succeeded(.synthesis)
    }

    private func heard(_ cost: RecognitionMetrics) {
        guard let recognizer else { return }
        metrics.recognized(
            audioSeconds: cost.audioSeconds,
            inferenceSeconds: cost.inferenceSeconds,
            finalizeSeconds: cost.finalizeSeconds,
            stageMilliseconds: cost.stageMilliseconds,
            model: recognizer
        )
        readiness.succeeded(.recognition)
    }
}

extension ServerMetrics {
    /// A turn of a dialogue ended.
    ///
    /// - Parameters:
    ///   - outcome: how.
    ///   - latency: how long its steps took; only those of turns that are done are recorded.
    func turnEnded(_ outcome: TurnReport.Outcome, latency: TurnLatency) {
        count(Self.turns, outcome.labels)
        guard outcome == .done else { return }
        for step in TurnLatency.Step.allCases {
            guard let length = latency.length(of: step) else { continue }
            record(length.milliseconds / 1e3, Self.turnSeconds, [step.rawValue])
        }
    }

    static let dialogueDefinitions = [turns, turnSeconds]

    static let turns = MetricDefinition(
        .counter,
        "rkvoice_dialogue_turns_total",
        "Turns of dialogues that ended: done, cancelled or failed, and why.",
        labels: ["outcome", "reason"]
    )
    static let turnSeconds = MetricDefinition(
        .histogram,
        "rkvoice_dialogue_turn_seconds",
        "Steps of a turn that is done; total is from the last voiced sample, or the typed question, to the first sound.",
        labels: ["step"]
    )
}

extension TurnReport.Outcome {
    /// The outcome, and why.
    fileprivate var labels: [String] {
        switch self {
        case .done: ["done", "done"]
        case .cancelled(let reason): ["cancelled", reason.rawValue]
        case .failed(let failure): ["failed", failure.code]
        }
    }
}
