import ArgumentParser
import Glibc
import Logging
import Metrics
import RKVoice
import ServiceLifecycle
import Speech
import Telemetry
import UnixSignals
import VoiceConfiguration
import VoiceServer

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve speech over HTTP and WebSocket.",
        discussion: """
            Opens the port at once and loads the models beside it; GET /readyz says when they are there. SIGTERM and \
            Ctrl-C let running work finish, SIGHUP reads the configuration again. `rkvoice config` shows every setting.

            Examples:
              rkvoice serve
              rkvoice serve --port 9000 --no-tts
              rkvoice serve --host 0.0.0.0 --api-key-file keys.txt --tls-cert cert.pem --tls-key key.pem
              curl -s localhost:8621/tts -d '{"text":"Hello."}' -o hello.wav
              curl -s localhost:8621/asr -F file=@hello.wav
            """
    )

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        // A client that goes away is an error of the write, not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        try await reportingErrors {
            let loaded = try options.load()
            let console = Console(isQuiet: false, noColor: loaded.configuration.noColor)
            for warning in loaded.warnings { console.warn(warning) }
            try tellOfAudioLLM(loaded.configuration.audioLLM, console)
            // Before the port is open: a server with a lexicon that cannot be read does not come up.
            let tailoring = try VoiceTailoring(loaded.configuration.tts.tailoring)
            try await serve(loaded, tailoring, console)
        }
    }

    /// No model of this version answers sound itself: who asks for one hears so, as for the other halves.
    private func tellOfAudioLLM(_ wanted: Configuration.AudioLLM, _ console: Console) throws(ConfigurationError) {
        do throws(ConfigurationError) { try wanted.requireAvailable() } catch {
            if wanted.isRequired { throw error }
            console.warn("the audio language model is not available: \(error)")
        }
    }

    private func serve(_ loaded: LoadedConfiguration, _ tailoring: VoiceTailoring, _ console: Console) async throws {
        let settings = loaded.configuration
        let live = LiveConfiguration(settings)
        let registry = PrometheusRegistry()
        MetricsSystem.bootstrap(registry)
        LoggingSystem.bootstrap { ServerLog(label: $0, configuration: live) }
        let logger = Logger(label: "rkvoice")
        let catalog = SpeechCatalog(settings)
        let loader = console.loader(Settings(settings))
        if let notice = loader.accelerator.notice(on: settings) { console.warn(notice) }
        let chat = try ConfiguredChat(settings.llm)
        if let notice = chat.model.notice { console.note("rkvoice: " + notice) }
        let server = VoiceServer(
            configuration: live,
            catalog: catalog,
            accelerator: AcceleratorStatus(loader.accelerator),
            chat: chat.model,
            version: RKVoiceCommand.version,
            registry: registry,
            logger: logger
        ) { port in
            console.note("rkvoice: listening on \(settings.server.url(port: port)) (loading the models)")
        }
        let loading = ModelLoading(
            loader: loader,
            configuration: settings,
            tailoring: tailoring,
            catalog: catalog,
            console: console,
            logger: logger
        )
        let reload = ConfigurationReload(configuration: live, loaded: loaded, logger: logger)
        let services = group(
            [.init(service: reload), .init(service: loading), .init(service: server)],
            settings.server,
            logger
        )
        try await chat.closing { try await loader.traced { try await services.run() } }
        (catalog.recognition, catalog.synthesis) = (.disabled, .disabled)
        await loader.accelerator.drain()
    }

    private func group(
        _ services: [ServiceGroupConfiguration.ServiceConfiguration],
        _ server: Configuration.Server,
        _ logger: Logger
    ) -> ServiceGroup {
        var group = ServiceGroupConfiguration(
            services: services,
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
        // The server keeps to its own time; these two are the net below it.
        group.maximumGracefulShutdownDuration = .seconds(server.shutdownSeconds + 2)
        group.maximumCancellationDuration = .seconds(5)
        return ServiceGroup(configuration: group)
    }
}

extension SpeechCatalog {
    /// What the configuration asks for, about to be loaded.
    fileprivate convenience init(_ configuration: Configuration) {
        self.init(
            recognition: configuration.asr.isEnabled ? .loading(step: "starting", fraction: nil) : .disabled,
            synthesis: configuration.tts.isEnabled ? .loading(step: "starting", fraction: nil) : .disabled
        )
    }
}

extension AcceleratorStatus {
    fileprivate init(_ accelerator: Accelerator) {
        self.init(
            board: accelerator.board,
            npu: accelerator.npu,
            isSimulated: accelerator.isSimulated,
            placements: { accelerator.placements }
        )
    }
}

extension Configuration.Server {
    /// Where a client finds the server; a wildcard address is shown as this machine.
    fileprivate func url(port: Int) -> String {
        let name = ["0.0.0.0", "::", ""].contains(host) ? "localhost" : host.contains(":") ? "[\(host)]" : host
        return "\(certificatePath == nil ? "http" : "https")://\(name):\(port)"
    }
}
