import ArgumentParser
import Foundation
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import Transport
import UnixSignals
import VoiceConfiguration

/// A server without speech, for tests of the wire: echoes, streams and swallows.
@main
struct TransportProbe: AsyncParsableCommand {
    @Option(help: "Port; 0 takes a free one.") var port = 0
    @Option(help: "NAME=NUMBER of a limit; may be repeated.") var limit: [String] = []
    @Option(help: "PEM file with the certificate chain.") var certificate: String?
    @Option(help: "PEM file with the private key.") var key: String?
    @Option(help: "Seconds for running work after SIGTERM.") var shutdownSeconds = 3.0

    func run() async throws {
        var configuration = Configuration()
        configuration.server.port = port
        configuration.server.certificatePath = certificate
        configuration.server.keyPath = key
        configuration.server.shutdownSeconds = shutdownSeconds
        for setting in limit { try configuration.limits.set(setting) }
        var logger = Logger(label: "probe") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .info
        let probe = Probe()
        let server = TransportServer(
            configuration: LiveConfiguration(configuration),
            responder: probe.router().buildResponder(),
            sockets: probe.decide,
            logger: logger,
            onListening: { port in FileHandle.standardOutput.write(Data("listening on \(port)\n".utf8)) }
        )
        let group = ServiceGroup(
            configuration: .init(services: [server], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        )
        try await group.run()
    }
}

extension Configuration.Limits {
    mutating func set(_ setting: String) throws {
        let parts = setting.split(separator: "=")
        guard parts.count == 2, let value = Double(parts[1]) else {
            throw ValidationError("not NAME=NUMBER: \(setting)")
        }
        let name = String(parts[0])
        let counts: [String: WritableKeyPath<Self, Int>] = [
            "connections": \.connections, "bodyBytes": \.bodyBytes, "messageBytes": \.messageBytes,
            "messageFragments": \.messageFragments, "framesPerSecond": \.framesPerSecond,
            "headerFields": \.headerFields, "headerBytes": \.headerBytes,
        ]
        let times: [String: WritableKeyPath<Self, Double>] = [
            "headSeconds": \.headSeconds, "bodyIdleSeconds": \.bodyIdleSeconds, "idleSeconds": \.idleSeconds,
            "streamIdleSeconds": \.streamIdleSeconds, "pingSeconds": \.pingSeconds,
            "slowReaderSeconds": \.slowReaderSeconds,
        ]
        if let path = counts[name] {
            self[keyPath: path] = Int(value)
        } else if let path = times[name] {
            self[keyPath: path] = value
        } else {
            throw ValidationError("no such limit: \(name)")
        }
    }
}
