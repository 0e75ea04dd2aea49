import Conversation
import HTTPTypes
import Hummingbird
import NIOCore
import Speech
import SpeechSignal
import Transport
import VoiceConfiguration

/// `POST /tts` and `POST /tts/stream`: a text in, speech out.
struct SpeakRoutes: Sendable {
    /// The most sound that one answer of `/tts` may hold in memory, as 16-bit samples: 50 minutes at 22,050 Hz.
    static let wholeReplyBytes = 128 << 20
    /// How long a client may take to read some bytes before others may compute.
    private static let patience = Duration.seconds(1)

    let service: SpeechService

    /// A request that is sound, with the voice that will speak.
    private struct Order: Sendable {
        var request: SpeechRequest
        var utterance: Utterance
        var voice: SpeechCatalog.Synthesis
        var format: AudioFormat
        let received: ContinuousClock.Instant

        var narration: Narration {
            Narration(model: voice.synthesizer, text: request.text, manner: utterance)
        }
    }

    /// The whole reply, with what it cost in the headers.
    func whole(_ request: Request, _ context: TransportContext) async throws -> Response {
        let order = try await order(request, usual: .wav)
        return try await service.counted("tts") {
            let turn = try await service.admission.turn(kind: "tts", client: context.client)
            let (reply, rate) = try reply(order, isStreaming: false, turn: turn, client: context.client)
            var body: [UInt8] = []
            while let bytes = try await reply.next() { body = bytes }
            let cost = await reply.cost
            service.metrics.synthesized(cost, model: order.voice.id, firstAudioSeconds: nil)
            service.readiness.succeeded(.synthesis)
            var headers = self.headers(order, sampleRate: rate)
            headers[.audioDuration] = Self.decimal(cost.duration)
            headers[.inferenceTime] = Self.decimal(cost.inferenceTime)
            headers[.realTimeFactor] = Self.decimal(cost.rtf)
            var timing = ServerTiming(queueSeconds: turn.waitSeconds, stageMilliseconds: cost.stageMilliseconds)
            timing.add("tts", milliseconds: 1000 * cost.inferenceTime)
            headers[.serverTiming] = timing.header
            return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: body)))
        }
    }

    /// The reply as it is made. Whatever goes wrong before the first sound is an ordinary error; later the connection
    /// breaks, so that half a reply never looks like a whole one.
    func stream(_ request: Request, _ context: TransportContext) async throws -> Response {
        let order = try await order(request, usual: .rated)
        let start = try await service.counted("tts") { try await begin(order, client: context.client) }
        let firstSeconds = (ContinuousClock.now - order.received) / .seconds(1)
        var headers = self.headers(order, sampleRate: start.sampleRate)
        var timing = ServerTiming(queueSeconds: start.waitSeconds)
        timing.add("first", milliseconds: 1000 * firstSeconds)
        headers[.serverTiming] = timing.header
        return Response(
            status: .ok,
            headers: headers,
            body: ResponseBody { writer in
                try await service.counted("tts") {
                    var next: [UInt8]? = start.bytes
                    while let bytes = next {
                        service.readiness.succeeded(.synthesis)
                        try await Self.write(bytes, of: start.reply, to: &writer)
                        next = try await start.reply.next()
                    }
                    let cost = await start.reply.cost
                    service.metrics.synthesized(cost, model: order.voice.id, firstAudioSeconds: firstSeconds)
                }
                try await writer.finish(nil)
            }
        )
    }

    /// A reply of which the first sound has been made.
    private struct Start: Sendable {
        var reply: SpokenReply
        var sampleRate: Int
        var bytes: [UInt8]
        var waitSeconds: Double
    }

    private func begin(_ order: Order, client: String) async throws -> Start {
        let turn = try await service.admission.turn(kind: "tts", client: client)
        let (reply, rate) = try reply(order, isStreaming: true, turn: turn, client: client)
        let bytes = try await reply.next() ?? []
        service.readiness.succeeded(.synthesis)
        return Start(reply: reply, sampleRate: rate, bytes: bytes, waitSeconds: turn.waitSeconds)
    }

    /// Writes some bytes; where the client takes long to read them, the reply stands aside meanwhile.
    private static func write(
        _ bytes: [UInt8],
        of reply: SpokenReply,
        to writer: inout any ResponseBodyWriter
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                // Cancelled when the bytes were written before.
                guard (try? await Task.sleep(for: patience)) != nil else { return }
                await reply.standAside()
            }
            defer { group.cancelAll() }
            try await writer.write(ByteBuffer(bytes: bytes))
        }
    }

    /// A turn for a reply that stood aside: its client has waited once, so being many is no reason to cut it off.
    private func anotherTurn(_ client: String) async throws -> AdmissionTurn {
        while true {
            do {
                return try await service.admission.turn(kind: "tts", client: client)
            } catch let failure as HTTPFailure where failure.code != "shutting_down" {
                try await Task.sleep(for: Self.patience)
            }
        }
    }

    private func order(_ request: Request, usual: AudioFormat) async throws -> Order {
        let received = ContinuousClock.now
        let configuration = service.configuration.current
        try request.requireJSON()
        let accepted = try SpeechMedia.format(accepting: request.headers[.accept], usual: usual)
        let bytes = try await request.bytes(atMost: SpeechRequest.bodyLimit(configuration.limits))
        let speech = try SpeechRequest(bytes, query: request.query, configuration: configuration)
        let voice = try service.synthesis()
        return Order(
            request: speech,
            utterance: try speech.utterance(for: voice),
            voice: voice,
            format: speech.format ?? accepted,
            received: received
        )
    }

    private func reply(
        _ order: Order,
        isStreaming: Bool,
        turn: AdmissionTurn,
        client: String
    ) throws -> (reply: SpokenReply, sampleRate: Int) {
        let rate = order.voice.synthesizer.sampleRate
        do throws(AudioError) {
            let encoder = try AudioEncoder(order.format, sampleRate: rate, isStreaming: isStreaming)
            let encodedRate = encoder.sampleRate
            let limit = isStreaming ? Int.max : Self.wholeReplyBytes / 2
            let reply = SpokenReply(
                order.narration,
                encoder: encoder,
                volume: order.request.volume,
                frameLimit: limit,
                turn: turn,
                takeTurn: { try await anotherTurn(client) }
            )
            return (reply, encodedRate)
        } catch {
            throw HTTPFailure.invalid("format", error.message)
        }
    }

    private func headers(_ order: Order, sampleRate: Int) -> HTTPFields {
        var headers: HTTPFields = [
            .contentType: SpeechMedia.type(of: order.format, sampleRate: sampleRate),
            .sampleRate: String(sampleRate),
            .audioChannels: "1",
        ]
        if !order.request.ignored.isEmpty { headers[.ignoredParameters] = HeaderList.text(order.request.ignored) }
        return headers
    }

    private static func decimal(_ value: Double) -> String { String((value * 10_000).rounded() / 10_000) }
}
