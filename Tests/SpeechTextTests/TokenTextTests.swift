import SpeechText
import Testing

struct TokenTextTests {
    private func words(_ pieces: String...) -> String { TokenText.joined(pieces, .words) }
    private func marked(_ pieces: String...) -> String { TokenText.joined(pieces, .marked) }

    @Test func piecesOfAWordGoTogether() {
        #expect(words("the", "qui@@", "ck", "bro@@", "wn", "fox") == "the quick brown fox")
        #expect(words("qui@@", "ck", "你", "好", "wor@@", "ld", "世", "界") == "quick 你好 world 世界")
    }

    @Test func marksAndSpacesStartWords() {
        #expect(marked("▁hel", "lo", "▁world") == "hello world")
        #expect(marked("Ġhel", "lo", "Ġworld") == "hello world")
        #expect(marked("▁", "你", "好", "▁hello", "▁", "世", "界") == "你好 hello 世界")
        #expect(marked("a", "<space>", "b", "▁", "▁", "c", "▁") == "a b c")
        #expect(words("a", "<space>", "b") == "a b")
    }

    /// The reference glues words that begin with no ASCII letter; written text has spaces there.
    @Test func everyScriptIsJoinedAsItIsWritten() {
        #expect(words("cze@@", "ść", "św@@", "iat") == "cześć świat")
        #expect(words("при@@", "вет", "мир") == "привет мир")
        #expect(words("नमस्@@", "ते", "दुनि@@", "या") == "नमस्ते दुनिया")
        #expect(words("안녕@@", "하세요", "세계") == "안녕하세요 세계")
        #expect(words("मैं", "hi", "हूँ") == "मैं hi हूँ")
        #expect(words("こ", "ん", "に", "ち", "は", "世", "界") == "こんにちは世界")
        #expect(words("ส", "วั", "ส", "ดี") == "สวัสดี")
        #expect(words("مر@@", "حبا", "بالعالم") == "مرحبا بالعالم")
    }

    @Test func punctuationStandsAtItsWord() {
        #expect(words("hello", ",", "it", "'s", "me", ".") == "hello, it's me.")
        #expect(marked("▁hello", ".", "▁you", "?") == "hello. you?")
        #expect(words("你", "好", "。", "吗", "？") == "你好。吗？")
    }

    @Test func markupGivesNothing() {
        #expect(marked("<|en|>", "▁a", "<unk>", "b", "</s>") == "ab")
        #expect(words("a", "<unk>", "b", "</s>") == "a b")
        #expect(words("a@@", "<unk>", "b") == "ab")
        #expect(words("<", "<>", ">") == "< <> >")
    }

    @Test func bytesBecomeCharacters() {
        #expect(marked("▁", "<0xE4>", "<0xBD>", "<0xA0>", "好") == "你好")
        #expect(marked("<0xE4>", "a") == "\u{FFFD}a")
        #expect(marked("<0x41>", "<0xZZ>", "<0xF0>") == "A\u{FFFD}")
    }

    @Test func wordsKnowTheirTokens() {
        var text = TokenText(.words)
        for piece in ["<s>", "qui@@", "ck", "你", "好", "fox"] { text.append(piece) }
        #expect(text.words.map(\.text) == ["quick", "你", "好", "fox"])
        #expect(text.words.map(\.tokens) == [1...2, 3...3, 4...4, 5...5])
    }

    @Test func whatIsStableStays() {
        let pieces = [
            "▁a", "b", "c@@", "@@", "你", "好", "▁", "न", "म", "स्", "ते", "\u{301}", "\u{3099}", "か", "🇩", "🇪", "👩",
            "\u{200D}",
            "<space>", "<unk>", "<0xE4>", "<0xBD>", "<0xA0>", ".", "'s", "ส", "วั", "各", "\u{FE0F}", "\u{0600}", " ",
            "각", "\u{11A8}",
            "\u{1100}", "\u{1161}", "▁▁x▁", "é", "e",
        ]
        var state: UInt64 = 11
        func next(_ count: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % count
        }
        for round in 0..<1_000 {
            var text = TokenText(round.isMultiple(of: 2) ? .words : .marked)
            var stable = ""
            var scalars: [Unicode.Scalar] = []
            for _ in 0..<next(20) {
                text.append(pieces[next(pieces.count)])
                #expect(text.text.hasPrefix(stable) || stable.isEmpty, "\(round): \(stable) → \(text.text)")
                #expect(text.text.unicodeScalars.starts(with: scalars), "\(round)")
                let letters = text.words.map(\.text).joined().unicodeScalars
                #expect(letters.elementsEqual(text.text.unicodeScalars.filter { $0 != " " }), "\(round): \(text.text)")
                stable = String(text.text.prefix(text.stableCharacters))
                scalars = Array(text.text.unicodeScalars)
            }
            text.finish()
            #expect(text.text.hasPrefix(stable) || stable.isEmpty)
        }
    }
}

struct TokenTableTests {
    @Test func numbersStandBehindTheirPieces() throws {
        let table = try TokenTable(text: "<blank> 0\n▁a 2\r\nb\t1\n  3\n")
        #expect(table.pieces == ["<blank>", "b", "▁a", " "])
        #expect(table.style == .marked)
        #expect(table[2] == "▁a" && table[9] == "" && table[-1] == "")
        #expect(table.token("b") == 1 && table.token("c") == nil)
    }

    @Test func aTableWithoutNumbersCountsItsLines() throws {
        let table = try TokenTable(text: "<blank>\n<s>\n你\n3\n")
        #expect(table.pieces == ["<blank>", "<s>", "你", "3"])
        #expect(table.style == .words)
    }

    @Test(arguments: ["", "\n\n", "a 0\nb 0", "a 0\nb 2", "a 99999999999999999999", "a 5000000"])
    func aTableThatIsNoneIsRefused(text: String) {
        #expect { try TokenTable(text: text) } throws: { ($0 as? SpeechTextError)?.code == .invalidTokenTable }
    }

    /// Two pieces with scores and types, then a field that is passed over.
    private let model: [UInt8] =
        [0x0A, 0x0E, 0x0A, 0x05] + Array("<unk>".utf8) + [0x15, 0, 0, 0, 0, 0x18, 0x02]
        + [0x0A, 0x0B, 0x0A, 0x04] + Array("▁a".utf8) + [0x15, 1, 2, 3, 4] + [0x12, 0x02, 0x08, 0x01]

    @Test func sentencePieceModelsAreRead() throws {
        let table = try TokenTable(sentencePiece: model)
        #expect(table.pieces == ["<unk>", "▁a"])
        #expect(table.style == .marked)
    }

    @Test func aDamagedModelIsRefused() {
        #expect(throws: SpeechTextError.self) { try TokenTable(sentencePiece: []) }
        for length in 1..<model.count where length != 16 && length != 29 {
            #expect(throws: SpeechTextError.self, "\(length)") {
                try TokenTable(sentencePiece: Array(model[..<length]))
            }
        }
        #expect(throws: SpeechTextError.self) { try TokenTable(sentencePiece: [UInt8](repeating: 0xFF, count: 64)) }
        #expect(throws: SpeechTextError.self) { try TokenTable(sentencePiece: [0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]) }
    }
}
