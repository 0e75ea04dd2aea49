package import Conversation
import Hummingbird
package import Logging
import ServiceLifecycle
package import Speech
package import Telemetry
import Transport
package import VoiceConfiguration

/// The speech server: its routes and sockets around a catalog of models.
package struct VoiceServer: Service {
    private let configuration: LiveConfiguration
    private let catalog: SpeechCatalog
    private let logger: Logger
    private let registry: PrometheusRegistry
    private let metrics: ServerMetrics
    private let admission: AdmissionQueue
    private let streams: StreamCounter
    private let readiness: Readiness
    private let version: String
    private let accelerator: AcceleratorStatus
    private let chat: any ChatModel
    private let onListening: @Sendable (Int) async -> Void

    /// - Parameters:
    ///   - configuration: address and limits; what may change while it runs is read anew for each request.
    ///   - catalog: the models, which may still be loading.
    ///   - accelerator: the board and its NPU.
    ///   - chat: answers in dialogues.
    ///   - version: of the program.
    ///   - registry: what `/metrics` shows.
    ///   - logger: where accesses and faults are told.
    ///   - onListening: told the port as soon as it is open.
    package init(
        configuration: LiveConfiguration,
        catalog: SpeechCatalog,
        accelerator: AcceleratorStatus = AcceleratorStatus(),
        chat: any ChatModel = EchoChat(),
        version: String,
        registry: PrometheusRegistry = PrometheusRegistry(),
        logger: Logger,
        onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) {
        self.configuration = configuration
        self.catalog = catalog
        self.accelerator = accelerator
        self.chat = chat
        self.version = version
        self.logger = logger
        self.registry = registry
        self.onListening = onListening
        metrics = ServerMetrics(registry: registry)
        if let npu = accelerator.npu { metrics.observe(npu) }
        admission = AdmissionQueue(configuration: configuration, metrics: metrics)
        streams = StreamCounter(configuration: configuration, metrics: metrics)
        readiness = Readiness(catalog: catalog, npu: accelerator.npu, admission: admission, logger: logger)
    }

    /// Serves until graceful shutdown or cancellation.
    package func run() async throws {
        let middlewares = Middlewares(configuration: configuration, hooks: hooks)
        let router = middlewares.router { router in
            MetricsRoute.add(to: router, registry: registry)
            PageRoutes.add(to: router)
            service.addRoutes(to: router)
        }
        let sockets = SocketRoutes(
            configuration: configuration,
            catalog: catalog,
            guardian: middlewares.sockets,
            streams: streams,
            metrics: metrics,
            readiness: readiness,
            dialogues: dialogues
        )
        let transport = TransportServer(
            configuration: configuration,
            responder: router.buildResponder(),
            sockets: { await sockets.decide($0) },
            logger: logger,
            onListening: onListening
        )
        try await withGracefulShutdownHandler {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await readiness.run() }
                defer { group.cancelAll() }
                try await transport.run()
            }
        } onGracefulShutdown: {
            readiness.shutDown()
            admission.shutDown()
            streams.shutDown()
        }
    }

    private var dialogues: DialogueRoutes {
        DialogueRoutes(
            configuration: configuration,
            catalog: catalog,
            admission: admission,
            streams: streams,
            metrics: metrics,
            readiness: readiness,
            chat: chat
        )
    }

    private var service: SpeechService {
        var service = SpeechService(
            configuration: configuration,
            catalog: catalog,
            readiness: readiness,
            admission: admission,
            metrics: metrics,
            version: version,
            logger: logger,
            accelerator: accelerator
        )
        service.chat = chat
        return service
    }

    private var hooks: MiddlewareHooks {
        let metrics = metrics
        return MiddlewareHooks(
            failure: { ($0 as? SpeechError).map(HTTPFailure.init) },
            onFailure: { metrics.failed(code: $0) },
            onFinished: { metrics.requestFinished(route: $0, method: $1, status: $2, seconds: $3) }
        )
    }
}
