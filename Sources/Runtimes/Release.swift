/// The number at the beginning of a release's name: `2.3.1` of `2.3.1-source_code`, `0.9.8` of `v0.9.8`.
package struct Release: Sendable, Hashable, Comparable, CustomStringConvertible {
    package let numbers: [Int]

    /// - Parameter text: what a library, a driver or a file says; nil comes of a text without a number that has a point.
    package init?(_ text: String) {
        let digits = text.drop { !$0.isNumber }.prefix { $0.isNumber || $0 == "." }
        numbers = digits.split(separator: ".").prefix(4).compactMap { Int($0) }
        guard numbers.count >= 2 else { return nil }
    }

    package init(_ numbers: Int...) { self.numbers = numbers }

    package var description: String { numbers.map(String.init).joined(separator: ".") }

    package static func < (left: Release, right: Release) -> Bool {
        left.numbers.lexicographicallyPrecedes(right.numbers)
    }

    /// By major and minor number: within one series, files of a later patch are loaded as well.
    package func isNewerSeries(than other: Release) -> Bool {
        other.numbers.prefix(2).lexicographicallyPrecedes(numbers.prefix(2))
    }
}
