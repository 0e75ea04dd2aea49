extension Transducer {
    /// Bytes that a file may have; the largest known grammar has 6.4 million.
    static let largestFile = 64 << 20

    /// Reads OpenFst's file format for `vector` transducers with `standard` arcs, version 2, as `fstconvert
    /// --fst_type=vector` writes it: a header, then for each state the cost of ending there, the number of its arcs, and
    /// the arcs. All numbers are little-endian.
    ///
    /// - Parameter bytes: the whole file.
    /// - Throws: `invalidGrammar` for another format, a file cut short or continued, labels that are no bytes, states
    ///   that are not there, costs that are no numbers, and what ``init(_:)`` refuses.
    package init(openFst bytes: [UInt8]) throws(SpeechTextError) {
        guard bytes.count <= Self.largestFile else { throw Self.refusal("It has more than 64 MB.") }
        var reader = OpenFstReader(bytes)
        var layout = Layout()
        let states = try reader.header(&layout.start)
        layout.finalWeights.reserveCapacity(states)
        layout.firstArc.reserveCapacity(states + 1)
        layout.arcs.reserveCapacity(reader.remaining / OpenFstReader.arcSize)
        for state in 0..<states {
            layout.finalWeights.append(try reader.weight(in: state))
            for _ in 0..<(try reader.arcCount(in: state)) {
                layout.arcs.append(try reader.arc(in: state, of: states))
            }
            layout.firstArc.append(UInt32(layout.arcs.count))
        }
        guard reader.remaining == 0 else { throw Self.refusal("Behind its states are \(reader.remaining) more bytes.") }
        try self.init(layout)
    }
}

/// Takes the file apart; nothing is believed that the bytes left over could not hold.
private struct OpenFstReader {
    /// Bytes of an arc: two labels, a cost, a state.
    static let arcSize = 16
    /// Bytes of a state without arcs.
    private static let stateSize = 12
    private static let magic: UInt32 = 2_125_659_606

    private let bytes: [UInt8]
    private var position = 0

    var remaining: Int { bytes.count - position }

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// - Returns: the number of states.
    mutating func header(_ start: inout UInt32) throws(SpeechTextError) -> Int {
        guard remaining >= 4, try word() == Self.magic else { throw Transducer.refusal("It is no file of OpenFst.") }
        let kind = try name()
        guard kind == "vector" else {
            throw Transducer.refusal("It is a transducer of type '\(kind)', not 'vector' (see fstconvert).")
        }
        let arcs = try name()
        guard arcs == "standard" else { throw Transducer.refusal("It has arcs of type '\(arcs)', not 'standard'.") }
        let version = try word()
        guard version == 2 else { throw Transducer.refusal("It has version \(version) of the format, not 2.") }
        guard try word() == 0 else { throw Transducer.refusal("It has symbol tables (see fstsymbols).") }
        _ = try long()
        let first = try long()
        let states = try long()
        _ = try long()
        guard states > 0, states <= remaining / Self.stateSize else {
            throw Transducer.refusal("It claims \(states) states, for which its \(bytes.count) bytes are too few.")
        }
        guard (0..<states).contains(first) else { throw Transducer.refusal("Its first state \(first) is not there.") }
        start = UInt32(first)
        return Int(states)
    }

    mutating func arcCount(in state: Int) throws(SpeechTextError) -> Int {
        let count = try long()
        guard count >= 0, count <= remaining / Self.arcSize else {
            throw Transducer.refusal("Its state \(state) claims \(count) arcs, for which the bytes left are too few.")
        }
        return Int(count)
    }

    mutating func arc(in state: Int, of states: Int) throws(SpeechTextError) -> Transducer.Arc {
        let input = try label(in: state)
        let output = try label(in: state)
        let weight = try weight(in: state)
        let next = try word()
        guard next < states else {
            throw Transducer.refusal("Its state \(state) leads to \(next), which is not there.")
        }
        return Transducer.Arc(next: next, weight: weight, input: input, output: output)
    }

    /// A cost: a number, or infinite for what is not allowed.
    mutating func weight(in state: Int) throws(SpeechTextError) -> Float {
        let weight = Float(bitPattern: try word())
        guard weight > -.infinity else { throw Transducer.refusal("Its state \(state) has a cost that is no number.") }
        return weight
    }

    private mutating func label(in state: Int) throws(SpeechTextError) -> UInt8 {
        let label = try word()
        guard let byte = UInt8(exactly: label) else {
            throw Transducer.refusal("Its state \(state) has the label \(Int32(bitPattern: label)), which is no byte.")
        }
        return byte
    }

    private mutating func name() throws(SpeechTextError) -> String {
        let length = Int(try word())
        guard length <= min(remaining, 64) else { throw Transducer.refusal("Its header is damaged.") }
        defer { position += length }
        return String(decoding: bytes[position..<position + length], as: UTF8.self)
    }

    private mutating func word() throws(SpeechTextError) -> UInt32 {
        guard remaining >= 4 else { throw Transducer.refusal("It is cut short after \(bytes.count) bytes.") }
        defer { position += 4 }
        let low = UInt32(bytes[position]) | UInt32(bytes[position + 1]) << 8
        return low | UInt32(bytes[position + 2]) << 16 | UInt32(bytes[position + 3]) << 24
    }

    private mutating func long() throws(SpeechTextError) -> Int64 {
        Int64(bitPattern: UInt64(try word()) | UInt64(try word()) << 32)
    }
}
