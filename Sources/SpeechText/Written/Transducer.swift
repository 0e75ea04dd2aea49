/// A weighted finite-state transducer over bytes: reads one text, writes another, and prefers the cheapest way.
///
/// Label 0 reads or writes nothing; 1 to 255 are bytes of UTF-8. Weights are costs that add up along a path (the
/// tropical semiring).
package struct Transducer: Sendable {
    /// One step from state to state.
    struct Arc: Sendable {
        let next: UInt32
        let weight: Float
        /// The byte that is read; 0 where none is.
        let input: UInt8
        /// The byte that is written; 0 where none is.
        let output: UInt8
    }

    /// States and arcs, one behind the other.
    struct Layout: Sendable {
        /// The state where texts begin.
        var start: UInt32 = 0
        /// State → cost of ending there; infinite where a text may not end.
        var finalWeights: [Float] = []
        /// State → its first arc; one more than there are states.
        var firstArc: [UInt32] = [0]
        /// Arcs of one state are sorted by what they read.
        var arcs: [Arc] = []

        func arcs(of state: Int) -> Range<Int> { Int(firstArc[state])..<Int(firstArc[state + 1]) }
    }

    private let layout: Layout
    private let lookahead: Lookahead
    /// State → whether more than one arc leads to it.
    private let junctions: [Bool]

    /// The state where texts begin.
    var start: UInt32 { layout.start }

    /// - Parameter layout: with valid states at the end of arcs.
    /// - Throws: `invalidGrammar` where arcs are not sorted by what they read, or read nothing round in a circle.
    init(_ layout: Layout) throws(SpeechTextError) {
        for state in layout.finalWeights.indices {
            for arc in layout.arcs(of: state).dropFirst() where layout.arcs[arc].input < layout.arcs[arc - 1].input {
                throw Self.refusal("The arcs of its state \(state) are not sorted by input label (see fstarcsort).")
            }
        }
        self.layout = layout
        lookahead = try Lookahead(layout)
        var isEntered = [Bool](repeating: false, count: layout.finalWeights.count)
        var junctions = isEntered
        for arc in layout.arcs {
            if isEntered[Int(arc.next)] { junctions[Int(arc.next)] = true }
            isEntered[Int(arc.next)] = true
        }
        self.junctions = junctions
    }

    subscript(arc: Int) -> Arc { layout.arcs[arc] }

    /// Whether more than one arc leads to a state.
    func isJunction(_ state: Int) -> Bool { junctions[state] }

    /// Cost of ending in a state; infinite where a text may not end.
    func finalWeight(_ state: Int) -> Float { layout.finalWeights[state] }

    /// The arcs of a state that read nothing.
    func silentArcs(_ state: Int) -> Range<Int> {
        let all = layout.arcs(of: state)
        guard let first = all.first, layout.arcs[first].input == 0 else { return all.lowerBound..<all.lowerBound }
        return first..<lowerBound(of: 1, in: all)
    }

    /// The arcs of a state that read a byte.
    func arcs(_ state: Int, reading byte: UInt8) -> Range<Int> {
        let all = layout.arcs(of: state)
        let first = lowerBound(of: byte, in: all)
        var end = first
        while end < all.upperBound, layout.arcs[end].input == byte { end += 1 }
        return first..<end
    }

    /// False where no path from a state reads the byte next; with nil, where none ends without reading more.
    func canGoOn(_ state: Int, with byte: UInt8?) -> Bool {
        if let known = lookahead.canGoOn(state, with: byte) { return known }
        guard let byte else { return layout.finalWeights[state] < .infinity }
        let all = layout.arcs(of: state)
        let first = lowerBound(of: byte, in: all)
        return first < all.upperBound && layout.arcs[first].input == byte
    }

    private func lowerBound(of byte: UInt8, in range: Range<Int>) -> Int {
        var low = range.lowerBound
        var high = range.upperBound
        while low < high {
            let middle = (low + high) / 2
            if layout.arcs[middle].input < byte { low = middle + 1 } else { high = middle }
        }
        return low
    }

    static func refusal(_ message: String) -> SpeechTextError {
        SpeechTextError(.invalidGrammar, message + " Install the grammars again.")
    }
}
