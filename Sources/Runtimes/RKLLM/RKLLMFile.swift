import Foundation
package import Inference

/// What can be known of an `.rkllm` file without the vendor's library. Its format is not public: of a real one that is
/// its size and what its name says; a container of the simulator describes itself.
package struct RKLLMFile: Sendable, Hashable {
    /// What a container says of the decoder in it.
    package struct Decoder: Sendable, Hashable {
        /// Tokens there are.
        package var vocabulary: Int
        /// Elements of an embedding.
        package var hidden: Int
        /// Tokens of prompt, history and answer together.
        package var context: Int?
    }

    /// Where it is.
    package let path: String
    /// Bytes of the file.
    package let byteCount: Int
    /// Chips it was made for: as the container says, or as the file's name does.
    package let targets: [String]
    /// Such as `w4a16_g128`, where the file's name says it.
    package let quantization: String?
    /// A container of the simulator, which no board can run.
    package let isSimulated: Bool
    /// Nil for a real file.
    package let decoder: Decoder?

    private static let descriptionLimit = 256 << 20
    /// No model is smaller.
    private static let smallest = 1 << 10

    private struct Description: Decodable {
        var target_platform: [String]
        var vocabulary: Int
        var hidden: Int
        var context: Int?
    }

    /// Reads the name, and the description of a container.
    /// - Throws: `missingFile`, or `badModel` saying in words what is wrong with the file.
    package init(path: String) throws(InferenceError) {
        let file = try BoundedFile(path)
        let head = try file.bytes(at: 0, count: 4096)
        guard file.size >= Self.smallest else {
            throw InferenceError(.badModel, Self.problem(head, size: file.size), graph: path)
        }
        self.path = path
        byteCount = file.size
        let name = path.split(separator: "/").last?.lowercased() ?? ""
        let words = name.split { !($0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_")) }
        quantization = words.first { $0.wholeMatch(of: /fp16|w\d+a\d+(_g\d+)?/) != nil }.map(String.init)
        isSimulated = head.dropFirst(RKLLMContainer.magic.count).starts(with: RKLLMContainer.note)
        guard isSimulated else {
            decoder = nil
            targets = words.filter { $0.wholeMatch(of: /rk\d{4}[a-z]?/) != nil }.map(String.init)
            return
        }
        let length = Int(clamping: head.littleEndian(at: RKLLMContainer.lengthOffset, as: UInt64.self))
        guard length <= min(Self.descriptionLimit, file.size) else {
            throw InferenceError(.badModel, "the container is cut off", graph: path)
        }
        let json = try file.bytes(at: RKLLMContainer.lengthOffset + 8, count: length)
        guard let about = try? JSONDecoder().decode(Description.self, from: Data(json)) else {
            throw InferenceError(.badModel, "the container's description cannot be read; make it again", graph: path)
        }
        targets = about.target_platform
        decoder = Decoder(vocabulary: about.vocabulary, hidden: about.hidden, context: about.context)
    }

    private static func problem(_ head: [UInt8], size: Int) -> String {
        if size == 0 { return "the file is empty" }
        if head.starts(with: Array("version https://git-lfs".utf8)) {
            return "it is a Git LFS pointer; run `git lfs pull` where it came from"
        }
        return "not an .rkllm file: \(size) bytes are too few for a model"
    }
}
