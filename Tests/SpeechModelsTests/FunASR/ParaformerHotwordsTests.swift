import Foundation
import Inference
import Speech
import SpeechModels
import SpeechTesting
import SpeechText
import Synchronization
import Testing

/// Words that a listener expects, on their way to the graph.
@Suite struct ParaformerHotwordsTests {
    /// What the graphs were given.
    private final class Log: Sendable {
        let words = Mutex<[[Int32]]>([])
        let biases = Mutex<[Tensor]>([])
        var bias: [Float]? { biases.withLock { try? $0.last?.scalars(as: Float.self) } }
    }

    private static let pieces = [
        "<blank>", "<s>", "</s>", "你", "好", "hello", "hel@@", "lo", "h@@", "e@@", "l@@", "o", "pa@@", "per", "per@@",
        "pap@@", "er", "<unk>",
    ]
    private static let sound = AudioChunk(samples: [Float](repeating: 3, count: 16_000), sampleRate: 16_000)

    /// Statistics that leave rows as they are.
    private static var network: [UInt8] {
        let list = { (number: String) in Array(repeating: number, count: 560).joined(separator: " ") }
        return Array(
            """
            <Nnet> <Splice> 560 560 [ 0 ] <AddShift> 560 560 <LearnRateCoef> 0 [ \(list("0")) ]
            <Rescale> 560 560 <LearnRateCoef> 0 [ \(list("1")) ] </Nnet>
            """.utf8
        )
    }

    /// Gives for each token its number and its place in the word.
    private func encoder(_ log: Log, inputs: [TensorSpec]? = nil) -> ClosureGraph {
        ClosureGraph(
            "model_eb.onnx",
            inputs: inputs ?? [TensorSpec("hotword", .i32, [nil, 10])],
            outputs: [TensorSpec("hw_embed", .f32, [10, nil, 2])]
        ) { inputs throws(InferenceError) in
            let words = try inputs.tensor("hotword")
            let (count, numbers) = (words.shape[0], try words.scalars(as: Int32.self))
            log.words.withLock { $0.append(numbers) }
            let rows = (0..<10).flatMap { place in
                (0..<count).flatMap { [Float(numbers[$0 * 10 + place]), Float(place)] }
            }
            return ["hw_embed": Tensor(shape: [10, count, 2], rows)]
        }
    }

    private func ear(_ log: Log, takesWords: Bool = true, width: Int = 7) -> ClosureGraph {
        let words = takesWords ? [TensorSpec("bias_embed", .f32, [nil, nil, 2])] : []
        return ClosureGraph(
            "model.onnx",
            inputs: [TensorSpec("speech", .f32, [nil, nil, width]), TensorSpec("speech_lengths", .i32, [nil])] + words,
            outputs: [TensorSpec("logits", .f32, [nil, nil, 18]), TensorSpec("token_num", .i32, [nil])]
        ) { inputs throws(InferenceError) in
            if takesWords { let bias = try inputs.tensor("bias_embed"); log.biases.withLock { $0.append(bias) } }
            let logits = [5, 2].flatMap { token in (0..<18).map { Float($0 == token ? 9 : 0) } }
            return ["logits": Tensor(shape: [1, 2, 18], logits), "token_num": Tensor(shape: [1], [Int32(2)])]
        }
    }

    private func model(_ log: Log = Log(), takesWords: Bool = true, encodes: Bool = true) throws -> ParaformerModel {
        let table = try TokenTable(text: Self.pieces.joined(separator: "\n"))
        return try ParaformerModel(
            ParaformerConfig(),
            table: table,
            features: DrawnFeatures(),
            languages: [],
            graph: ear(log, takesWords: takesWords),
            hotwords: encodes ? try ParaformerHotwords(table: table, graph: encoder(log)) : nil
        )
    }

    @Test func `the graph gets the row of each word's last token, and one for none of them`() async throws {
        let log = Log()
        let heard = try await model(log).listening(for: ["你好", "  ", "好", "hello 你 好"]).transcript(
            of: Self.sound,
            .init()
        )
        #expect(heard.text == "hello")
        #expect(log.biases.withLock { $0.map(\.shape) } == [[1, 4, 2]])
        #expect(log.bias == [4, 1, 4, 0, 4, 2, 1, 0])
        let first = log.words.withLock { $0.first?.prefix(10) }
        #expect(first == [3, 4, 0, 0, 0, 0, 0, 0, 0, 0])
    }

    @Test(
        arguments: [
            ("paper", [15, 16]), ("Hello", [5]), ("hello paper", [5, 15, 16]), ("hellolo", nil),
            ("你hello好", [3, 5, 4]),
            ("pahello", [12, 5]), ("papahello", [12, 12, 5]),
            ("lolo", nil), ("好的", nil), ("hel", nil), ("你好你好你好你好你好你", nil),
        ] as [(String, [Int32]?)]
    )
    func `a word is written in as few pieces as there may be`(word: String, tokens: [Int32]?) async throws {
        let log = Log()
        guard let tokens else {
            let error = try await #require(throws: SpeechError.self) {
                try await model(log).listening(for: ["你", word])
            }
            #expect(error.code == .invalidText && error.message.contains(word) && !error.message.contains("\"你\""))
            return
        }
        _ = try await model(log).listening(for: [word])
        #expect(log.words.withLock { $0.first?.prefix(tokens.count).map { $0 } } == tokens)
        #expect(log.words.withLock { $0.first?[tokens.count] } == 0)
    }

    @Test func `words are encoded once for a session, and each session has its own`() async throws {
        let log = Log()
        let model = try model(log)
        let first = try await model.listening(for: ["你"]), second = try await model.listening(for: ["好"])
        for _ in 0..<3 { _ = try await first.transcript(of: Self.sound, .init()) }
        #expect(log.bias == [3, 0, 1, 0])
        _ = try await second.transcript(of: Self.sound, .init())
        #expect(log.bias == [4, 0, 1, 0])
        #expect(log.words.withLock { $0.count } == 2)
    }

    @Test func `a model that takes hotwords also hears without any`() async throws {
        let log = Log()
        #expect(try await model(log).transcript(of: Self.sound, .init()).text == "hello")
        #expect(log.bias == [1, 0])
    }

    @Test func `a model that takes none says so`() async throws {
        let model = try model(takesWords: false, encodes: false)
        let error = try await #require(throws: SpeechError.self) { try await model.listening(for: ["你"]) }
        #expect(error.code == .unsupported)
        #expect(try await model.listening(for: ["", " "]).transcript(of: Self.sound, .init()).text == "hello")
    }

    @Test func `words without bound are refused`() async throws {
        let words = [String](repeating: "你", count: ParaformerHotwords.most + 1)
        let error = try await #require(throws: SpeechError.self) { try await model().listening(for: words) }
        #expect(error.code == .invalidText && error.message.contains("1001"))
    }

    @Test func `a bundle has the encoder as its second stage, whether or not it says how it hears`() async throws {
        let part = #"[[{"file": "a.onnx", "runtime": "onnx"}]]"#
        let stages = #"{"cpu": {"model": \#(part), "hotwords": \#(part)}}"#
        for mode in ["", #", "mode": "offline""#] {
            let config = #"{"statistics": "am.mvn", "frontEnd": {"lfr": {}, "normalization": "given"}\#(mode)}"#
            let files = ["tokens.txt": Array(Self.pieces.joined(separator: "\n").utf8), "am.mvn": Self.network]
            let directory = try TemporaryBundle(family: "paraformer", sampleRate: 16_000, config: config, files: files)
            let text = #"""
                {"schema": 1, "family": "paraformer", "name": "a", "sampleRate": 16000, "placements": \#(stages), "config": \#(config)}
                """#
            let bundle = try ModelBundle(directory: directory.bundle.directory, json: Data(text.utf8))
            #expect(Paraformer.stages(of: try bundle.placement("cpu")) == ["model", "hotwords"])
            let log = Log()
            let graphs = [ear(log, width: 560), encoder(log)]
            guard case .whole(let model) = try Paraformer(bundle, graphs: graphs, metadata: { _ in [:] }) else {
                Issue.record("not a whole one")
                return
            }
            _ = try await model.listening(for: ["好"]).transcript(of: Self.sound, .init())
            #expect(log.bias == [4, 0, 1, 0])
        }
    }

    @Test func `graph and encoder of hotwords go together`() throws {
        #expect(throws: InferenceError.self) { try model(encodes: false) }
        #expect(throws: InferenceError.self) { try model(takesWords: false) }
        let table = try TokenTable(text: Self.pieces.joined(separator: "\n"))
        let wrong = encoder(Log(), inputs: [TensorSpec("x", .f32, [nil, nil, 7])])
        #expect(throws: InferenceError.self) { try ParaformerHotwords(table: table, graph: wrong) }
        let marked = try TokenTable(text: "<blank>\n<s>\n</s>\n\u{2581}a")
        #expect(throws: InferenceError.self) { try ParaformerHotwords(table: marked, graph: encoder(Log())) }
    }
}
