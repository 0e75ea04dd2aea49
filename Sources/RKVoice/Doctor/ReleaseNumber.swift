/// The number at the beginning of a release's name, such as 0.9.8 of `v0.9.8`.
struct ReleaseNumber: Sendable, Hashable, Comparable, CustomStringConvertible {
    let parts: [Int]

    /// Takes the first number with a point in it; nil when there is none.
    init?(_ text: String) {
        guard let match = text.firstMatch(of: /[0-9]+(?:\.[0-9]+)+/) else { return nil }
        parts = match.output.split(separator: ".").prefix(4).compactMap { Int($0) }
        guard parts.count >= 2 else { return nil }
    }

    init(_ parts: Int...) { self.parts = parts }

    var description: String { parts.map(String.init).joined(separator: ".") }

    static func < (left: ReleaseNumber, right: ReleaseNumber) -> Bool {
        left.parts.lexicographicallyPrecedes(right.parts)
    }
}
