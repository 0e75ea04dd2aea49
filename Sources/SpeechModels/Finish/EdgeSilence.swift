/// Takes the silence from both ends of a sentence while its sound comes in.
///
/// What is quiet is held back until something louder follows, so that the closure before a plosive and pauses inside the
/// sentence are kept whole; only what is quiet to the end is cut, behind a margin.
struct EdgeSilence: Sendable {
    /// Seconds that are judged as one.
    private static let frame = 0.005
    /// Seconds kept before the first sound: the onset of h, f and s rises from below the threshold.
    private static let lead = 0.03
    /// Seconds kept behind the last one: the release of p, t and k is soft and fades.
    private static let tail = 0.06
    /// Loudest sample of a frame that is silence, of the loudest of the sentence so far (−46 dB), and in itself: a voice
    /// breathes at about 0.002.
    private static let ratio: Float = 0.005
    private static let floor: Float = 0.0015
    /// Seconds held back at most, so that memory is bounded.
    private static let longestHold = 3.0

    private let sampleRate: Int
    private let frameLength: Int
    private var rest: [Float] = []
    private var held: [Float] = []
    private var peak: Float = 0
    private var hasBegun = false

    /// - Parameter sampleRate: samples per second (Hz).
    init(sampleRate: Int) {
        self.sampleRate = sampleRate
        frameLength = max(1, Int(Self.frame * Double(sampleRate)))
    }

    /// - Returns: what is surely to be heard.
    mutating func take(_ samples: [Float]) -> [Float] {
        rest += samples
        var ready: [Float] = []
        var place = 0
        while place + frameLength <= rest.count {
            let frame = rest[place..<place + frameLength]
            place += frameLength
            judge(frame, &ready)
        }
        rest.removeFirst(place)
        return ready
    }

    /// - Returns: the end of the sentence; nothing where it was silent from start to end.
    mutating func finish() -> [Float] {
        var ready: [Float] = []
        if !rest.isEmpty { judge(rest[...], &ready) }
        if hasBegun { ready += held.prefix(Int(Self.tail * Double(sampleRate))) }
        self = EdgeSilence(sampleRate: sampleRate)
        return ready
    }

    private mutating func judge(_ frame: ArraySlice<Float>, _ ready: inout [Float]) {
        let loudest = frame.reduce(0) { max($0, abs($1)) }
        peak = max(peak, loudest)
        if loudest > max(Self.floor, Self.ratio * peak) {
            ready += held
            ready += frame
            held.removeAll(keepingCapacity: true)
            hasBegun = true
            return
        }
        held += frame
        let limit = Int((hasBegun ? Self.longestHold : Self.lead) * Double(sampleRate))
        guard held.count > limit else { return }
        if hasBegun { ready += held.prefix(held.count - limit) }
        held.removeFirst(held.count - limit)
    }
}
