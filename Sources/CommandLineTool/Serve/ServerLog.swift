import Logging
import VoiceConfiguration

/// Log lines on standard error, at the level that the configuration says at the moment.
struct ServerLog: LogHandler {
    private var lines: StreamLogHandler
    private let configuration: LiveConfiguration
    private var ownLevel: Logger.Level?

    init(label: String, configuration: LiveConfiguration) {
        lines = StreamLogHandler.standardError(label: label)
        lines.logLevel = .trace
        self.configuration = configuration
    }

    var logLevel: Logger.Level {
        get { ownLevel ?? Logger.Level(rawValue: configuration.current.server.logLevel) ?? .info }
        set { ownLevel = newValue }
    }

    var metadata: Logger.Metadata {
        get { lines.metadata }
        set { lines.metadata = newValue }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { lines[metadataKey: key] }
        set { lines[metadataKey: key] = newValue }
    }

    func log(event: LogEvent) { lines.log(event: event) }
}
