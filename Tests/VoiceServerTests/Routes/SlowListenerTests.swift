import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOEmbedded
import Speech
import Synchronization
import Testing
import Transport
import VoiceConfiguration
import VoiceServer

/// A listener that takes nothing for a while.
@Suite struct SlowListenerTests {
    /// Takes the first bytes at once, and the rest when a gate is opened.
    private struct SlowWriter: ResponseBodyWriter {
        let gate: Gate
        let log: Log

        mutating func write(_ buffer: ByteBuffer) async throws {
            if log.count > 0 { try await gate.wait() }
            log.add(buffer.readableBytes)
        }

        consuming func finish(_ trailingHeaders: HTTPFields?) async throws { log.end() }
    }

    private final class Log: Sendable {
        private let state = Mutex<(sizes: [Int], hasEnded: Bool)>(([], false))
        var count: Int { state.withLock { $0.sizes.count } }
        var bytes: Int { state.withLock { $0.sizes.reduce(0, +) } }
        var hasEnded: Bool { state.withLock { $0.hasEnded } }
        func add(_ size: Int) { state.withLock { $0.sizes.append(size) } }
        func end() { state.withLock { $0.hasEnded = true } }
    }

    /// Opened once.
    private actor Gate {
        private var isOpen = false
        private var waiting: [CheckedContinuation<Void, Never>] = []

        func wait() async throws {
            guard !isOpen else { return }
            await withCheckedContinuation { waiting.append($0) }
        }

        func open() {
            isOpen = true
            for continuation in waiting { continuation.resume() }
            waiting = []
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func costsNoComputingAndKeepsNobodyFromSpeaking() async throws {
        let voice = FakeVoice()
        var harness = Harness(voice: .ready(voice))
        harness.configuration.limits.concurrentRequests = 1
        let service = harness.service().service
        let router = Router(context: TransportContext.self)
        service.addRoutes(to: router)
        let responder = router.buildResponder()
        let respond: @Sendable (String, String) async throws -> Response = { path, text in
            let body = ByteBuffer(string: #"{"text": "\#(text)"}"#)
            let request = Request(
                head: HTTPRequest(method: .post, scheme: "http", authority: "localhost", path: path),
                body: RequestBody(buffer: body)
            )
            let source = ApplicationRequestContextSource(
                channel: NIOAsyncTestingChannel(),
                logger: Logger(label: "test")
            )
            return try await responder.respond(to: request, context: TransportContext(source: source))
        }
        let (gate, log) = (Gate(), Log())
        let slow = try await respond("/tts/stream", "one two three four five six seven eight")
        let listener = Task { try await slow.body.write(SlowWriter(gate: gate, log: log)) }
        // The only turn is the slow one's until it stands aside.
        let other = try await respond("/tts", "nine ten")
        #expect(other.status == .ok)
        // One chunk was taken, one waits to be taken, and nothing was made ahead.
        #expect(log.count == 1)
        #expect(voice.log.chunks == 2 + 2)
        await gate.open()
        try await listener.value
        #expect(log.hasEnded)
        #expect(log.bytes == 4 + 8 * 3200)
    }
}
