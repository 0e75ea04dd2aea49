import Foundation

/// `Fixtures/server.py`, running: a file server that breaks in the ways networks do. Ends with the value.
final class FaultyServer: Sendable {
    /// One request that arrived.
    struct Request: Decodable {
        var port: Int
        var path: String
        var range: String?
        var authorization: String?
    }

    let ports: [Int]
    private let log: String
    private let input: FileHandle

    init() async throws {
        log = Fixtures.root + "/requests-" + UUID().uuidString
        let process = Process()
        let (input, output) = (Pipe(), Pipe())
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", Fixtures.scripts + "/server.py", Fixtures.archives, log]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let reader = output.fileHandleForReading
        let line = try await Fixtures.offPool {
            var line = ""
            while !line.hasSuffix("\n") {
                let piece = reader.availableData
                if piece.isEmpty { break }
                line += String(decoding: piece, as: UTF8.self)
            }
            return line
        }
        ports = line.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
        self.input = input.fileHandleForWriting
    }

    deinit {
        try? input.close()
    }

    func url(_ behavior: String, _ file: String = "noise") -> String {
        "http://127.0.0.1:\(ports[0])/\(behavior)/\(file)"
    }

    var requests: [Request] {
        let text = FileManager.default.contents(atPath: log).map { String(decoding: $0, as: UTF8.self) } ?? ""
        return text.split(separator: "\n").compactMap { try? JSONDecoder().decode(Request.self, from: Data($0.utf8)) }
    }
}
