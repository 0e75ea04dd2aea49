import Inference
import Speech
import SpeechModels
import SpeechTesting
import Testing

/// Bundles of both families as they lie on a disk.
@Suite struct FunASRBundleTests {
    private let tokens = Array("<blank> 0\n<s> 1\n</s> 2\nw3 3\n<unk> 4\n".utf8)

    private var network: [UInt8] {
        let list = { (number: String) in Array(repeating: number, count: 560).joined(separator: " ") }
        return Array(
            """
            <Nnet> <Splice> 560 560 [ 0 ] <AddShift> 560 560 <LearnRateCoef> 0 [ \(list("-8.5")) ]
            <Rescale> 560 560 <LearnRateCoef> 0 [ \(list("0.12")) ] </Nnet>
            """.utf8
        )
    }

    private func bundle(_ family: String, _ more: String, files: [String: [UInt8]] = [:]) throws -> TemporaryBundle {
        let config = """
            {"frontEnd": {"lfr": {}, "normalization": "given"}, "vocabularySize": 5, \(more)}
            """
        let usual = ["tokens.txt": tokens, "am.mvn": network]
        return try TemporaryBundle(
            family: family,
            sampleRate: 16_000,
            config: config,
            files: usual.merging(files) { $1 }
        )
    }

    private func senseVoice(_ bundle: TemporaryBundle, integers: Int = 3) throws -> SenseVoiceModel {
        let graph = ClosureGraph(
            inputs: [TensorSpec("x", .f32, [nil, nil, 560])]
                + (0..<integers).map { TensorSpec("i\($0)", .i32, [nil]) },
            outputs: [TensorSpec("logits", .f32, [nil, nil, 5])]
        ) { inputs throws(InferenceError) in
            let rows = try inputs.tensor("x").shape[1] + (integers == 3 ? 4 : 0)
            let row: [Float] = [0, 0, 0, 1, 0]
            return ["logits": Tensor(shape: [1, rows, 5], (0..<rows).flatMap { _ in row })]
        }
        return try SenseVoiceModel(bundle.bundle, encoder: graph) { path throws(InferenceError) in
            #expect(path.hasSuffix("/model.onnx"))
            let list = { (number: String) in Array(repeating: number, count: 560).joined(separator: ",") }
            return ["neg_mean": list("-8.5"), "inv_stddev": list("0.12")]
        }
    }

    @Test(arguments: [#""metadata": "model.onnx""#, #""statistics": "am.mvn""#])
    func statisticsComeFromTheGraphOrAFile(line: String) async throws {
        let bundle = try bundle("sensevoice", line)
        let audio = AudioChunk(samples: [Float](repeating: 0.1, count: 8_000), sampleRate: 16_000)
        let transcript = try await senseVoice(bundle).transcript(of: audio, RecognitionOptions())
        #expect(transcript.text == "w3")
    }

    /// Version 1 of NumPy's format: an array of ones, [16, 560].
    private var ones: [UInt8] {
        let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (16, 560), }".padded(to: 117) + "\n"
        return [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + Array(header.utf8)
            + (0..<16 * 560).flatMap { _ in [0, 0, 0x80, 0x3F] as [UInt8] }
    }

    @Test func queriesComeFromAFileWhereTheGraphHasNone() async throws {
        let line = #""statistics": "am.mvn", "embedding": "embedding.npy""#
        let bundle = try bundle("sensevoice", line, files: ["embedding.npy": ones])
        let model = try senseVoice(bundle, integers: 0)
        #expect(try await model.output(of: [Float](repeating: 0.1, count: 8_000)).tokens.count == 1)
        #expect(throws: InferenceError.self) { try senseVoice(bundle) }
    }

    @Test func damagedQueriesAreRefused() {
        for bytes in [
            [], Array(ones.prefix(9)), Array(ones.prefix(200)), Array(ones.dropLast()), Array(ones.dropFirst()),
        ] {
            let error = #expect(throws: InferenceError.self) { try QueryRows(npy: bytes, file: "embedding.npy") }
            #expect(error?.code == .badModel)
        }
        var double = ones
        double.replaceSubrange(22..<25, with: Array("<f8".utf8))
        #expect(throws: InferenceError.self) { try QueryRows(npy: double, file: "embedding.npy") }
    }

    @Test(arguments: [
        (#""statistics": "no.mvn""#, "no.mvn"), (#""statistics": "../am.mvn""#, "leaves"),
        (#""statistics": "am.mvn", "tokens": "no.txt""#, "no.txt"), (#""tokens": "tokens.txt""#, "normalizes"),
        (#""statistics": "tokens.txt""#, "AddShift"), (#""statistics": "am.mvn", "blank": 7"#, "blank"),
    ])
    func whatIsMissingIsNamed(line: String, word: String) throws {
        let bundle = try bundle("sensevoice", line)
        let error = #expect(throws: InferenceError.self) { try senseVoice(bundle) }
        #expect(error?.description.contains(word) == true, "\(error?.description ?? "")")
    }

    @Test func theModeSaysWhichStagesThereAre() throws {
        let graph = ClosureGraph(
            inputs: [TensorSpec("speech", .f32, [nil, nil, 560]), TensorSpec("speech_lengths", .i32, [nil])],
            outputs: [TensorSpec("logits", .f32, [nil, nil, 5]), TensorSpec("token_num", .i32, [nil])]
        ) { _ in [:] }
        let whole = try bundle("paraformer", #""statistics": "am.mvn", "mode": "offline""#)
        guard case .whole = try Paraformer(whole.bundle, graphs: [graph], metadata: { _ in [:] }) else {
            Issue.record("not a whole one")
            return
        }
        let error = #expect(throws: InferenceError.self) {
            _ = try Paraformer(whole.bundle, graphs: [graph, graph], metadata: { _ in [:] })
        }
        #expect(error?.message.contains("mode") == true)
    }

    @Test func exportersMetadataIsRead() throws {
        var values = ["vocab_size": "25055", "with_itn": "14", "without_itn": "15", "lang_auto": "0", "lang_zh": "3"]
        values.merge(["lang_en": "4", "lang_yue": "7", "lang_ja": "11", "lang_ko": "12"]) { $1 }
        #expect(try SenseVoiceConfig(FunASRMetadata(values, file: "m")).languageQueries["yue"] == 7)
        values["lang_ko"] = nil
        let missing = #expect(throws: InferenceError.self) { try SenseVoiceConfig(FunASRMetadata(values, file: "m")) }
        #expect(missing?.message.contains("lang_ko") == true)
        values["comment"] = "Fun-ASR-Nano"
        #expect(throws: InferenceError.self) { try SenseVoiceConfig(FunASRMetadata(values, file: "m")) }
        let stream = FunASRMetadata(
            ["vocab_size": "8404", "encoder_output_size": "512", "decoder_kernel_size": "11"],
            file: "m"
        )
        let config = try ParaformerConfig(stream)
        #expect(config.mode == .streaming && config.width == 512 && config.cacheLength == 10)
        #expect(throws: InferenceError.self) { try ParaformerConfig(FunASRMetadata(["vocab_size": "x"], file: "m")) }
    }
}

extension String {
    fileprivate func padded(to length: Int) -> String { self + String(repeating: " ", count: length - count) }
}
