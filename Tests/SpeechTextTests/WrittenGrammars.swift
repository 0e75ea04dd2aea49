import Foundation

/// A transducer made by hand, and the file that OpenFst would keep it in.
struct TinyTransducer {
    struct Arc {
        var input: UInt32
        var output: UInt32
        var weight: Float = 0
        var next: Int
    }

    var arcs: [[Arc]] = [[]]
    var finals: [Int: Float] = [:]

    mutating func state() -> Int {
        arcs.append([])
        return arcs.count - 1
    }

    /// A way from state to state that reads one text and writes another.
    mutating func add(_ from: Int, reads: String = "", writes: String = "", weight: Float = 0, to next: Int? = nil)
        -> Int
    {
        let (input, output) = (Array(reads.utf8), Array(writes.utf8))
        let end = next ?? state()
        let length = max(input.count, output.count, 1)
        var here = from
        for index in 0..<length {
            let there = index == length - 1 ? end : state()
            let read = index < input.count ? input[index] : 0
            let written = index < output.count ? output[index] : 0
            let cost = index == 0 ? weight : 0
            arcs[here].append(Arc(input: UInt32(read), output: UInt32(written), weight: cost, next: there))
            here = there
        }
        return end
    }

    /// In OpenFst's format, arcs sorted by what they read.
    var file: [UInt8] {
        var bytes = words(2_125_659_606, 6) + Array("vector".utf8) + words(8) + Array("standard".utf8)
        bytes += words(2, 0) + longs(3, 0, arcs.count, 0)
        for state in arcs.indices {
            bytes += words((finals[state] ?? .infinity).bitPattern) + longs(arcs[state].count)
            for arc in arcs[state].sorted(by: { $0.input < $1.input }) {
                bytes += words(arc.input, arc.output, arc.weight.bitPattern, UInt32(arc.next))
            }
        }
        return bytes
    }

    private func words(_ values: UInt32...) -> [UInt8] {
        values.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value >> UInt32(8 * $0)) } }
    }

    private func longs(_ values: Int...) -> [UInt8] {
        values.flatMap { value in (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
    }
}

/// Rules for a few words on disk, laid out as an installed model.
struct WrittenRules: ~Copyable {
    let directory: String

    /// - Parameter words: language → what is said → what is written.
    /// - Throws: where nothing can be written.
    init(_ words: [String: [String: String]]) throws {
        directory = FileManager.default.temporaryDirectory.appendingPathComponent("written-\(UUID().uuidString)").path
        for (language, pairs) in words {
            try save(Self.tagger(Array(pairs.keys)), "\(language)/tagger.fst")
            try save(Self.verbalizer(pairs), "\(language)/verbalizer.fst")
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    borrowing func save(_ bytes: [UInt8], _ name: String) throws {
        let url = URL(fileURLWithPath: directory + "/" + name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
    }

    /// Known words become `n { w: "…" }` at a cost, so that the longest is taken, and other bytes `c { v: "…" }` at more. `#` cannot be read.
    static func tagger(_ words: [String]) -> [UInt8] {
        var graph = TinyTransducer()
        graph.finals[0] = 0
        for word in words.sorted() {
            let open = graph.add(0, writes: "n { w: \"", weight: 0.125)
            _ = graph.add(graph.add(open, reads: word, writes: word), writes: "\" } ", to: 0)
        }
        for byte in UInt32(1)...255 where byte != UInt32(UInt8(ascii: "#")) {
            let open = graph.add(0, writes: "c { v: \"", weight: 1)
            let close = graph.state()
            let isMark = byte == UInt32(UInt8(ascii: "\"")) || byte == UInt32(UInt8(ascii: "\\"))
            let from = isMark ? graph.add(open, writes: "\\") : open
            graph.arcs[from].append(.init(input: byte, output: byte, next: close))
            _ = graph.add(close, writes: "\" } ", to: 0)
        }
        return graph.file
    }

    static func verbalizer(_ words: [String: String]) -> [UInt8] {
        var graph = TinyTransducer()
        let end = graph.state()
        graph.finals[end] = 0
        _ = graph.add(end, reads: " ", to: 0)
        for (spoken, written) in words.sorted(by: { $0.key < $1.key }) {
            _ = graph.add(
                graph.add(graph.add(0, reads: "n { w: \""), reads: spoken, writes: written),
                reads: "\" }",
                to: end
            )
        }
        let open = graph.add(0, reads: "c { v: \"")
        let close = graph.state()
        let escaped = graph.add(open, reads: "\\")
        for byte in UInt32(1)...255 {
            let isMark = byte == UInt32(UInt8(ascii: "\"")) || byte == UInt32(UInt8(ascii: "\\"))
            graph.arcs[isMark ? escaped : open].append(.init(input: byte, output: byte, next: close))
        }
        _ = graph.add(close, reads: "\" }", to: end)
        return graph.file
    }
}
