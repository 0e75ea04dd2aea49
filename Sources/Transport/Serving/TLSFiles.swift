import Foundation
import NIOSSL
import VoiceConfiguration

/// The certificate and key of a server.
enum TLSFiles {
    /// - Returns: nil where neither is configured: no TLS.
    /// - Throws: `TransportError.unusableTLS`, naming the file.
    static func context(_ server: Configuration.Server) throws(TransportError) -> NIOSSLContext? {
        switch (server.certificatePath, server.keyPath) {
        case (nil, nil): return nil
        case (let certificate?, nil):
            throw .unusableTLS(path: certificate, reason: "a certificate needs a key: set the key's file too")
        case (nil, let key?):
            throw .unusableTLS(path: key, reason: "a key needs a certificate: set the certificate's file too")
        case (let certificate?, let key?):
            return try context(certificate: certificate, key: key)
        }
    }

    private static func context(certificate path: String, key keyPath: String) throws(TransportError) -> NIOSSLContext {
        let chain = try load(path, "no certificate in PEM form") { try NIOSSLCertificate.fromPEMFile(path) }
        guard !chain.isEmpty else { throw .unusableTLS(path: path, reason: "no certificate in PEM form") }
        let key = try load(keyPath, "no private key in PEM form") { try NIOSSLPrivateKey(file: keyPath, format: .pem) }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) },
            privateKey: .privateKey(key)
        )
        configuration.applicationProtocols = ["http/1.1"]
        configuration.minimumTLSVersion = .tlsv12
        return try load(keyPath, "the key does not belong to the certificate \(path)") {
            try NIOSSLContext(configuration: configuration)
        }
    }

    private static func load<Value>(
        _ path: String,
        _ reason: String,
        _ read: () throws -> Value
    ) throws(TransportError) -> Value {
        guard FileManager.default.fileExists(atPath: path) else {
            throw .unusableTLS(path: path, reason: "no such file")
        }
        guard FileManager.default.isReadableFile(atPath: path) else {
            throw .unusableTLS(path: path, reason: "not readable")
        }
        do {
            return try read()
        } catch {
            throw .unusableTLS(path: path, reason: reason)
        }
    }
}
