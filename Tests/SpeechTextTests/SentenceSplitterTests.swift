import SpeechText
import Testing

private func split(_ text: String, limit: Int = 300) -> [String] {
    var splitter = SentenceSplitter(limit: limit)
    return splitter.append(text) + splitter.finish()
}

struct SentenceSplitterTests {
    @Test(arguments: [
        ("Hello there. How are you? Fine!", ["Hello there.", "How are you?", "Fine!"]),
        ("hello there. how are you", ["hello there.", "how are you"]),
        ("Wait... what?! Yes!! Well… Fine.", ["Wait... what?!", "Yes!!", "Well…", "Fine."]),
        (
            "He said \"Stop!\" and left. \"Why?\" she asked. (Nobody knew.) So it goes.",
            ["He said \"Stop!\" and left.", "\"Why?\" she asked.", "(Nobody knew.)", "So it goes."]
        ),
        (
            "“One.” “Two.” ‘Three.’ «Quatre.» „Fünf.“ Six",
            ["“One.”", "“Two.”", "‘Three.’", "«Quatre.»", "„Fünf.“", "Six"]
        ),
        ("**Bold.** _Soft._ Plain.", ["**Bold.**", "_Soft._", "Plain."]),
        ("So did I. Then we left.", ["So did I.", "Then we left."]),
        ("No. I do not.", ["No.", "I do not."]),
        ("Hmm . . . well. Yes", ["Hmm . . . well.", "Yes"]),
        ("ماذا؟ نعم۔ जी। हाँ", ["ماذا؟", "نعم۔", "जी।", "हाँ"]),
    ])
    func sentencesEndAtTheirMarks(text: String, pieces: [String]) {
        #expect(split(text) == pieces)
    }

    @Test(arguments: [
        "It costs 3.5 or 1,000.25 euros.", "Dr. Smith met Mrs. Jones.", "Fruit, e.g. apples, i.e. food.",
        "The U.S. Army came.", "By J. R. R. Tolkien himself.", "By J.R.R. Tolkien himself.",
        "Come at 5 p.m. on Monday.",
        "See https://a.example/b.c?d=e.f for more.", "Write to john.doe@mail.example.com now.",
        "Open notes.v2.txt and main.c now.", "Well... maybe.", "See fig. 3 and no. 5 and p. 7.", "1. First item",
        "Yahoo.com is a site.", "Apple Inc. makes phones.", "He lives in St. Louis.", "Wait...what?",
        "z.B. Äpfel u.a. Obst.",
        "The 3.14.2 version of Node.js works.", "At 10:30 a.m. sharp.", "a.b.c",
    ])
    func dotsInsideASentenceDoNotEndIt(text: String) {
        #expect(split(text) == [text])
    }

    @Test(arguments: [
        ("We left the U.S. The end.", ["We left the U.S.", "The end."]),
        ("Come at 5 p.m. Then we eat.", ["Come at 5 p.m.", "Then we eat."]),
        ("Bring pens, paper, etc. We start soon.", ["Bring pens, paper, etc.", "We start soon."]),
        ("Go to example.com. Apples are there.", ["Go to example.com.", "Apples are there."]),
        ("It was 1999. Everyone danced.", ["It was 1999.", "Everyone danced."]),
        ("We left the U.S. The", ["We left the U.S.", "The"]),
    ])
    func abbreviationsMayEndASentence(text: String, pieces: [String]) {
        #expect(split(text) == pieces)
    }

    @Test(arguments: [
        ("你好。世界！真的吗？是的", ["你好。", "世界！", "真的吗？", "是的"]),
        ("他说：“你好。”然后走了。", ["他说：“你好。”", "然后走了。"]),
        ("他来了。“你好”", ["他来了。", "“你好”"]),
        ("「はい。」と言った。次", ["「はい。」と言った。", "次"]),
        ("真的吗?是的!好", ["真的吗?", "是的!", "好"]),
        ("안녕하세요. 반갑습니다.", ["안녕하세요.", "반갑습니다."]),
    ])
    func wideMarksNeedNoSpace(text: String, pieces: [String]) {
        #expect(split(text) == pieces)
    }

    @Test func lineBreaksEndPieces() {
        #expect(
            split("Title\n\nFirst line\r\nSecond line.\n \n\u{2029}Last") == [
                "Title", "First line", "Second line.", "Last",
            ]
        )
    }

    @Test func whiteSpaceAloneGivesNothing() {
        #expect(split("").isEmpty)
        #expect(split(" \n\t\u{3000} ").isEmpty)
    }

    @Test func longSentencesAreCutAtClausesThenSpacesThenCharacters() {
        #expect(split("one two, three four five", limit: 16) == ["one two,", "three four five"])
        #expect(split("one two three four five", limit: 16) == ["one two three", "four five"])
        #expect(split("a, bbbbbbbbbb cccc dddd", limit: 16) == ["a, bbbbbbbbbb", "cccc dddd"], "no snippet")
        #expect(split("一二三，四五六七八九十", limit: 8) == ["一二三，", "四五六七八九十"])
        #expect(split("abcdefghij", limit: 4) == ["abcd", "efgh", "ij"])
        #expect(split("word—another word", limit: 10) == ["word—", "another", "word"])
    }

    @Test func charactersAreNeverCutInHalf() {
        let text = "👩‍👩‍👧‍👦🇩🇪🇫🇷e\u{301}👍🏽각각하क्षि1️⃣"
        #expect(split(text, limit: 1) == text.map(String.init))
    }

    @Test func aSentenceIsGivenWhenTheNextOneShowsItsFirstLetter() {
        var splitter = SentenceSplitter(limit: 300)
        #expect(splitter.append("Hello there.").isEmpty)
        #expect(splitter.append(" ").isEmpty)
        #expect(splitter.append("H") == ["Hello there."])
        #expect(splitter.append("i. 你好。") == ["Hi."])
        #expect(splitter.append("世") == ["你好。"])
        #expect(splitter.append("\n") == ["世"])
        #expect(splitter.finish().isEmpty)
    }
}
