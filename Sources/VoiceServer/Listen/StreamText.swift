/// The text of a stream: utterances joined as their script joins them.
package struct StreamText: Sendable, Hashable {
    package init() {}

    /// Everything that finished utterances said.
    package private(set) var finished = ""
    /// The text that was sent last, partial or final.
    private(set) var lastSent = ""

    /// Everything said so far when `utterance` is what the current one says.
    package func with(_ utterance: String) -> String { Self.joined(finished, utterance) }

    /// Unicode scalars before the current utterance in ``with(_:)``.
    package func offset(of utterance: String) -> Int {
        with(utterance).unicodeScalars.count - utterance.unicodeScalars.count
    }

    /// An utterance is over.
    package mutating func finish(_ utterance: String) { finished = with(utterance) }

    /// Remembers what went out; tells whether it had gone out before.
    package mutating func send(_ text: String) -> Bool {
        defer { lastSent = text }
        return !text.isEmpty && text == lastSent
    }

    /// Chinese, Japanese and the like put nothing between sentences; everything else a space.
    private static func joined(_ first: String, _ second: String) -> String {
        guard let last = first.unicodeScalars.last, let next = second.unicodeScalars.first else {
            return first + second
        }
        return isDense(last) && isDense(next) ? first + second : first + " " + second
    }

    /// From the CJK radicals (U+2E80) to the ideographs' end, and full-width forms; Hangul does use spaces.
    private static func isDense(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0xAC00...0xD7AF: false
        case 0x2E80...0x9FFF, 0xF900...0xFAFF, 0xFF00...0xFFEF, 0x20000...0x3FFFF: true
        default: false
        }
    }
}
