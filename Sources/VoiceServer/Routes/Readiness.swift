import Conversation
package import Inference
package import Logging
import ServiceLifecycle
package import Speech
import Synchronization
import Transport

/// Whether the server does what it is for, told by work that succeeded a short while ago and not by a flag.
///
/// Every success of a request counts. Where there was none for a while, a canary takes its place: a word is spoken,
/// and what was spoken is heard. A model that hangs is noticed, because a canary that does not come back in time has
/// failed, whether or not it can be stopped.
package final class Readiness: Service, Sendable {
    /// What can be ready.
    package enum Skill: String, Sendable, CaseIterable {
        case recognition = "asr"
        case synthesis = "tts"
    }

    /// What is known about a skill.
    private struct Record {
        var lastSuccess: ContinuousClock.Instant?
        /// When the canary that is under way began.
        var attempt: ContinuousClock.Instant?
        var failure: String?
        var failed: ContinuousClock.Instant?
        /// A request failed that should not have: the next canary flies at once.
        var isDoubted = false
    }

    private struct State {
        var records: [Skill: Record] = [:]
        var isShuttingDown = false
        /// What the last spoken canary sounded like: mono, at its rate.
        var word: AudioChunk?
    }

    /// A canary flies where nothing succeeded for this long.
    private let interval: Duration
    /// A canary that takes longer has failed.
    private let deadline: Duration
    private let catalog: SpeechCatalog
    private let npu: NPU?
    private let admission: AdmissionQueue
    private let logger: Logger
    private let state = Mutex(State())

    /// - Parameters:
    ///   - catalog: the models.
    ///   - npu: where they may run.
    ///   - admission: a canary waits for its turn like everyone.
    ///   - interval: seconds without a success after which a canary flies.
    ///   - deadline: seconds within which it has to come back.
    ///   - logger: where failures are told.
    package init(
        catalog: SpeechCatalog,
        npu: NPU? = nil,
        admission: AdmissionQueue,
        interval: Double = 30,
        deadline: Double = 30,
        logger: Logger
    ) {
        self.catalog = catalog
        self.npu = npu
        self.admission = admission
        self.interval = .seconds(interval)
        self.deadline = .seconds(deadline)
        self.logger = logger
    }

    /// Sends canaries until the server shuts down.
    package func run() async throws {
        await withGracefulShutdownHandler {
            try? await cancelWhenGracefulShutdown {
                while !Task.isCancelled {
                    await self.check()
                    try await Task.sleep(for: .milliseconds(250))
                }
            }
        } onGracefulShutdown: {
            self.shutDown()
        }
    }

    /// Not ready from now on.
    package func shutDown() { state.withLock { $0.isShuttingDown = true } }

    /// A request, or a part of one, was answered well.
    package func succeeded(_ skill: Skill) {
        state.withLock { $0.records[skill] = Record(lastSuccess: .now) }
    }

    /// A request failed, and not for a fault of its own: a canary finds out whether that is more than an accident.
    package func doubted(_ skill: Skill) {
        state.withLock { $0.records[skill, default: Record()].isDoubted = true }
    }

    /// Sends the canaries that are due, one after the other.
    package func check() async {
        // The voice first: what it says is what the recognizer hears.
        for skill in [Skill.synthesis, .recognition] where isDue(skill) {
            state.withLock { $0.records[skill, default: Record()].attempt = .now }
            do {
                try await fly(skill)
                succeeded(skill)
            } catch is HTTPFailure {
                // No turn: the server is busy, which says nothing against the models.
            } catch {
                fail(skill, error)
            }
        }
    }

    private func isDue(_ skill: Skill) -> Bool {
        guard catalog.isLoaded(skill) else { return false }
        guard let record = state.withLock({ $0.records[skill] }) else { return true }
        if let failed = record.failed, .now - failed < min(interval, .seconds(5)) { return false }
        if record.isDoubted { return true }
        return record.lastSuccess.map { .now - $0 > interval } ?? true
    }

    private func fail(_ skill: Skill, _ error: any Error) {
        guard !Task.isCancelled else { return }
        state.withLock { state in
            let last = state.records[skill]?.lastSuccess
            state.records[skill] = Record(lastSuccess: last, failure: "\(error)", failed: .now)
        }
        logger.error("a canary failed", metadata: ["skill": "\(skill.rawValue)", "error": "\(error)"])
    }

    /// One canary, stopped when it takes too long.
    private func fly(_ skill: Skill) async throws {
        let turn = try await admission.turn(kind: "canary")
        defer { turn.release() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                switch skill {
                case .synthesis: try await self.speak()
                case .recognition: try await self.hear()
                }
            }
            group.addTask { [deadline] in
                try await Task.sleep(for: deadline)
                throw SpeechError(.modelFailed, "no answer within \(deadline)")
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private func speak() async throws(SpeechError) {
        guard let voice = catalog.synthesis.model else { return }
        var manner = Utterance("")
        manner.seed = 1
        var word: AudioChunk?
        for try await event in Narration(model: voice.synthesizer, text: "Ready.", manner: manner) {
            guard case .audio(let chunk) = event else { continue }
            word = AudioChunk(samples: (word?.samples ?? []) + chunk.samples, sampleRate: chunk.sampleRate)
        }
        state.withLock { $0.word = word }
    }

    /// Hears what the voice said last; without a voice it hears a second of silence, which the detector alone judges.
    private func hear() async throws(SpeechError) {
        guard let recognition = catalog.recognition.model else { return }
        let rate = recognition.offline.sampleRate
        let silence = AudioChunk(samples: [Float](repeating: 0, count: rate), sampleRate: rate)
        try await recognition.offline.hear(state.withLock { $0.word } ?? silence)
    }
}

extension Readiness {
    /// What `/readyz` says.
    struct Verdict: Sendable {
        var isReady: Bool { reasons.isEmpty }
        /// Words for programs: `loading`, `canary_failed`, `npu_hung`, `shutting_down`, `disabled`,
        /// `failed`.
        var reasons: [String] = []
        /// Each enabled skill and how it stands.
        var details: [String: JSON] = [:]
        /// What was asked for and is not there, although the rest works.
        var shortcomings: [String] = []
    }

    /// Whether a recent inference of everything that is switched on succeeded.
    package var isReady: Bool { verdict.isReady }

    /// Why it is not ready: `loading`, `failed`, `canary_failed`, `npu_hung`, `shutting_down`, `disabled`.
    package var reasons: [String] { verdict.reasons }

    /// How things stand now.
    var verdict: Verdict {
        var verdict = Verdict()
        let state = state.withLock { $0 }
        if state.isShuttingDown { verdict.reasons.append("shutting_down") }
        if let npu, !npu.snapshot.detained.isEmpty, npu.snapshot.detained == npu.board.allCores {
            verdict.reasons.append("npu_hung")
        }
        for skill in Skill.allCases {
            guard let standing = standing(skill, state.records[skill] ?? Record()) else { continue }
            verdict.details[skill.rawValue] = .object(
                standing.detail.merging(["state": .string(standing.state)]) { $1 }
            )
            if standing.state != "ready", !verdict.reasons.contains(standing.state) {
                verdict.reasons.append(standing.state)
            }
        }
        verdict.shortcomings = catalog.synthesis.model?.shortcomings ?? []
        if verdict.details.isEmpty { verdict.reasons.append("disabled") }
        return verdict
    }

    private func standing(_ skill: Skill, _ record: Record) -> (state: String, detail: [String: JSON])? {
        switch catalog.standing(skill) {
        case .disabled: return nil
        case .failed(let error): return ("failed", ["message": .string(error.message)])
        case .loading(let step, let fraction):
            return ("loading", ["step": .string(step), "progress": fraction.map { .rounded($0) } ?? .null])
        case .ready: break
        }
        if let attempt = record.attempt, .now - attempt > deadline {
            return ("canary_failed", ["message": "the model does not answer"])
        }
        if let failure = record.failure { return ("canary_failed", ["message": .string(failure)]) }
        guard let success = record.lastSuccess else {
            return ("loading", ["step": "first inference", "progress": .null])
        }
        let age = ContinuousClock.now - success
        guard age <= interval + deadline + deadline else {
            return ("canary_failed", ["message": "nothing succeeded for \(Int(age / .seconds(1))) s"])
        }
        var detail: [String: JSON] = ["last_success_seconds": .rounded(age / .seconds(1))]
        let shortcomings = skill == .synthesis ? catalog.synthesis.model?.shortcomings ?? [] : []
        if !shortcomings.isEmpty { detail["degraded"] = JSON(shortcomings) }
        return ("ready", detail)
    }
}
