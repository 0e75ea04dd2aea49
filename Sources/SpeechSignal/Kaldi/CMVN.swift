/// Mean and variance normalization by numbers that come with a model: (x + shift) · scale for every value of a row.
package struct CMVN: Sendable, Equatable {
    /// Means with their sign turned.
    package let shift: [Float]
    /// One over the standard deviations.
    package let scale: [Float]

    /// Values of a row.
    package var width: Int { shift.count }

    /// Normalization by the given numbers.
    ///
    /// - Throws: `badStatistics` when there are none, not as many of one as of the other, or one is not finite.
    package init(shift: [Float], scale: [Float]) throws(KaldiFrontEndError) {
        guard !shift.isEmpty, shift.count == scale.count else {
            throw KaldiFrontEndError(.badStatistics, "CMVN of \(shift.count) shifts and \(scale.count) scales")
        }
        guard shift.allSatisfy(\.isFinite), scale.allSatisfy(\.isFinite) else {
            throw KaldiFrontEndError(.badStatistics, "CMVN holds a number that is not finite")
        }
        self.init(unchecked: shift, scale: scale)
    }

    /// The same for numbers that were computed here.
    init(unchecked shift: [Float], scale: [Float]) {
        self.shift = shift
        self.scale = scale
    }

    /// Normalizes rows in place.
    ///
    /// - Parameter rows: row-major `[rows, width]`.
    package func apply(to rows: inout [Float]) {
        precondition(rows.count.isMultiple(of: width))
        for row in stride(from: 0, to: rows.count, by: width) {
            for index in 0..<width { rows[row + index] = (rows[row + index] + shift[index]) * scale[index] }
        }
    }
}
