extension CMVN {
    /// From the metadata of sherpa-onnx's graphs, where numbers stand between commas.
    ///
    /// - Parameters:
    ///   - negMean: the value of `neg_mean`.
    ///   - invStddev: the value of `inv_stddev`.
    /// - Throws: `badStatistics` with what cannot be read.
    package init(negMean: String, invStddev: String) throws(KaldiFrontEndError) {
        let shift = try Self.numbers(negMean.utf8Pieces { $0 == UInt8(ascii: ",") }, of: "neg_mean")
        let scale = try Self.numbers(invStddev.utf8Pieces { $0 == UInt8(ascii: ",") }, of: "inv_stddev")
        try self.init(shift: shift, scale: scale)
    }

    /// From the text of an `am.mvn`, a Kaldi network of the components AddShift and Rescale:
    ///
    ///     <Nnet> <Splice> 560 560 [ 0 ]
    ///     <AddShift> 560 560 <LearnRateCoef> 0 [ -8.31 … ]
    ///     <Rescale> 560 560 <LearnRateCoef> 0 [ 0.155 … ] </Nnet>
    ///
    /// - Throws: `badStatistics` with what is missing, or is not what the text says of itself.
    package init(kaldiNnet text: String) throws(KaldiFrontEndError) {
        guard text.utf8.count <= 1 << 20 else {
            throw KaldiFrontEndError(.badStatistics, "am.mvn of \(text.utf8.count) bytes; such files have some 10,000")
        }
        let words = text.utf8Pieces { $0 == 0x20 || (0x09...0x0D).contains($0) }
        try self.init(
            shift: Self.component("<AddShift>", in: words),
            scale: Self.component("<Rescale>", in: words)
        )
    }

    /// The vector of a component of that name.
    private static func component(_ name: String, in words: [Substring]) throws(KaldiFrontEndError) -> [Float] {
        guard let start = words.firstIndex(of: name[...]) else {
            throw KaldiFrontEndError(.badStatistics, "am.mvn has no \(name)")
        }
        let behind = words[(start + 1)...]
        // The next component begins with a word in <>; the learning rate's belongs to this one.
        let end = behind.firstIndex { $0.first == "<" && $0 != "<LearnRateCoef>" } ?? words.endIndex
        guard let open = behind[..<end].firstIndex(of: "["), let close = behind[..<end].firstIndex(of: "]"),
            open < close
        else { throw KaldiFrontEndError(.badStatistics, "am.mvn has no vector in [ ] behind \(name)") }
        let values = try numbers(Array(words[open + 1..<close]), of: name)
        let widths = words[start + 1..<open].prefix(2).map { Int($0) }
        guard widths == [values.count, values.count] else {
            let told = words[start + 1..<open].prefix(2).joined(separator: " ")
            throw KaldiFrontEndError(.badStatistics, "am.mvn says \(name) \(told) and has \(values.count) numbers")
        }
        return values
    }

    private static func numbers(_ words: [Substring], of name: String) throws(KaldiFrontEndError) -> [Float] {
        var values: [Float] = []
        for word in words {
            guard let value = Float(word.trimmed), value.isFinite else {
                let shown = word.prefix(20).debugDescription
                throw KaldiFrontEndError(.badStatistics, "\(name) holds \(shown), which is no number")
            }
            values.append(value)
        }
        return values
    }
}

extension String {
    /// What stands between separators, nothing where two meet. By bytes: a separator is never part of a letter.
    fileprivate func utf8Pieces(separatedBy isSeparator: (UInt8) -> Bool) -> [Substring] {
        utf8.split(whereSeparator: isSeparator).map { Substring($0) }
    }
}

extension Substring {
    /// Without the white space around it.
    fileprivate var trimmed: Substring {
        let kept = drop { $0.isWhitespace }
        return kept.prefix(upTo: kept.lastIndex { !$0.isWhitespace }.map(kept.index(after:)) ?? kept.startIndex)
    }
}
