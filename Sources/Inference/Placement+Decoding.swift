// Decoding is strict: what is not understood is refused by name, because a slip would otherwise run somewhere else.

/// Any key of a JSON object.
struct AnyKey: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

/// What is wrong with a value, and where.
struct Misfit: Error {
    var path: [any CodingKey]
    var message: String

    /// `rknn.decoder.0.1: …`
    var description: String {
        let place = path.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
        return place.isEmpty ? message : "\(place): \(message)"
    }
}

extension Placement: Decodable {
    package init(from decoder: any Decoder) throws {
        let object = try decoder.container(keyedBy: AnyKey.self)
        boards = try object.decodeIfPresent([String].self, forKey: AnyKey("boards"))
        stages = [:]
        if let boards, boards.isEmpty {
            throw Misfit(path: decoder.codingPath, message: "\"boards\" is an empty list; leave it out for every board")
        }
        for key in object.allKeys where key.stringValue != "boards" {
            guard var links = try? object.nestedUnkeyedContainer(forKey: key) else {
                let near = Spelling.nearest(to: key.stringValue, in: ["boards"])
                let hint = near.map { "unknown key \"\(key.stringValue)\"; did you mean \"\($0)\"?" }
                throw Misfit(
                    path: decoder.codingPath,
                    message: hint ?? "stage \"\(key.stringValue)\" is no list of links"
                )
            }
            stages[key.stringValue] = try Self.chain(&links)
        }
    }

    private static func chain(_ links: inout any UnkeyedDecodingContainer) throws -> [[Part]] {
        let path = links.codingPath
        var chain: [[Part]] = []
        while !links.isAtEnd {
            let buckets = try links.decode([Part].self)
            if let problem = problem(with: buckets) {
                throw Misfit(path: path, message: "link \(chain.count): \(problem)")
            }
            chain.append(buckets)
        }
        guard !chain.isEmpty else { throw Misfit(path: path, message: "the chain has no link") }
        return chain
    }

    /// What is wrong with the buckets of a link, each of which is right in itself.
    private static func problem(with buckets: [Part]) -> String? {
        guard let first = buckets.first else { return "it has no bucket" }
        guard buckets.count > 1 else { return nil }
        for (previous, bucket) in zip([nil] + buckets.map(Optional.some), buckets) {
            guard let frames = bucket.frames else { return "\(bucket.file) has no \"frames\", as one of several must" }
            if let before = previous?.frames, frames <= before {
                return "its buckets do not increase: \(bucket.file) has \(frames) frames after \(before)"
            }
            if bucket.axes != first.axes || bucket.pad != first.pad || bucket.mask != first.mask {
                return "\(bucket.file) differs in \"axes\", \"pad\" or \"mask\" from \(first.file)"
            }
        }
        return nil
    }
}

extension Placement: Encodable {
    package func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: AnyKey.self)
        try object.encodeIfPresent(boards, forKey: AnyKey("boards"))
        for (stage, links) in stages { try object.encode(links, forKey: AnyKey(stage)) }
    }
}

extension Placement.Part: Decodable {
    private typealias Key = CodingKeys

    package init(from decoder: any Decoder) throws {
        for key in try decoder.container(keyedBy: AnyKey.self).allKeys where Key(rawValue: key.stringValue) == nil {
            let near = Spelling.nearest(to: key.stringValue, in: Key.allCases.map(\.rawValue))
            let hint = near.map { "; did you mean \"\($0)\"?" } ?? ""
            throw Misfit(path: decoder.codingPath, message: "unknown key \"\(key.stringValue)\"\(hint)")
        }
        let object = try decoder.container(keyedBy: Key.self)
        file = try object.decode(String.self, forKey: .file)
        runtime = try Self.word(.runtime, of: object) ?? .onnx
        frames = try object.decodeIfPresent(Double.self, forKey: .frames).map { try Self.whole($0, .frames, object) }
        axes = try object.decodeIfPresent([String: Double].self, forKey: .axes)?
            .mapValues { try Self.whole($0, .axes, object) }
        pad = try Self.word(.pad, of: object)
        mask = try object.decodeIfPresent(String.self, forKey: .mask)
        cores = try object.decodeIfPresent([Double].self, forKey: .cores)?.map { try Self.whole($0, .cores, object) }
        contexts = try object.decodeIfPresent(Double.self, forKey: .contexts)
            .map { try Self.whole($0, .contexts, object) }
        sha256 = try object.decodeIfPresent(Placement.Digest.self, forKey: .sha256)
        source = try object.decodeIfPresent(String.self, forKey: .source)
        shapes = try object.decodeIfPresent([String: [Double]].self, forKey: .shapes)?
            .mapValues { try $0.map { try Self.whole($0, .shapes, object) } }
        bytes = try object.decodeIfPresent(Double.self, forKey: .bytes).map { try Self.whole($0, .bytes, object) }
        if !object.contains(.runtime) {
            throw Misfit(path: decoder.codingPath, message: "\"runtime\" is missing")
        }
        if let problem { throw Misfit(path: decoder.codingPath, message: problem) }
    }

    /// One of a few words, or an error that names them.
    private static func word<Word: RawRepresentable<String> & CaseIterable>(
        _ key: Key,
        of object: KeyedDecodingContainer<Key>
    ) throws -> Word? {
        guard let text = try object.decodeIfPresent(String.self, forKey: key) else { return nil }
        if let word = Word(rawValue: text) { return word }
        let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
        throw Misfit(path: object.codingPath, message: "\"\(key.rawValue)\" is \"\(text)\"; it is one of \(words)")
    }

    /// A whole number. The decoder itself says of 40.5 no more than that the document is no JSON.
    private static func whole(
        _ number: Double,
        _ key: Key,
        _ object: KeyedDecodingContainer<Key>
    ) throws -> Int {
        guard let whole = Int(exactly: number) else {
            throw Misfit(path: object.codingPath, message: "\"\(key.rawValue)\" is \(number); it takes whole numbers")
        }
        return whole
    }

    /// What a list of right types can still have wrong.
    private var problem: String? {
        for path in [file, source ?? "-"] { if let problem = BundlePath.problem(path) { return problem } }
        if let frames, frames < 1 { return "\"frames\" is \(frames); it is at least 1" }
        if frames == nil, let key = (axes != nil ? "axes" : pad != nil ? "pad" : mask != nil ? "mask" : nil) {
            return "\"\(key)\" says how to fill \"frames\", which is missing"
        }
        if let axis = axes?.first(where: { $0.value < 0 }) { return "axis \(axis.value) of \(axis.key) is negative" }
        if let cores, cores.isEmpty || Set(cores).count < cores.count || !cores.allSatisfy({ (0..<16).contains($0) }) {
            return "\"cores\" is a list of different numbers from 0; leave it out for any free core"
        }
        if let contexts, !(1...64).contains(contexts) { return "\"contexts\" is \(contexts); it is from 1 to 64" }
        if let bytes, bytes < 0 { return "\"bytes\" is negative" }
        if let shapes, let bad = shapes.first(where: { !$0.value.allSatisfy { (1...1 << 31).contains($0) } }) {
            return "the shape of \(bad.key) has a length that is none"
        }
        return sha256?.problem
    }
}

extension Placement.Digest {
    package init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let text = try? value.decode(String.self) {
            self = .one(text)
        } else {
            self = .boards(try value.decode([String: String].self))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        switch self {
        case .one(let text): try value.encode(text)
        case .boards(let texts): try value.encode(texts)
        }
    }

    fileprivate var problem: String? {
        let texts: [String] =
            switch self {
            case .one(let text): [text]
            case .boards(let texts): texts.sorted { $0.key < $1.key }.map(\.value)
            }
        let bad = texts.first { $0.utf8.count != 64 || !$0.allSatisfy { $0.isASCII && $0.isHexDigit } }
        return bad.map { "\"sha256\" is \"\($0)\", not 64 hexadecimal digits" }
    }
}
