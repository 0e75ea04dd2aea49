import Foundation
import Hummingbird
import Logging
import NIOCore
import NIOPosix
import NIOSSL
import Testing
import Transport
import TransportProbe
import VoiceConfiguration

/// What a server needs to start, and what it says when it cannot.
@Suite struct StartTests {
    private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")

    private static func fixture(_ name: String) -> String { fixtures.appending(path: name).path }

    /// Starts a server that must not start.
    private func failure(_ change: (inout Configuration.Server) -> Void) async -> TransportError? {
        var configuration = Configuration()
        configuration.server.port = 0
        change(&configuration.server)
        let probe = Probe()
        let server = TransportServer(
            configuration: LiveConfiguration(configuration),
            responder: probe.router().buildResponder(),
            sockets: probe.decide,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        do {
            try await server.run()
            return nil
        } catch {
            return error as? TransportError
        }
    }

    @Test func aPortInUseIsNamed() async throws {
        try await TestServer.run { server in
            let error = await failure { $0.port = server.port }
            #expect(error == .addressInUse(host: "127.0.0.1", port: server.port))
            #expect(error?.description == "port \(server.port) of 127.0.0.1 is in use by another program")
        }
    }

    @Test(arguments: ["192.0.2.1", "no-such-host.invalid"])
    func anAddressThatIsNotHereIsNamed(host: String) async {
        let error = await failure { $0.host = host }
        #expect(error == .noSuchAddress(host: host, port: 0))
    }

    @Test func filesOfTLSThatCannotBeUsedAreNamed() async {
        let (good, key) = (Self.fixture("localhost.pem"), Self.fixture("localhost-key.pem"))
        let other = Self.fixture("another-key.pem")
        let cases: [(String?, String?, TransportError)] = [
            (good, nil, .unusableTLS(path: good, reason: "a certificate needs a key: set the key's file too")),
            (nil, key, .unusableTLS(path: key, reason: "a key needs a certificate: set the certificate's file too")),
            ("/nowhere.pem", key, .unusableTLS(path: "/nowhere.pem", reason: "no such file")),
            (key, key, .unusableTLS(path: key, reason: "no certificate in PEM form")),
            (good, good, .unusableTLS(path: good, reason: "no private key in PEM form")),
            (good, other, .unusableTLS(path: other, reason: "the key does not belong to the certificate \(good)")),
        ]
        for (certificate, key, expected) in cases {
            let error = await failure {
                $0.certificatePath = certificate
                $0.keyPath = key
            }
            #expect(error == expected)
        }
    }

    @Test func requestsAreServedOverTLS() async throws {
        let change: (inout Configuration) -> Void = {
            $0.server.certificatePath = Self.fixture("localhost.pem")
            $0.server.keyPath = Self.fixture("localhost-key.pem")
        }
        try await TestServer.run(change) { server in
            var tls = TLSConfiguration.makeClientConfiguration()
            tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(Self.fixture("localhost.pem")))
            let context = try NIOSSLContext(configuration: tls)
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(host: "127.0.0.1", port: server.port) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let handler = try NIOSSLClientHandler(context: context, serverHostname: "localhost")
                        try channel.pipeline.syncOperations.addHandler(handler)
                        return try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                    }
                }
            let answer = try await channel.executeThenClose { inbound, outbound in
                try await outbound.write(ByteBuffer(string: ResponseTests.get("/hello")))
                var text = ""
                for try await bytes in inbound {
                    text += String(buffer: bytes)
                    if text.hasSuffix("hello") { break }
                }
                return text
            }
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
            // One who does not speak TLS is not left waiting.
            try await #expect(server.answer(to: RequestTests.hello).isEmpty)
        }
    }
}
