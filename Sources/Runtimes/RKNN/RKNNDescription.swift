import Foundation
import Inference

/// The JSON at the end of an `.rknn` file, as far as we read it. Seen in files of toolkit 1.6 to 2.5.
struct RKNNDescription: Decodable {
    /// Release of the toolkit that made the file, such as `2.3.2` or `2.3.1-source_code`.
    var version: String
    /// Chips it was compiled for, such as `rk3588`.
    var targets: [String]
    /// Inputs first, then outputs.
    var ports: [RKNNFile.Port]
    /// There in a container of the simulator only.
    var simulated: Simulated?

    /// Where the ONNX file is in a container of the simulator.
    struct Simulated: Codable {
        /// Bytes from the beginning of the file.
        var onnxOffset: Int
        var onnxBytes: Int
        /// The fixed shapes that the graph is run with.
        var inputs: [String: [Int]]
        /// Name of the model.
        var name: String?
        /// Ports that the device holds as int8: scale and zero point.
        var quantized: [String: [Float]]?

        enum CodingKeys: String, CodingKey {
            case onnxOffset = "onnx_offset"
            case onnxBytes = "onnx_bytes"
            case inputs, name, quantized
        }
    }

    private enum CodingKeys: String, CodingKey {
        case version, simulated
        case targets = "target_platform"
        case tensors = "norm_tensor"
        case links = "graph"
    }

    private struct TensorEntry: Decodable {
        struct Kind: Decodable { var vx_type: String? }
        var tensor_id: Int?
        var url: String
        var size: [Int]
        var dtype: Kind?
    }

    private struct LinkEntry: Decodable {
        var left: String
        var left_tensor_id: Int
        var right_tensor_id: Int
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        version = try container.decode(String.self, forKey: .version)
        targets = try container.decode([String].self, forKey: .targets)
        simulated = try container.decodeIfPresent(Simulated.self, forKey: .simulated)
        // The tensors are told for people; a file runs without them.
        let tensors = (try? container.decode([TensorEntry].self, forKey: .tensors)) ?? []
        let links = (try? container.decode([LinkEntry].self, forKey: .links)) ?? []
        ports = Self.ports(tensors, links)
    }

    private static func ports(_ tensors: [TensorEntry], _ links: [LinkEntry]) -> [RKNNFile.Port] {
        let numbered = tensors.enumerated().map { ($1.tensor_id ?? $0, $1) }
        let byID = Dictionary(numbered, uniquingKeysWith: { first, _ in first })
        let sides: [(String, RKNNFile.Port.Direction)] = [("input", .input), ("output", .output)]
        return sides.flatMap { side, direction in
            links.filter { $0.left == side }.sorted { $0.left_tensor_id < $1.left_tensor_id }.compactMap { link in
                byID[link.right_tensor_id].map { entry in
                    let type = entry.dtype?.vx_type.flatMap { $0.isEmpty ? nil : $0 }
                    return RKNNFile.Port(name: entry.url, direction: direction, shape: entry.size, type: type)
                }
            }
        }
    }
}
