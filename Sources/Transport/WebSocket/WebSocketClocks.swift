import NIOCore
import VoiceConfiguration

/// What a WebSocket may hold and how long it may be silent.
struct WebSocketLimits {
    /// Bytes of a message.
    let messageBytes: Int
    /// Frames of a message.
    let messageFragments: Int
    /// Frames a second, averaged over ten seconds.
    let framesPerSecond: Int
    /// Seconds between our pings.
    let pingSeconds: Double
    /// Seconds without a frame but pongs.
    let streamIdleSeconds: Double

    init(_ limits: Configuration.Limits) {
        messageBytes = limits.messageBytes
        messageFragments = limits.messageFragments
        framesPerSecond = limits.framesPerSecond
        pingSeconds = limits.pingSeconds
        streamIdleSeconds = limits.streamIdleSeconds
    }
}

/// The times of one WebSocket: when a ping is due, when the peer is gone, when it is idle, when it is too fast.
struct WebSocketClocks {
    enum Due { case ping, gone, idle, nothing }

    /// Seconds over which the rate of frames is averaged.
    private static let rateSeconds = 10.0
    /// Pings without an answer after which the peer is gone.
    private static let unansweredPings = 2

    private let limits: WebSocketLimits
    private var nextPing: NIODeadline
    private var lastData: NIODeadline
    private var pings = 0
    private var allowance: Double
    private var allowanceTime: NIODeadline

    init(limits: WebSocketLimits, now: NIODeadline = .now()) {
        self.limits = limits
        nextPing = now + .seconds(limits.pingSeconds)
        lastData = now
        allowance = Double(limits.framesPerSecond) * Self.rateSeconds
        allowanceTime = now
    }

    /// Bytes came, so somebody is there.
    mutating func heard() { pings = 0 }

    /// A frame other than a pong came or went.
    mutating func dataSeen(now: NIODeadline = .now()) { lastData = now }

    mutating func pongSeen() { pings = 0 }

    /// Whether that many more frames are within the rate.
    mutating func allows(frames: Int, now: NIODeadline = .now()) -> Bool {
        let rate = Double(limits.framesPerSecond)
        allowance = min(rate * Self.rateSeconds, allowance + (now - allowanceTime).inSeconds * rate) - Double(frames)
        allowanceTime = now
        return allowance >= 0
    }

    /// Until the next thing may be due.
    func nextDue(now: NIODeadline = .now()) -> TimeAmount {
        max(.milliseconds(1), min(nextPing, lastData + .seconds(limits.streamIdleSeconds)) - now)
    }

    /// What is due now. While we do not read (`isHeldBack`), silence says nothing about the peer.
    mutating func due(isHeldBack: Bool, now: NIODeadline = .now()) -> Due {
        if isHeldBack {
            pings = 0
            lastData = now
        }
        if now >= lastData + .seconds(limits.streamIdleSeconds) { return .idle }
        guard now >= nextPing else { return .nothing }
        guard pings < Self.unansweredPings else { return .gone }
        pings += 1
        nextPing = now + .seconds(limits.pingSeconds)
        return .ping
    }
}

extension TimeAmount {
    /// A fraction of seconds; at most a century.
    static func seconds(_ seconds: Double) -> TimeAmount {
        .nanoseconds(Int64(min(max(seconds, 0), 3e9) * 1e9))
    }

    var inSeconds: Double { Double(nanoseconds) / 1e9 }
}
