import Foundation
package import Inference

/// A graph that answers as a real one did: recorded inputs → recorded outputs, from a directory of golden tensors.
///
/// The directory has `replay.json`:
///
///     {"inputs":  [{"name": "x", "dtype": "f32", "shape": [1, null]}],
///      "outputs": [{"name": "y", "dtype": "f32", "shape": [1, null]}],
///      "runs":    [{"inputs":  {"x": {"shape": [1, 4], "file": "x0.f32"}},
///                   "outputs": {"y": {"shape": [1, 4], "values": [2, 4, 6, 8]}}}]}
///
/// Elements are little-endian in a file, or numbers in the document itself. A null length varies.
package struct ReplayGraph: Graph {
    package let name: String
    package let inputs: [TensorSpec]
    package let outputs: [TensorSpec]
    private let runs: [Run]
    private let tolerance: Float

    private struct Run: Sendable {
        var inputs: [String: Tensor]
        var outputs: [String: Tensor]
    }

    /// - Parameters:
    ///   - directory: where `replay.json` is.
    ///   - tolerance: largest difference of a float input that still counts as recorded.
    /// - Throws: when the recording cannot be read.
    package init(directory: String, tolerance: Float = 1e-5) throws {
        let data = try Data(contentsOf: URL(fileURLWithPath: directory + "/replay.json"))
        let recording = try JSONDecoder().decode(Recording.self, from: data)
        name = "replay of " + directory
        inputs = recording.inputs.map(\.spec)
        outputs = recording.outputs.map(\.spec)
        runs = try recording.runs.map { run in
            Run(
                inputs: try Self.tensors(run.inputs, recording.inputs, directory),
                outputs: try Self.tensors(run.outputs, recording.outputs, directory)
            )
        }
        self.tolerance = tolerance
    }

    package func run(_ inputs: [String: Tensor]) async throws(InferenceError) -> [String: Tensor] {
        for run in runs where try matches(inputs, run.inputs) { return run.outputs }
        let shapes = inputs.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.shape)" }.joined(separator: ", ")
        throw InferenceError(.invalidTensor, "none of the \(runs.count) recorded runs had \(shapes)", graph: name)
    }

    private func matches(_ given: [String: Tensor], _ recorded: [String: Tensor]) throws(InferenceError) -> Bool {
        guard given.count == recorded.count else { return false }
        for (name, tensor) in given {
            guard let other = recorded[name], other.shape == tensor.shape, other.dtype == tensor.dtype else {
                return false
            }
            guard try isEqual(tensor, other) else { return false }
        }
        return true
    }

    private func isEqual(_ left: Tensor, _ right: Tensor) throws(InferenceError) -> Bool {
        guard left.dtype == .f32 else {
            return left.buffer.withBytes { left in right.buffer.withBytes { left.elementsEqual($0) } }
        }
        let tolerance = tolerance
        let pairs = zip(try left.scalars(as: Float.self), try right.scalars(as: Float.self))
        return pairs.allSatisfy { abs($0 - $1) <= tolerance }
    }

    private static func tensors(
        _ entries: [String: Recording.Entry],
        _ ports: [Recording.Port],
        _ directory: String
    ) throws -> [String: Tensor] {
        var tensors: [String: Tensor] = [:]
        for (name, entry) in entries {
            let dtype = ports.first { $0.name == name }?.dtype ?? .f32
            tensors[name] = try entry.tensor(dtype, in: directory)
        }
        return tensors
    }
}

/// What `replay.json` says.
private struct Recording: Decodable {
    struct Port: Decodable {
        var name: String
        var dtype: DType
        var shape: [Int?]
        var spec: TensorSpec { TensorSpec(name, dtype, shape) }
    }

    struct Run: Decodable {
        var inputs: [String: Entry]
        var outputs: [String: Entry]
    }

    struct Entry: Decodable {
        var shape: [Int]
        var file: String?
        var values: [Double]?

        func tensor(_ dtype: DType, in directory: String) throws -> Tensor {
            switch dtype {
            case .f32: try tensor(directory, { Float($0) }, { Float(bitPattern: UInt32(truncatingIfNeeded: $0)) })
            case .i64: try tensor(directory, { Int64($0) }, { Int64(bitPattern: $0) })
            case .i32: try tensor(directory, { Int32($0) }, { Int32(truncatingIfNeeded: Int64(bitPattern: $0)) })
            case .bool: try tensor(directory, { $0 != 0 }, { $0 != 0 })
            default: throw Unreadable(what: "tensors of \(dtype) are not recorded")
            }
        }

        private func tensor<Scalar: TensorScalar>(
            _ directory: String,
            _ number: (Double) -> Scalar,
            _ bits: (UInt64) -> Scalar
        ) throws -> Tensor {
            var scalars = (values ?? []).map(number)
            if let file {
                let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: directory + "/" + file)))
                let size = Scalar.dtype.size
                scalars = stride(from: 0, to: bytes.count - size + 1, by: size).map { start in
                    bits(bytes[start..<start + size].reversed().reduce(0) { $0 << 8 | UInt64($1) })
                }
            }
            guard scalars.count == shape.reduce(1, *) else {
                throw Unreadable(what: "\(scalars.count) elements for the shape \(shape)")
            }
            return Tensor(shape: shape, scalars)
        }
    }

    var inputs: [Port]
    var outputs: [Port]
    var runs: [Run]
}

private struct Unreadable: Error, CustomStringConvertible {
    var what: String
    var description: String { what }
}
