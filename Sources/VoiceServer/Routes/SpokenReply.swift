import Conversation
import HTTPTypes
import Inference
import Speech
import SpeechSignal
import Synchronization
import Transport

/// One reply as encoded bytes, computed when it is pulled.
///
/// Dropping it, or an error, stops the work and gives the turn back.
actor SpokenReply {
    /// Encoding takes milliseconds of computing a chunk; it stays off the cooperative pool.
    private static let threads = (0..<4).map { BlockingThread(label: "rkvoice.reply.\($0)") }
    private static let next = Mutex(0)

    private let thread: BlockingThread
    private let encoder: AudioEncoder
    private let volume: Float
    private let frameLimit: Int
    private let takeTurn: @Sendable () async throws -> AdmissionTurn
    /// Nil while it stands aside, and after the end.
    private var turn: AdmissionTurn?
    private var speech: Narration.Iterator?
    /// Frames spoken so far, at the voice's rate.
    private var frames = 0
    /// What the whole reply cost; known at the end.
    private(set) var cost = SynthesisMetrics()

    /// - Parameters:
    ///   - speech: what is said.
    ///   - encoder: makes the format.
    ///   - volume: factor on each sample.
    ///   - frameLimit: the longest reply, in frames at the voice's rate.
    ///   - turn: given back at the end.
    ///   - takeTurn: gets another turn after ``standAside()``.
    init(
        _ speech: Narration,
        encoder: sending AudioEncoder,
        volume: Double,
        frameLimit: Int,
        turn: AdmissionTurn,
        takeTurn: @escaping @Sendable () async throws -> AdmissionTurn
    ) {
        self.speech = speech.makeAsyncIterator()
        self.encoder = encoder
        self.volume = Float(volume)
        self.frameLimit = frameLimit
        self.turn = turn
        self.takeTurn = takeTurn
        let index = Self.next.withLock { next in
            next = (next + 1) % Self.threads.count
            return next
        }
        thread = Self.threads[index]
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// Gives the turn back until the next bytes are asked for: a listener who hears in real time, or slower, must not
    /// keep others from computing.
    func standAside() {
        turn?.release()
        turn = nil
    }

    /// The next bytes, never an empty run; nil at the end.
    /// - Throws: what the voice throws; `modelFailed` when encoding fails; 413 `reply_too_long`.
    func next() async throws -> [UInt8]? {
        do {
            if turn == nil, speech != nil { turn = try await takeTurn() }
            while var speech = speech.take() {
                guard let event = try await speech.next(isolation: self) else { break }
                let bytes: [UInt8]
                switch event {
                case .audio(let chunk):
                    frames += chunk.frames
                    guard frames <= frameLimit else { throw tooLong(chunk.sampleRate) }
                    bytes = try encoder.encode(volume == 1 ? chunk.samples : chunk.samples.map { $0 * volume })
                    self.speech = speech
                case .finished(let cost):
                    self.cost = cost
                    bytes = try encoder.finish()
                }
                if !bytes.isEmpty { return bytes }
            }
            standAside()
            return nil
        } catch {
            standAside()
            throw (error as? AudioError).map { SpeechError(.modelFailed, $0.message, cause: $0) } ?? error
        }
    }

    private func tooLong(_ sampleRate: Int) -> HTTPFailure {
        let message = "the speech is longer than \(frameLimit / sampleRate) s, which one answer holds; use /tts/stream"
        return HTTPFailure(.contentTooLarge, "reply_too_long", message, parameter: "text")
    }
}
