import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import Speech
import SpeechSignal
import Telemetry
import Transport
import VoiceConfiguration
import VoiceServer

/// A server's routes without a network, around models that pretend.
struct Harness: Sendable {
    var configuration = Configuration()
    var voice: SpeechCatalog.Slot<FakeVoice> = .ready(FakeVoice())
    var recognizer: SpeechCatalog.Slot<FakeRecognizer> = .ready(FakeRecognizer())
    let registry = PrometheusRegistry()

    /// The catalog with the models wrapped as loaded ones.
    var catalog: SpeechCatalog {
        SpeechCatalog(
            recognition: recognizer.map { .init(id: "fake-asr", family: "fake", offline: $0, streaming: $0) },
            synthesis: voice.map { .init(id: "fake-tts", family: "fake", synthesizer: $0) }
        )
    }

    func service(deadline: Double = 30) -> (service: SpeechService, readiness: Readiness) {
        let live = LiveConfiguration(configuration)
        let metrics = ServerMetrics(registry: registry)
        let admission = AdmissionQueue(configuration: live, metrics: metrics)
        let catalog = catalog
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let readiness = Readiness(catalog: catalog, admission: admission, deadline: deadline, logger: logger)
        let service = SpeechService(
            configuration: live,
            catalog: catalog,
            readiness: readiness,
            admission: admission,
            metrics: metrics,
            version: "1.2.3",
            logger: logger
        )
        return (service, readiness)
    }

    /// Runs a test with a client of the routes.
    func run<Value: Sendable>(
        _ test: @Sendable (any TestClientProtocol) async throws -> Value
    ) async throws -> Value {
        let middlewares = Middlewares(configuration: LiveConfiguration(configuration))
        let service = service().service
        let router = middlewares.router { service.addRoutes(to: $0) }
        return try await Application(router: router).test(.router, test)
    }
}

extension SpeechCatalog.Slot {
    func map<Other: Sendable>(_ transform: (Model) -> Other) -> SpeechCatalog.Slot<Other> {
        switch self {
        case .disabled: .disabled
        case .loading(let step, let fraction): .loading(step: step, fraction: fraction)
        case .ready(let model): .ready(transform(model))
        case .failed(let error): .failed(error)
        }
    }
}

/// An answer, read.
struct Answer: Sendable {
    let status: Int
    let headers: HTTPFields
    let bytes: [UInt8]

    init(_ response: TestResponse) {
        status = response.status.code
        headers = response.headers
        bytes = [UInt8](response.body.readableBytesView)
    }

    subscript(header: String) -> String? { HTTPField.Name(header).flatMap { headers[$0] } }

    /// The body as JSON; null where it is none.
    var json: JSON { (try? JSONReader.read(bytes)) ?? .null }
    var code: String? { if case .string(let code) = json["code"] { code } else { nil } }
    var error: String? { if case .string(let error) = json["error"] { error } else { nil } }
    var parameter: String? { if case .string(let name) = json["parameter"] { name } else { nil } }
}

extension TestClientProtocol {
    func get(_ path: String) async throws -> Answer { try await send(path, .get) }

    func post(
        _ path: String,
        _ body: String,
        type: String? = "application/json",
        headers: HTTPFields = [:]
    ) async throws -> Answer {
        try await post(path, Array(body.utf8), type: type, headers: headers)
    }

    func post(_ path: String, _ body: [UInt8], type: String?, headers: HTTPFields = [:]) async throws -> Answer {
        var headers = headers
        headers[.contentType] = type
        return try await send(path, .post, headers: headers, body: body)
    }

    func send(
        _ path: String,
        _ method: HTTPRequest.Method,
        headers: HTTPFields = [:],
        body: [UInt8]? = nil
    ) async throws -> Answer {
        let buffer = body.map { ByteBuffer(bytes: $0) }
        return try await execute(uri: path, method: method, headers: headers, body: buffer) { Answer($0) }
    }
}

/// A WAV file of a constant.
func wav(seconds: Double, rate: Int = 16_000, level: Float = 0.25) -> [UInt8] {
    let frames = Int(seconds * Double(rate))
    return WAVHeader.bytes(sampleRate: rate, channels: 1, frames: frames)
        + PCM16.encode([Float](repeating: level, count: frames))
}
