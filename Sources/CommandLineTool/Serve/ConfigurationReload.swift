import Dispatch
import Glibc
import Logging
import ServiceLifecycle
import VoiceConfiguration

/// Reads the configuration again at each SIGHUP and puts in force what can change while the server runs.
struct ConfigurationReload: Service {
    let configuration: LiveConfiguration
    let loaded: LoadedConfiguration
    let logger: Logger

    func run() async throws {
        signal(SIGHUP, SIG_IGN)
        let (hangUps, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let source = DispatchSource.makeSignalSource(signal: SIGHUP, queue: .global())
        source.setEventHandler { continuation.yield() }
        source.resume()
        defer { source.cancel() }
        var loaded = loaded
        for await _ in hangUps.cancelOnGracefulShutdown() { reload(&loaded) }
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
