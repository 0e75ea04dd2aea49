import Foundation
import Inference
import Runtimes
import Testing

@Suite struct ONNXMetadataTests {
    /// A protocol-buffer field of variable length.
    private static func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] {
        var length = bytes.count
        var out = [number << 3 | 2]
        while length > 0x7F {
            out.append(UInt8(length & 0x7F) | 0x80)
            length >>= 7
        }
        return out + [UInt8(length)] + bytes
    }

    private static func pair(_ key: String, _ value: String) -> [UInt8] {
        field(14, field(1, Array(key.utf8)) + field(2, Array(value.utf8)))
    }

    /// The version, then a graph that is all weights, then two pairs and the opset.
    private static let whole: [UInt8] =
        [0x08, 0x07] + field(7, [UInt8](repeating: 0xAA, count: 100_000)) + pair("vocab_size", "278")
        + pair("neg_mean", "-8.5,音") + field(8, [0x10, 0x0D])

    private func read(_ bytes: [UInt8]) throws -> [String: String] {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("metadata-\(UUID().uuidString)")
        try Data(bytes).write(to: path)
        defer { try? FileManager.default.removeItem(at: path) }
        return try ONNXMetadata.read(path.path)
    }

    @Test func pairsAreReadAndWeightsArePassedOver() throws {
        #expect(try read(Self.whole) == ["vocab_size": "278", "neg_mean": "-8.5,音"])
        #expect(try read([]).isEmpty)
    }

    @Test func exportersGraphsAreRead() throws {
        let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")
        let names = try FileManager.default.contentsOfDirectory(atPath: fixtures.path).filter { $0.hasSuffix(".onnx") }
        #expect(names.count > 3)
        for name in names { _ = try ONNXMetadata.read(fixtures.path + "/" + name) }
    }

    @Test(arguments: [1, 50_000, 100_010, 100_040]) func aFileThatIsCutShortIsRefused(length: Int) throws {
        let error = #expect(throws: InferenceError.self) { try read(Array(Self.whole.prefix(length))) }
        #expect(error?.code == .badModel && error?.message.contains("install the model again") == true)
    }

    @Test(
        arguments: [
            [0x72, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F],
            [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
            [0x73], [0x74], Array("<html>not found</html>".utf8),
        ] as [[UInt8]]
    ) func whatIsNoONNXFileIsRefused(bytes: [UInt8]) throws {
        let error = #expect(throws: InferenceError.self) { try read(bytes) }
        #expect(error?.code == .badModel)
    }

    @Test func randomBytesNeitherCrashNorHang() throws {
        var state: UInt64 = 6
        for length in 0..<400 {
            let bytes = (0..<length).map { _ -> UInt8 in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return UInt8(truncatingIfNeeded: state >> 33)
            }
            do { _ = try read(bytes) } catch let error as InferenceError { #expect(error.code == .badModel) }
        }
    }

    @Test func aMissingFileIsNamed() {
        let error = #expect(throws: InferenceError.self) { try ONNXMetadata.read("/nowhere/model.onnx") }
        #expect(error?.code == .missingFile && error?.graph == "/nowhere/model.onnx")
    }
}
