import SpeechModels
import Testing

@Suite struct StableTextTests {
    /// Text, and the part of it that is stable, after each hypothesis.
    private func told(_ hypotheses: [String], span: Int = 1) -> [String] {
        var text = StableText(span: span)
        return hypotheses.enumerated().map { end, hypothesis in
            text.accept(hypothesis, end: end)
            let stable = text.text.prefix(text.stableCharacters)
            return stable + "|" + text.text.dropFirst(text.stableCharacters)
        }
    }

    @Test func twoHypothesesThatAgreeSettleAText() {
        let told = told(["the quick", "the quick brow", "the quick brown fox"])
        #expect(told == ["|the quick", "the quick| brow", "the quick| brown fox"])
    }

    @Test func agreementHasToLastForSomeTime() {
        let told = told(["a b c", "a b c d", "a b c d e", "a b c x"], span: 2)
        #expect(told == ["|a b c", "|a b c d", "a b c| d e", "a b c| x"])
    }

    @Test func aChangeOfMindInBetweenStartsTheTimeAnew() {
        let told = told(["a b", "a x", "a b", "a b", "a b"], span: 2)
        #expect(told == ["|a b", "|a x", "a| b", "a| b", "a b|"])
    }

    @Test func marksAfterTheLastWordStayOpenAndCaseIsNoContradiction() {
        let told = told(["hello there.", "Hello there, my", "Hello there, my friend."])
        #expect(told == ["|hello there.", "Hello there|, my", "Hello there, my| friend."])
    }

    @Test func aHypothesisThatContradictsGoesOnWhereItIsNearest() {
        let told = told(["we see the sea", "we see the sea", "we sea the sea and sand", "oh we see the sea and sun"])
        #expect(told[2] == "we see the sea| and sand")
        #expect(told[3] == "we see the sea and| sun")
    }

    @Test func charactersAreTheWordsOfChinese() {
        let told = told(["今天天", "今天天气很", "今天天气很好。明天"])
        #expect(told == ["|今天天", "今天天|气很", "今天天气很|好。明天"])
    }

    @Test func anEmptyHypothesisTakesNothingBack() {
        #expect(told(["yes I do", "yes I do", "", "..."]).last == "yes I do|")
    }

    @Test func aSegmentThatIsDecodedIsSettledAndItsRevisionsAreCounted() {
        var text = StableText(span: 1)
        for end in 0..<2 { text.accept("I scream for", end: end) }
        text.close(with: "Ice cream for you.")
        #expect(text.text == "I scream for you.")
        #expect(text.stableCharacters == text.text.count)
        #expect(text.settledWords == 3)
        #expect(text.revisedWords == 2)
        for end in 5..<7 { text.accept("And me.", end: end) }
        #expect(text.text == "I scream for you. And me.")
        text.close(with: "And me.")
        #expect(text.revisedWords == 2)
        #expect(text.settledWords == 5)
    }

    @Test func wordsThatAreSettledBehindACutBeginTheNextSegment() {
        var text = StableText(span: 1)
        for end in 0..<2 { text.accept("one two three four five", end: end) }
        text.close(with: "One two three", isCut: true)
        #expect(text.text == "one two three four five")
        #expect(text.revisedWords == 0)
        text.accept("four five six", end: 5)
        #expect(text.text == "one two three four five six")
        text.close(with: "four five six")
        #expect(text.settledWords == 5)
        #expect(text.revisedWords == 0)
        #expect(text.text == "one two three four five six")
    }

    @Test(arguments: 0..<200)
    func whateverTheHypothesesTheStablePartNeverChanges(seed: UInt64) {
        var generator = Seeded(state: seed)
        let words = [
            "a", "B", "b.", "¿c", "d,", "e's", "你", "好。", "é", "e\u{301}", "…", "\u{301}", "👍🏽", "नमस्ते", "สวัสดี", "\"f\"",
        ]
        var text = StableText(span: Int.random(in: 1...3, using: &generator))
        var stable = ""
        var hypothesis: [String] = []
        for end in 0..<60 {
            // Mostly a hypothesis grows; now and then something in it changes, goes or comes.
            for _ in 0...Int.random(in: 0...3, using: &generator) {
                let place = Int.random(in: 0...hypothesis.count, using: &generator)
                switch Int.random(in: 0..<8, using: &generator) {
                case 0 where place < hypothesis.count: hypothesis.remove(at: place)
                case 1: hypothesis.insert(words.randomElement(using: &generator) ?? "", at: place)
                case 2: hypothesis.removeLast(hypothesis.count - place)
                default: hypothesis.append(words.randomElement(using: &generator) ?? "")
                }
            }
            let joined = hypothesis.joined(separator: Bool.random(using: &generator) ? " " : "")
            if Int.random(in: 0..<10, using: &generator) == 0 {
                text.close(with: joined, isCut: Bool.random(using: &generator))
                hypothesis = []
            } else {
                text.accept(joined, end: end)
            }
            #expect(text.text.hasPrefix(stable), "\(stable) → \(text.text)")
            #expect(text.stableCharacters >= stable.count)
            stable = String(text.text.prefix(text.stableCharacters))
        }
    }
}

/// A linear congruential generator, mixed: the same numbers every time.
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        var mixed = state ^ (state >> 33)
        mixed = mixed &* 0xff51_afd7_ed55_8ccd
        return mixed ^ (mixed >> 33)
    }
}
