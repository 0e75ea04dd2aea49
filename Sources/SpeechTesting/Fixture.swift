package import Foundation

/// Golden data beside the tests.
package enum Fixture {
    /// A file of the caller's `Fixtures` folder.
    /// - Parameters:
    ///   - name: path inside the folder.
    ///   - file: the test's own file; leave as it is.
    package static func data(_ name: String, file: String = #filePath) throws -> Data {
        try Data(contentsOf: URL(fileURLWithPath: path(name, file: file)))
    }

    /// Where a file of the caller's `Fixtures` folder is.
    package static func path(_ name: String, file: String = #filePath) -> String {
        URL(fileURLWithPath: file).deletingLastPathComponent().appendingPathComponent("Fixtures/\(name)").path
    }

    /// Little-endian 32-bit floats.
    package static func floats(_ name: String, file: String = #filePath) throws -> [Float] {
        let data = try data(name, file: file)
        return data.withUnsafeBytes { bytes in
            stride(from: 0, to: bytes.count - 3, by: 4).map {
                Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: $0, as: UInt32.self)))
            }
        }
    }

    /// Decoded JSON.
    package static func json<Value: Decodable>(_ type: Value.Type, _ name: String, file: String = #filePath) throws
        -> Value
    {
        try JSONDecoder().decode(type, from: data(name, file: file))
    }
}
