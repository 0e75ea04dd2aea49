import Logging
import ServiceLifecycle
import UnixSignals
import VoiceConfiguration

/// Reads the configuration again at each SIGHUP and puts in force what can change while the server runs.
struct ConfigurationReload: Service {
    let configuration: LiveConfiguration
    let loaded: LoadedConfiguration
    let logger: Logger

    func run() async throws {
        var loaded = loaded
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() { reload(&loaded) }
    }

    private func reload(_ loaded: inout LoadedConfiguration) {
        do throws(ConfigurationError) {
            let change = try loaded.reload()
            configuration.replace(with: change.new)
            for warning in change.warnings { logger.warning("\(warning)") }
            logger.notice(
                "configuration read again",
                metadata: [
                    "changed": "\(change.changed.joined(separator: " "))",
                    "needs_restart": "\(change.needRestart.joined(separator: " "))",
                ]
            )
        } catch {
            logger.error("the configuration stays as it was", metadata: ["error": "\(error)"])
        }
    }
}
