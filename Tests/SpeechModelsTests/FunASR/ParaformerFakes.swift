import Inference
import SpeechModels
import SpeechTesting
import SpeechText
import Synchronization
import Testing

/// Graphs with the interface of the exported ones, whose tokens can be foretold: see ``DrawnSpeech``.
enum ParaformerFakes {
    static let width = 4
    /// 64 tokens: blank, start, end, `w3` … `w62`, unknown.
    static var table: TokenTable {
        get throws {
            let words = (3...62).map { "w\($0)" }
            return try TokenTable(text: (["<blank>", "<s>", "</s>"] + words + ["<unk>"]).joined(separator: "\n"))
        }
    }

    /// The token that is drawn in each row. Rows are ten times the token, maybe doubled and with sines added.
    static func drawn(_ rows: [Float], width: Int, scale: Float) -> [Int] {
        stride(from: 0, to: rows.count, by: width).map { Int((rows[$0] / (10 * scale)).rounded()) }
    }

    /// Weights that fire once for each drawn token, in the row after the first that has it.
    static func weights(_ drawn: [Int]) -> [Float] {
        func starts(_ row: Int) -> Bool {
            drawn.indices.contains(row) && drawn[row] > 0 && (row == 0 || drawn[row - 1] != drawn[row])
        }
        return drawn.indices.map { starts($0) ? 0.6 : starts($0 - 1) ? 0.4 : 0 }
    }

    static func encoded(_ drawn: [Int]) -> [Float] {
        drawn.flatMap { [Float($0)] + [Float](repeating: 0, count: width - 1) }
    }

    /// The encoder of chunks: speech, speech_lengths → enc, enc_len, alphas.
    static func chunkEncoder(_ seen: @escaping @Sendable ([Float]) -> Void = { _ in }) -> ClosureGraph {
        ClosureGraph(
            "encoder",
            inputs: [TensorSpec("speech", .f32, [nil, nil, 7]), TensorSpec("speech_lengths", .i32, [nil])],
            outputs: [
                TensorSpec("enc", .f32, [nil, nil, width]), TensorSpec("enc_len", .i32, [nil]),
                TensorSpec("alphas", .f32, [nil, nil]),
            ]
        ) { inputs throws(InferenceError) in
            let speech = try inputs.tensor("speech")
            let rows = try speech.scalars(as: Float.self)
            guard speech.shape == [1, 18, 7], try inputs.tensor("speech_lengths").integers() == [18] else {
                throw InferenceError(.invalidTensor, "a chunk of \(speech.shape)")
            }
            seen(rows)
            let drawn = drawn(rows, width: 7, scale: 2)
            return [
                "enc": Tensor(shape: [1, 18, width], encoded(drawn)), "enc_len": Tensor(shape: [1], [Int32(18)]),
                "alphas": Tensor(shape: [1, 18], weights(drawn)),
            ]
        }
    }

    /// What a decoder was given: the newest column of its cache, and the tokens it gave.
    final class DecoderLog: Sendable {
        let runs = Mutex<[(before: Int, tokens: [Int])]>([])
    }

    /// The decoder of chunks, with two caches of ten columns; the true outputs are logits, tokens, caches.
    static func chunkDecoder(_ log: DecoderLog = DecoderLog()) -> ClosureGraph {
        let caches = (0..<2).map { TensorSpec("in_cache_\($0)", .f32, [nil, width, 10]) }
        return ClosureGraph(
            "decoder",
            inputs: [
                TensorSpec("enc", .f32, [nil, nil, width]), TensorSpec("enc_len", .i32, [nil]),
                TensorSpec("acoustic_embeds", .f32, [nil, nil, width]),
                TensorSpec("acoustic_embeds_len", .i32, [nil]),
            ] + caches,
            outputs: [TensorSpec("logits", .f32, [nil, nil, 64]), TensorSpec("sample_ids", .i64, [nil, nil])]
                + (0..<2).map { TensorSpec("out_cache_\($0)", .f32, [nil, width, 10]) }
        ) { inputs throws(InferenceError) in
            let embeddings = try inputs.tensor("acoustic_embeds")
            let count = embeddings.shape[1]
            guard try inputs.tensor("acoustic_embeds_len").integers() == [count],
                try inputs.tensor("enc_len").integers() == [try inputs.tensor("enc").shape[1]]
            else { throw InferenceError(.invalidTensor, "lengths that are none") }
            let values = try embeddings.scalars(as: Float.self)
            let tokens = stride(from: 0, to: values.count, by: width).map { Int(values[$0].rounded()) }
            let (caches, before) = try remembered(inputs, tokens)
            log.runs.withLock { $0.append((before, tokens)) }
            let ids = Tensor(shape: [1, count], tokens.map(Int64.init))
            let logits = Tensor(shape: [1, count, 64], [Float](repeating: 0, count: count * 64))
            return caches.merging(["sample_ids": ids, "logits": logits]) { first, _ in first }
        }
    }

    /// Caches with the tokens at their end, and the newest one of before.
    static func remembered(
        _ inputs: [String: Tensor],
        _ tokens: [Int]
    ) throws(InferenceError) -> ([String: Tensor], before: Int) {
        var outputs: [String: Tensor] = [:]
        var before = 0
        for cache in 0..<2 {
            let old = try inputs.tensor("in_cache_\(cache)")
            guard old.shape == [1, width, 10] else { throw InferenceError(.invalidTensor, "a cache of \(old.shape)") }
            let values = try old.scalars(as: Float.self)
            before = Int(values[9])
            let row = Array((values[..<10] + tokens.map(Float.init)).suffix(10))
            outputs["out_cache_\(cache)"] = Tensor(shape: [1, width, 10], (0..<width).flatMap { _ in row })
        }
        return (outputs, before)
    }

    static func chunks(
        encoder: ClosureGraph = chunkEncoder(),
        decoder: ClosureGraph = chunkDecoder()
    ) throws -> ParaformerChunks {
        try ParaformerChunks(
            ParaformerConfig(),
            table: table,
            features: DrawnFeatures(),
            languages: [],
            encoder: encoder,
            decoder: decoder
        )
    }
}

extension Tensor {
    /// The whole numbers of a 32-bit tensor.
    func integers() throws(InferenceError) -> [Int] { try scalars(as: Int32.self).map(Int.init) }
}
