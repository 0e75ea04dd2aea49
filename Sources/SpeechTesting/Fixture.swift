package import Foundation

/// Golden data beside the tests.
package enum Fixture {
    /// A file of the caller's `Fixtures` folder.
    /// - Parameters:
    ///   - name: path inside the folder.
    ///   - file: the test's own file; leave as it is.
    /// - Returns: its bytes.
    /// - Throws: when it is not there.
    package static func data(_ name: String, file: String = #filePath) throws -> Data {
        try Data(contentsOf: URL(fileURLWithPath: path(name, file: file)))
    }

    /// Where a file of the caller's `Fixtures` folder is.
    package static func path(_ name: String, file: String = #filePath) -> String {
        URL(fileURLWithPath: file).deletingLastPathComponent().appendingPathComponent("Fixtures/\(name)").path
    }

    /// Little-endian 32-bit floats.
    package static func floats(_ name: String, file: String = #filePath) throws -> [Float] {
        let bytes = [UInt8](try data(name, file: file))
        return stride(from: 0, to: bytes.count - 3, by: 4).map { start in
            Float(bitPattern: bytes[start..<start + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) })
        }
    }

    /// Decoded JSON.
    package static func json<Value: Decodable>(_ type: Value.Type, _ name: String, file: String = #filePath) throws
        -> Value
    {
        try JSONDecoder().decode(type, from: data(name, file: file))
    }
}
