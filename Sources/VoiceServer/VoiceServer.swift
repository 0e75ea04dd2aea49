import Hummingbird
package import Logging
package import Speech
import Telemetry
import Transport
package import VoiceConfiguration

/// The speech server: its routes and sockets around a catalog of models.
package struct VoiceServer: Sendable {
    let configuration: LiveConfiguration
    let catalog: SpeechCatalog
    let logger: Logger

    package init(configuration: LiveConfiguration, catalog: SpeechCatalog, logger: Logger) {
        self.configuration = configuration
        self.catalog = catalog
        self.logger = logger
    }
}
