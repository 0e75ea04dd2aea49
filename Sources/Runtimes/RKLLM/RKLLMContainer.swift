import Foundation
package import Inference

#if canImport(Glibc)
    import Glibc
#endif

/// Makes files for the simulator of RKLLM: a description, the table of embeddings and the ONNX graph of a decoder
/// (`docs/simulator.md`).
package struct RKLLMContainer: Sendable {
    /// What a container begins with: the magic of a real file, and that it is none.
    static let magic = Array("RKLLM\0\0\0".utf8)
    static let note = Array("rkvoice-simulator".utf8)
    /// Where the length of the description is; the description follows it.
    static let lengthOffset = 32
    /// Bytes of a token's text that the simulator takes.
    private static let tokenBytes = 255
    private static let piece = 1 << 20

    /// The decoder's sizes and the names of its graph's ports.
    package var decoder: DecoderDescription
    /// The chip that the container pretends to be for, such as `rk3588`.
    package var target: String
    /// Name of the model, for messages.
    package var name: String
    /// Gives each token its text, and cuts text into the longest tokens; without it there is no text.
    package var tokenizer: (any Tokenizer)?

    /// - Parameters:
    ///   - decoder: its sizes and the names of its graph's ports.
    ///   - target: the chip that the container pretends to be for, such as `rk3588`.
    ///   - name: name of the model, for messages.
    ///   - tokenizer: gives each token its text; nil for none.
    package init(_ decoder: DecoderDescription, target: String, name: String, tokenizer: (any Tokenizer)? = nil) {
        self.decoder = decoder
        self.target = target
        self.name = name
        self.tokenizer = tokenizer
    }

    /// Packs the files; they are copied in pieces, and the result appears under its name when it is whole.
    ///
    /// - Parameters:
    ///   - onnx: the ONNX graph of one step.
    ///   - embeddings: the table, f32 [vocabulary, hidden size], bare or as `.npy`; nil for a graph that takes tokens.
    ///   - path: where the container goes.
    /// - Throws: `missingFile` or `badModel` for a file, or a place that cannot be written.
    package func pack(onnx: String, embeddings: String?, to path: String) throws(InferenceError) {
        try decoder.check()
        let graph = try EmbeddedFile(whole: onnx)
        let table = try embeddings.map { path throws(InferenceError) in
            try EmbeddedFile(table: path, rows: decoder.vocabularySize, columns: decoder.hiddenSize)
        }
        let parts = (table.map { [$0] } ?? []) + [graph]
        let (head, offsets) = try head(of: parts, hasTable: table != nil)
        let temporary = "\(path).\(UUID().uuidString).part"
        do {
            try Self.write(head, parts, offsets, to: temporary)
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

    /// Header and description, and where each part begins. The description says where, so its own length has to be known
    /// before: it is made twice, with room for longer numbers.
    private func head(of parts: [EmbeddedFile], hasTable: Bool) throws(InferenceError) -> (Data, [Int]) {
        var offsets = parts.map { _ in 0 }
        var json = Data()
        for _ in 0..<2 {
            json = try description(parts, offsets, hasTable: hasTable)
            var place = Self.lengthOffset + 8 + json.count + 64
            for (index, part) in parts.enumerated() {
                // Tables are read where they lie, as floats.
                place = (place + 63) / 64 * 64
                if offsets[index] == 0 { offsets[index] = place }
                place = offsets[index] + part.count
            }
        }
        var bytes = Self.magic + Self.note
        bytes += [UInt8](repeating: 0, count: Self.lengthOffset - bytes.count)
        bytes += (0..<8).map { UInt8(truncatingIfNeeded: json.count >> ($0 * 8)) }
        return (Data(bytes) + json, offsets)
    }

    private static func write(
        _ head: Data,
        _ parts: [EmbeddedFile],
        _ offsets: [Int],
        to path: String
    ) throws(InferenceError) {
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let out = FileHandle(forWritingAtPath: path)
        else { throw InferenceError(.badModel, "the container cannot be written: \(path)") }
        defer { try? out.close() }
        do {
            try out.write(contentsOf: head)
            for (part, offset) in zip(parts, offsets) {
                try out.seek(toOffset: UInt64(offset))
                let file = try BoundedFile(part.path)
                for start in stride(from: part.start, to: part.start + part.count, by: piece) {
                    let wanted = min(piece, part.start + part.count - start)
                    let bytes = try file.bytes(at: start, count: wanted)
                    guard bytes.count == wanted else {
                        throw InferenceError(.badModel, "the file became shorter while it was read", graph: part.path)
                    }
                    try out.write(contentsOf: Data(bytes))
                }
            }
        } catch let error as InferenceError {
            throw error
        } catch {
            throw InferenceError(.badModel, "the container cannot be written: \(error)", graph: path)
        }
    }
}

extension RKLLMContainer {
    private struct Description: Encodable {
        var name: String
        var target_platform: [String]
        var simulated = true
        var vocabulary: Int
        var hidden: Int
        var context: Int
        var end_tokens: [Int32]
        var special_tokens: [Int32]
        var onnx: [Int]
        var embeddings: [Int]?
        var graph: Names
        var tokens: [String]?
    }

    private struct Names: Encodable {
        var ids: String?
        var embeddings: String?
        var positions: String?
        var mask: String?
        var logits: String
        var hidden_states: String?
        var past: [String]
        var present: [String]

        init(_ layout: DecoderLayout, layers: Int) {
            (ids, embeddings, positions, mask) = (layout.tokens, layout.embeddings, layout.positions, layout.mask)
            (logits, hidden_states) = (layout.logits, layout.hidden)
            func all(_ patterns: String...) -> [String] {
                (0..<layers).flatMap { layer in patterns.map { DecoderLayout.name($0, layer) } }
            }
            past = all(layout.pastKeys, layout.pastValues)
            present = all(layout.keys, layout.values)
        }
    }

    private func description(
        _ parts: [EmbeddedFile],
        _ offsets: [Int],
        hasTable: Bool
    ) throws(InferenceError) -> Data {
        let places = zip(parts, offsets).map { [$1, $0.count] }
        let description = Description(
            name: name,
            target_platform: [target],
            vocabulary: decoder.vocabularySize,
            hidden: decoder.hiddenSize,
            context: decoder.contextLength,
            end_tokens: decoder.endTokens,
            special_tokens: decoder.specialTokens ?? [],
            onnx: places.last ?? [],
            embeddings: hasTable ? places.first : nil,
            graph: Names(decoder.layout, layers: decoder.layers),
            tokens: try tokenTexts()
        )
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do { return try encoder.encode(description) } catch {
            throw InferenceError(.badModel, "the description cannot be written: \(error)")
        }
    }

    private func tokenTexts() throws(InferenceError) -> [String]? {
        guard let tokenizer else { return nil }
        let digits = Array("0123456789abcdef".utf8)
        var texts: [String] = []
        for token in 0..<Int32(decoder.vocabularySize) {
            let bytes = tokenizer.bytes(of: token)
            guard bytes.count <= Self.tokenBytes else {
                throw InferenceError(.badModel, "token \(token) has \(bytes.count) bytes; \(Self.tokenBytes) at most")
            }
            let text = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
            texts.append(String(decoding: text, as: UTF8.self))
        }
        return texts
    }
}

/// Bytes of a file that go into a container.
private struct EmbeddedFile {
    let path: String
    let start: Int
    let count: Int

    init(whole path: String) throws(InferenceError) {
        let size = try BoundedFile(path).size
        guard size > 0 else { throw InferenceError(.badModel, "the file is empty", graph: path) }
        (self.path, start, count) = (path, 0, size)
    }

    /// A bare table, or one in the format of numpy (NEP 1), whose header is skipped.
    init(table path: String, rows: Int, columns: Int) throws(InferenceError) {
        let file = try BoundedFile(path)
        let bytes = rows * columns * 4
        var start = 0
        let head = try file.bytes(at: 0, count: 1 << 10)
        if head.starts(with: [0x93] + Array("NUMPY".utf8)) {
            let isShort = head.count > 6 && head[6] == 1
            let length =
                isShort
                ? Int(head.littleEndian(at: 8, as: UInt16.self)) : Int(head.littleEndian(at: 8, as: UInt32.self))
            start = (isShort ? 10 : 12) + length
            let about = String(decoding: head.prefix(start).dropFirst(isShort ? 10 : 12), as: UTF8.self)
            guard about.contains("<f4"), about.contains("'fortran_order': False") else {
                throw InferenceError(.badModel, "the table is not of f32, row by row: \(about)", graph: path)
            }
        }
        guard file.size - start == bytes else {
            throw InferenceError(
                .badModel,
                "the table has \(file.size - start) bytes; f32[\(rows), \(columns)] has \(bytes)",
                graph: path
            )
        }
        (self.path, self.start, count) = (path, start, bytes)
    }
}
