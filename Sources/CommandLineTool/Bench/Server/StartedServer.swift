import Logging
import RKVoice
import Speech
import VoiceConfiguration
import VoiceServer

/// A server in this process, for as long as it is measured.
struct StartedServer: Sendable {
    let recognition: SpeechCatalog.Recognition
    let synthesis: SpeechCatalog.Synthesis
    private let settings: Settings

    /// - Parameters:
    ///   - loader: loads the usual recognizer and voice.
    ///   - settings: its own.
    /// - Throws: why they cannot be loaded.
    init(_ loader: ModelLoader, _ settings: Settings) async throws {
        self.settings = settings
        recognition = try await loader.recognition(nil)
        synthesis = try await loader.synthesis(nil)
    }

    /// Runs `body` beside the server.
    /// - Parameter body: is given a free port of the loopback address.
    /// - Returns: what `body` does.
    /// - Throws: what `body` throws, or why the server does not run.
    func run<R: Sendable>(_ body: @escaping @Sendable (Int) async throws -> R) async throws -> R {
        var configuration = Configuration()
        configuration.server.port = 0
        configuration.limits.requestsPerMinute = 0
        // What a simulator stands in for is said in every answer.
        configuration.runtime.npu = settings.accelerator.npu
        let live = LiveConfiguration(configuration)
        var logger = Logger(label: "rkvoice")
        logger.logLevel = .error
        let catalog = SpeechCatalog(recognition: .ready(recognition), synthesis: .ready(synthesis))
        let (ports, announce) = AsyncStream.makeStream(of: Int.self, bufferingPolicy: .bufferingNewest(1))
        let version = RKVoiceCommand.version
        let server = VoiceServer(configuration: live, catalog: catalog, version: version, logger: logger) {
            announce.yield($0)
        }
        return try await withThrowingTaskGroup(of: R?.self) { group in
            group.addTask {
                try await server.run()
                return nil
            }
            group.addTask {
                for await port in ports { return try await body(port) }
                return nil
            }
            defer { group.cancelAll() }
            while let result = try await group.next() { if let result { return result } }
            throw CommandError(.software, "the server ended before it was measured")
        }
    }
}
