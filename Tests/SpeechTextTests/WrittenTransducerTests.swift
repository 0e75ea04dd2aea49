import Foundation
import SpeechText
import Testing

/// Files of transducers, and the ways through them.
struct WrittenTransducerTests {
    private struct Golden: Decodable {
        struct Row: Decodable {
            let file: [UInt8]
            let texts: [[String]]

            init(from decoder: any Decoder) throws {
                var row = try decoder.unkeyedContainer()
                file = Array(Data(base64Encoded: try row.decode(String.self)) ?? Data())
                texts = try row.decode([[String]].self)
            }
        }

        let rows: [Row]
    }

    private func text(_ text: String, through file: [UInt8], limit: Int = 10_000) throws -> String? {
        try Transducer(openFst: file).output(of: Array(text.utf8), limit: limit).map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    /// Golden data of `ModelPrep/text/golden.py`: exact, ties included. Nothing written also stands for no way.
    @Test func randomTransducersWriteWhatKaldifstWrites() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let data = try Data(contentsOf: folder.appendingPathComponent("Fixtures/transducers.json"))
        let rows = try JSONDecoder().decode(Golden.self, from: data).rows
        #expect(rows.count == 80)
        for (index, row) in rows.enumerated() {
            for pair in row.texts {
                #expect(try text(pair[0], through: row.file) ?? "" == pair[1], "transducer \(index), \(pair[0])")
            }
        }
    }

    @Test func theCheapestWayIsTaken() throws {
        var graph = TinyTransducer()
        let dear = graph.add(0, reads: "ab", writes: "dear", weight: 0.5)
        let cheap = graph.add(0, reads: "ab", writes: "cheap", weight: 1)
        graph.finals = [dear: 1, cheap: 0.25]
        #expect(try text("ab", through: graph.file) == "cheap")
        #expect(try text("a", through: graph.file) == nil)
        #expect(try text("abc", through: graph.file) == nil)
        #expect(try text("", through: graph.file) == nil)
        #expect(try text("a\0b", through: graph.file) == "cheap")
    }

    @Test func silentArcsAreTakenInFrontBetweenAndBehind() throws {
        var graph = TinyTransducer()
        let end = graph.add(graph.add(graph.add(0, writes: "<"), reads: "ü", writes: "ue"), writes: "|>")
        graph.finals[end] = 0
        #expect(try text("ü", through: graph.file) == "<ue|>")
        #expect(try text("", through: graph.file) == nil)
    }

    @Test func aSearchThatGrowsTooLargeIsGivenUp() throws {
        var graph = TinyTransducer()
        for _ in 1..<40 { _ = graph.state() }
        for state in graph.arcs.indices {
            graph.arcs[state] = graph.arcs.indices.map { .init(input: 97, output: 98, next: $0) }
            graph.finals[state] = 0
        }
        let text = String(repeating: "a", count: 50)
        #expect(try self.text(text, through: graph.file, limit: 100_000) == String(repeating: "b", count: 50))
        #expect(try self.text(text, through: graph.file, limit: 50_000) == nil)
    }

    // MARK: Damaged files

    /// Puts bytes in place of others of a file that is whole: a header of 66 bytes, one state with an arc, one without.
    private func refusal(_ change: (inout [UInt8]) -> Void) -> SpeechTextError? {
        var graph = TinyTransducer()
        graph.finals[graph.add(0, reads: "a", writes: "b")] = 0
        var file = graph.file
        #expect(file.count == 66 + 12 + 16 + 12)
        change(&file)
        return #expect(throws: SpeechTextError.self) { try Transducer(openFst: file) }
    }

    @Test(
        "A damaged file is refused, and the message names the fault",
        arguments: [
            (0, [0], "no file of OpenFst"),
            (8, Array("consts".utf8), "type 'consts'"),
            (18, Array("log64   ".utf8), "'log64   '"),
            (4, [255, 255, 255, 255], "header is damaged"),
            (26, [3], "version 3"),
            (30, [1], "symbol tables"),
            (42, [2], "first state 2"),
            (42, [255, 255, 255, 255, 255, 255, 255, 255], "first state -1"),
            (50, [255, 255, 255, 255, 255, 255, 255, 127], "states, for which"),
            (50, [255, 255, 255, 255, 255, 255, 255, 255], "claims -1 states"),
            (50, [0], "claims 0 states"),
            (66, [0, 0, 192, 127], "cost that is no number"),
            (66, [0, 0, 128, 255], "cost that is no number"),
            (70, [255, 255, 255, 255, 255, 255, 255, 127], "arcs, for which"),
            (70, [255, 255, 255, 255, 255, 255, 255, 255], "claims -1 arcs"),
            (78, [0, 1], "label 256"),
            (82, [255, 255, 255, 255], "label -1"),
            (86, [255, 255, 255, 255], "cost that is no number"),
            (90, [2], "leads to 2"),
            (90, [255, 255, 255, 255], "leads to 4294967295"),
        ] as [(Int, [UInt8], String)]
    )
    func damage(at offset: Int, bytes: [UInt8], named: String) {
        let error = refusal { $0.replaceSubrange(offset..<offset + bytes.count, with: bytes) }
        #expect(error?.code == .invalidGrammar)
        #expect(error?.message.contains(named) == true, "\(error?.message ?? "")")
    }

    @Test func aFileCutShortAnywhereIsRefused() throws {
        var graph = TinyTransducer()
        graph.finals[graph.add(0, reads: "ab", writes: "c")] = 0
        let file = graph.file
        for length in 0..<file.count {
            #expect(throws: SpeechTextError.self, "\(length) bytes") {
                try Transducer(openFst: Array(file.prefix(length)))
            }
        }
        let error = #expect(throws: SpeechTextError.self) { try Transducer(openFst: file + [0]) }
        #expect(error?.message.contains("1 more bytes") == true)
    }

    @Test func circlesThatReadNothingAreRefused() throws {
        var graph = TinyTransducer()
        let there = graph.add(0, reads: "a")
        let back = graph.add(there, writes: "x")
        _ = graph.add(back, weight: -1, to: there)
        graph.finals[there] = 0
        let error = #expect(throws: SpeechTextError.self) { try Transducer(openFst: graph.file) }
        #expect(error?.message.contains("come back") == true)
        graph.arcs[back] = [.init(input: 98, output: 0, next: there)]
        #expect(try text("abb", through: graph.file) == "xx")
    }

    @Test func unsortedArcsAreRefused() throws {
        var graph = TinyTransducer()
        let end = graph.add(0, reads: "a")
        _ = graph.add(0, reads: "b", to: end)
        graph.finals[end] = 0
        var file = graph.file
        file.swapAt(78, 94)
        let error = #expect(throws: SpeechTextError.self) { try Transducer(openFst: file) }
        #expect(error?.message.contains("sorted") == true)
    }

    /// No damage makes it crash or go on for ever: a file is refused, or texts go through it within the limit.
    @Test func randomDamageIsSurvived() throws {
        let file = WrittenRules.verbalizer(["a": "b", "ab": "c"])
        var random = SystemRandomNumberGenerator()
        var refused = 0
        for _ in 0..<500 {
            var damaged = file
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                damaged[Int.random(in: damaged.indices, using: &random)] = .random(in: .min ... .max, using: &random)
            }
            guard let graph = try? Transducer(openFst: damaged) else {
                refused += 1
                continue
            }
            _ = graph.output(of: Array("n { w: \"ab\" } c { v: \"x\" }".utf8), limit: 10_000)
        }
        #expect((1..<500).contains(refused))
    }
}
