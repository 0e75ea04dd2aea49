import Foundation
package import Inference

#if canImport(Glibc)
    import Glibc
#endif

/// Makes files for the simulator: the frame of an `.rknn` file around an ONNX file.
package enum RKNNContainer {
    /// Words at the place where the driver's part of a real file names its compiler.
    static let note = "rkvoice-simulator"
    /// Where the ONNX file begins, in bytes from the beginning of the file.
    static let onnxOffset = RKNNFile.headerBytes + 64
    private static let piece = 1 << 20

    private struct Tail: Encodable {
        struct Kind: Encodable {
            var qnt_method = ""
            var qnt_type = ""
            var vx_type = ""
        }
        struct TensorEntry: Encodable {
            var tensor_id: Int
            var url: String
            var size: [Int]
            var dim_num: Int
            var dtype = Kind()
        }
        struct LinkEntry: Encodable {
            var left = "input"
            var left_tensor_id: Int
            var right = "norm_tensor"
            var right_tensor_id: Int
        }
        var name: String
        var target_platform: [String]
        var version = "simulated"
        var network_platform = "ONNX"
        var norm_tensor: [TensorEntry]
        var norm_tensor_num: Int
        var graph: [LinkEntry]
        var input_num: Int
        var simulated: RKNNDescription.Simulated
    }

    /// What the container is to be.
    package struct Model: Sendable {
        /// The fixed shape of every input, as a conversion would be given it.
        package var inputs: [String: [Int]]
        /// The chip that the container pretends to be for, such as `rk3588`.
        package var target: String
        /// Name of the model, for messages and fault switches.
        package var name: String
        /// Ports that the device is to hold as int8: scale and zero point. All others are half floats.
        package var quantized: [String: [Float]] = [:]

        package init(inputs: [String: [Int]], target: String, name: String, quantized: [String: [Float]] = [:]) {
            self.inputs = inputs
            self.target = target
            self.name = name
            self.quantized = quantized
        }
    }

    /// Packs an ONNX file; it is copied in pieces, and the result appears under its name when it is whole.
    ///
    /// - Parameters:
    ///   - onnx: the ONNX file.
    ///   - inputs: the fixed shape of every input, as a conversion would be given it.
    ///   - target: the chip that the container pretends to be for, such as `rk3588`.
    ///   - name: name of the model, for messages and fault switches.
    ///   - path: where the container goes.
    /// - Throws: `missingFile` or `badModel` for the ONNX file, a shape without a size, or a place that cannot be written.
    package static func pack(
        onnx: String,
        inputs: [String: [Int]],
        target: String,
        name: String,
        to path: String
    ) throws(InferenceError) {
        try pack(Model(inputs: inputs, target: target, name: name), onnx: onnx, to: path)
    }

    /// As above, with all that a container can say.
    package static func pack(_ model: Model, onnx: String, to path: String) throws(InferenceError) {
        let source = try BoundedFile(onnx)
        guard source.size > 0 else { throw InferenceError(.badModel, "the ONNX file is empty", graph: onnx) }
        if let wrong = model.inputs.first(where: { $0.value.contains { $0 <= 0 } }) {
            throw InferenceError(.badModel, "the shape \(wrong.value) of \"\(wrong.key)\" is not fixed", graph: onnx)
        }
        let tail = try description(model, onnxBytes: source.size)
        let temporary = "\(path).\(UUID().uuidString).part"
        do {
            try write(source, tail, to: temporary)
        } catch {
            unlink(temporary)
            throw error
        }
        guard rename(temporary, path) == 0 else {
            let reason = String(cString: strerror(errno))
            unlink(temporary)
            throw InferenceError(.badModel, "the container cannot be put in place: \(reason)", graph: path)
        }
    }

    private static func description(_ model: Model, onnxBytes: Int) throws(InferenceError) -> Data {
        let sorted = model.inputs.sorted { $0.key < $1.key }
        var simulated = RKNNDescription.Simulated(onnxOffset: onnxOffset, onnxBytes: onnxBytes, inputs: model.inputs)
        simulated.name = model.name
        simulated.quantized = model.quantized.isEmpty ? nil : model.quantized
        let tail = Tail(
            name: model.name,
            target_platform: [model.target],
            norm_tensor: sorted.enumerated().map { index, input in
                Tail.TensorEntry(tensor_id: index, url: input.key, size: input.value, dim_num: input.value.count)
            },
            norm_tensor_num: sorted.count,
            graph: sorted.indices.map { Tail.LinkEntry(left_tensor_id: $0, right_tensor_id: $0) },
            input_num: sorted.count,
            simulated: simulated
        )
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do { return try encoder.encode(tail) } catch {
            throw InferenceError(.badModel, "the description cannot be written: \(error)")
        }
    }

    private static func write(
        _ source: borrowing BoundedFile,
        _ tail: Data,
        to path: String
    ) throws(InferenceError) {
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let file = FileHandle(forWritingAtPath: path)
        else { throw InferenceError(.badModel, "the container cannot be written: \(path)") }
        defer { try? file.close() }
        var offset = 0
        do {
            try file.write(contentsOf: header(modelBytes: onnxOffset - RKNNFile.headerBytes + source.size))
            while offset < source.size {
                let bytes = try source.bytes(at: offset, count: piece)
                guard !bytes.isEmpty else { break }
                try file.write(contentsOf: Data(bytes))
                offset += bytes.count
            }
            try file.write(contentsOf: Data(littleEndian(tail.count)) + tail)
        } catch {
            throw InferenceError(.badModel, "the container cannot be written: \(error)", graph: path)
        }
        guard offset == source.size else {
            throw InferenceError(.badModel, "the file became shorter while it was read", graph: source.path)
        }
    }

    private static func header(modelBytes: Int) -> Data {
        var bytes = RKNNFile.magic + littleEndian(Int(RKNNFile.formatVersion)) + littleEndian(modelBytes)
        bytes += [UInt8](repeating: 0, count: RKNNFile.headerBytes - bytes.count)
        bytes += [0, 0, 0, 0] + Array("RKNN".utf8) + Array(note.utf8)
        return Data(bytes + [UInt8](repeating: 0, count: onnxOffset - bytes.count))
    }

    private static func littleEndian(_ number: Int) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
    }
}
