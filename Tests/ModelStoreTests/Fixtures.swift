import Crypto
import Foundation
import ModelStore

/// Archives, wheels and a server that all tests of this room share; made once.
enum Fixtures {
    /// Directory of the scripts beside this file.
    static let scripts = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/Fixtures"

    /// Directory with everything that `archives.py` makes.
    static let archives: String = {
        let directory = root + "/archives"
        _ = try? runBlocking("/usr/bin/env", ["python3", scripts + "/archives.py", directory])
        // 8 MB of noise-like bytes: more than the buffers of a connection hold.
        var state: UInt64 = 1
        let noise = (0..<1_000_000).flatMap { _ -> [UInt8] in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (0..<8).map { UInt8(truncatingIfNeeded: state >> ($0 * 8)) }
        }
        try? write(Data(noise), to: directory + "/noise")
        return directory
    }()

    /// Scratch space beside the test bundle; what an earlier run left is removed first.
    static let root: String = {
        let base = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().path + "/store-tests"
        try? FileManager.default.removeItem(atPath: base)
        try? FileManager.default.createDirectory(atPath: base, withIntermediateDirectories: true)
        return base
    }()

    /// The built program, beside the test bundle.
    static var program: String {
        URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().path + "/rkvoice"
    }

    static func write(_ data: Data, to path: String) throws {
        try data.write(to: URL(fileURLWithPath: path))
    }

    static func bytes(_ name: String) -> Int {
        FileManager.default.contents(atPath: archives + "/" + name)?.count ?? -1
    }

    static func sha256(_ name: String) -> String {
        let digest = SHA256.hash(data: FileManager.default.contents(atPath: archives + "/" + name) ?? Data())
        return digest.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }

    /// Runs a program to its end, on a thread of its own: a blocked pool would starve the other tests.
    @discardableResult
    static func run(
        _ program: String,
        _ arguments: [String],
        environment: [String: String]? = nil
    ) async throws -> Outcome {
        try await offPool { try runBlocking(program, arguments, environment: environment) }
    }

    /// How a program ended.
    struct Outcome: Sendable {
        var status: Int32
        var output: String
        var errors: String
    }

    /// Runs blocking work on a thread of its own.
    static func offPool<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
        }
    }

    @discardableResult
    static func runBlocking(
        _ program: String,
        _ arguments: [String],
        environment: [String: String]? = nil
    ) throws -> Outcome {
        let process = Process()
        let (output, errors) = (Pipe(), Pipe())
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        if let environment { process.environment = environment }
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        // Results are short: neither pipe fills up while the other is read.
        let text = output.fileHandleForReading.readDataToEndOfFile()
        let faults = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Outcome(
            status: process.terminationStatus,
            output: String(decoding: text, as: UTF8.self),
            errors: String(decoding: faults, as: UTF8.self)
        )
    }
}
