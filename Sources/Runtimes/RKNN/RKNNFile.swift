import Foundation
package import Inference

/// What an `.rknn` file says of itself, read without the vendor's library.
///
/// The frame, little-endian: `RKNN` and four zero bytes, u64 version (6), u64 L, zeros up to byte 64; L bytes for the
/// driver, which name the compiler near their beginning; u64 N and N bytes of JSON up to the end of the file. Found by
/// reading files of toolkit 1.6 to 2.5.
package struct RKNNFile: Sendable, Hashable {
    /// An input or output.
    package struct Port: Sendable, Hashable, CustomStringConvertible {
        package enum Direction: String, Sendable, Hashable { case input, output }

        package var name: String
        package var direction: Direction
        /// Length of each axis, in the order of the ONNX file.
        package var shape: [Int]
        /// Element type of quantized ports, such as `int8`; nil where the file does not tell.
        package var type: String?

        package var description: String {
            "\(direction.rawValue) \(name) \(type ?? "float")[\(shape.map(String.init).joined(separator: ","))]"
        }
    }

    /// Where it is.
    package let path: String
    /// Bytes of the file, and of these what the driver reads.
    package let byteCount: Int
    package let modelBytes: Int
    /// Chips it was made for, such as `rk3588`.
    package let targets: [String]
    /// Release of the toolkit that made it.
    package let toolkitVersion: String
    /// Release and build of the compiler; nil where it is not found.
    package let compilerVersion: String?
    /// Inputs, then outputs, as far as the file names them.
    package let ports: [Port]
    /// A container of the simulator, which no board can run.
    package let isSimulated: Bool

    static let magic = Array("RKNN\0\0\0\0".utf8)
    static let formatVersion: UInt64 = 6
    static let headerBytes = 64
    /// Files in use have 1 to 60 KB of JSON.
    private static let descriptionLimit = 8 << 20
    /// The compiler names itself within the first 600 bytes of the files that were looked at.
    private static let compilerSearchBytes = 16 << 10

    /// Reads the header and the description; the model itself is not read.
    /// - Throws: `missingFile`, or `badModel` saying in words what is wrong with the file.
    package init(path: String) throws(InferenceError) {
        let file = try BoundedFile(path)
        let head = try file.bytes(at: 0, count: Self.headerBytes + Self.compilerSearchBytes)
        let sections = try Self.sections(of: file, head)
        let json = try file.bytes(at: sections.descriptionOffset, count: sections.descriptionBytes)
        let description: RKNNDescription
        do { description = try JSONDecoder().decode(RKNNDescription.self, from: Data(json)) } catch {
            throw InferenceError(
                .badModel,
                "the description at the end of the file cannot be read; copy or convert it again",
                graph: path
            )
        }
        self.path = path
        byteCount = file.size
        modelBytes = sections.modelBytes
        targets = description.targets.map { $0.lowercased() }
        toolkitVersion = description.version
        compilerVersion = Self.compiler(in: head)
        ports = description.ports
        isSimulated = description.simulated != nil
    }

    private struct Sections {
        var modelBytes: Int
        var descriptionOffset: Int
        var descriptionBytes: Int
    }

    private static func sections(of file: borrowing BoundedFile, _ head: [UInt8]) throws(InferenceError) -> Sections {
        let (size, path) = (file.size, file.path)
        func bad(_ message: String) -> InferenceError { InferenceError(.badModel, message, graph: path) }
        guard size > 0 else { throw bad("the file is empty; copy or convert it again") }
        guard head.starts(with: magic.prefix(4)) else { throw bad(strangerText(head)) }
        guard head.count >= headerBytes else {
            throw bad("the file is cut off within its header: \(size) bytes; copy or convert it again")
        }
        let version = head.littleEndian(at: 8, as: UInt64.self)
        guard head.starts(with: magic), version == formatVersion else {
            throw bad("its format is version \(version), this version reads \(formatVersion); convert the model again")
        }
        let modelBytes = head.littleEndian(at: 16, as: UInt64.self)
        guard modelBytes <= UInt64(size), let lengthOffset = Int(exactly: modelBytes).map({ $0 + headerBytes }),
            lengthOffset + 8 <= size
        else {
            let (sum, _) = modelBytes.addingReportingOverflow(UInt64(headerBytes + 8))
            throw bad(cutOff(size, "more than \(sum)"))
        }
        let length = try file.bytes(at: lengthOffset, count: 8).littleEndian(at: 0, as: UInt64.self)
        let start = lengthOffset + 8
        guard length <= UInt64(size - start) else {
            let (total, overflow) = length.addingReportingOverflow(UInt64(start))
            throw bad(cutOff(size, overflow ? "an impossible number of" : "\(total)"))
        }
        guard UInt64(size - start) == length else {
            throw bad("\(size - start - Int(length)) bytes follow its end; copy or convert it again")
        }
        guard length <= UInt64(descriptionLimit) else { throw bad("a description of \(length) bytes cannot be right") }
        return Sections(modelBytes: Int(modelBytes), descriptionOffset: start, descriptionBytes: Int(length))
    }

    private static func cutOff(_ size: Int, _ total: String) -> String {
        "the file is cut off: \(size) of \(total) bytes are there; copy or convert it again"
    }

    /// What a file is that does not begin as it should.
    private static func strangerText(_ head: [UInt8]) -> String {
        let text = String(decoding: head.prefix(512), as: UTF8.self)
        if text.hasPrefix("version https://git-lfs") {
            let size = text.split(separator: "\n").first { $0.hasPrefix("size ") }?.dropFirst(5) ?? "?"
            return "it is a Git LFS pointer that stands for \(size) bytes; run `git lfs pull` where it came from"
        }
        let bytes = head.prefix(8).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }
        return "it is not an .rknn file: it begins with \(bytes.joined(separator: " ")), not with RKNN; "
            + "convert the model with rknn-toolkit2"
    }

    /// The text behind `compiler version: `, up to the parenthesis that closes it.
    private static func compiler(in head: [UInt8]) -> String? {
        let mark = Array("compiler version: ".utf8)
        guard let start = head.firstRange(of: mark)?.upperBound else { return nil }
        let text = head[start...].prefix(96).prefix { $0 >= 0x20 && $0 < 0x7F }
        var depth = 0
        let inside = text.prefix { byte in
            if byte == UInt8(ascii: "(") { depth += 1 }
            if byte == UInt8(ascii: ")") { depth -= 1 }
            return depth >= 0
        }
        return inside.isEmpty ? nil : String(decoding: inside, as: UTF8.self)
    }
}
