import SpeechText
import Testing

/// Deterministic random numbers, so that a failure can be repeated (SplitMix64).
private struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

struct SentenceSplitterPropertyTests {
    private let parts = [
        "hello", "Dr.", "U.S.", "p.m.", "The", "they", "I", "J.", "3.5", "no.", "7", "e.g.", "etc.", "a@b.com", "x",
        ".", "?", "!", "...", "…", ",", ";", ":", "—", "-", "\"", "'", "”", "“", ")", "(", "。", "？", "，", "」", "「",
        "世界", "はい", "と", "👩‍👩‍👧‍👦", "🇩🇪", "e\u{301}", "한국", "\n", "\r\n", " ", " ", " ", "  ", "\t",
    ]

    private func randomText(_ generator: inout SeededGenerator) -> String {
        var text = ""
        for _ in 0..<Int.random(in: 0...30, using: &generator) {
            text += parts.randomElement(using: &generator) ?? ""
            if Bool.random(using: &generator) { text += " " }
        }
        return text
    }

    @Test(arguments: [1, 2, 7, 20, 100])
    func portionsDoNotMatterAndNothingIsLost(limit: Int) {
        var generator = SeededGenerator(state: UInt64(limit))
        for _ in 0..<2_000 {
            let text = randomText(&generator)
            var whole = SentenceSplitter(limit: limit)
            let pieces = whole.append(text) + whole.finish()
            #expect(pieces.allSatisfy { $0.count <= limit && !$0.isEmpty })
            #expect(
                pieces.joined().unicodeScalars.filter { !$0.properties.isWhitespace }
                    == text.unicodeScalars.filter { !$0.properties.isWhitespace },
                "\(text.debugDescription)"
            )

            var portioned = SentenceSplitter(limit: limit)
            var portions: [String] = []
            var rest = text.unicodeScalars[...]
            while !rest.isEmpty {
                let portion = rest.prefix(Int.random(in: 1...5, using: &generator))
                portions += portioned.append(String(portion))
                rest = rest.dropFirst(portion.count)
            }
            #expect(portions + portioned.finish() == pieces, "\(text.debugDescription)")
        }
    }

    @Test(arguments: ["a", "你", ". ", "a ", "U.S. ", "e\u{301}", "\u{301}", "\"", "(. ", "a, ", "👩‍👩‍👧‍👦", " "])
    func aHundredThousandCharactersTakeLinearTime(unit: String) {
        let long = String(repeating: unit, count: 100_000)
        let clock = ContinuousClock()
        var pieces: [String] = []
        let time = clock.measure {
            var splitter = SentenceSplitter(limit: 200)
            for scalar in long.unicodeScalars { pieces += splitter.append(String(scalar)) }
            pieces += splitter.finish()
        }
        // 0.1 s on a PC; quadratic time would be minutes.
        #expect(time < .seconds(5))
        #expect(pieces.allSatisfy { $0.count <= 200 })
        let kept = pieces.reduce(0) { $0 + $1.unicodeScalars.count { !$0.properties.isWhitespace } }
        #expect(kept == long.unicodeScalars.count { !$0.properties.isWhitespace })
    }
}
