/// Tells speech from everything else: samples in, probability out, the state is a value of the caller's.
public protocol SpeechDetector: Sendable {
    associatedtype State: Sendable
    /// Samples per second (Hz) expected.
    var sampleRate: Int { get }
    /// Samples per call (512 for Silero at 16 kHz).
    var window: Int { get }
    /// The state before the first sample.
    func start() -> State
    /// - Parameters:
    ///   - samples: `window` samples in [-1, 1].
    ///   - state: carried from call to call.
    /// - Returns: the probability in [0, 1] that `samples` hold speech.
    /// - Throws: `modelFailed`, `cancelled`.
    func probability(of samples: ArraySlice<Float>, state: inout State) async throws(SpeechError) -> Float
}
