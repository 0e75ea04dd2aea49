import SpeechText
import Testing

private func table(_ tokens: [[UInt8]]) -> [UInt8] {
    tokens.flatMap { [UInt8($0.count & 0xff), UInt8($0.count >> 8)] + $0 }
}

struct WhisperTokensTests {
    private let family = Array("👩‍👩‍👧".utf8)

    @Test func tokensAreJoinedAndSpecialOnesAreSilent() throws {
        let tokens = try WhisperTokens(bytes: table([Array(" Hello".utf8), Array(",".utf8), [], Array(" world".utf8)]))
        #expect(tokens.count == 4)
        #expect(tokens.text(of: [0, 1, 2, 3, 2]) == " Hello, world")
        #expect(tokens.text(of: [-1, 4, 1_000_000]) == "")
        #expect(tokens.text(of: []) == "")
    }

    /// Numbers of tokens are ranks of merges: bytes first, then pairs in the order in which they are joined.
    @Test func textIsJoinedByTheRanksOfTokens() throws {
        let pieces = ["l", "o", "w", " ", "1", "lo", " l", "low", " lo", " low"]
        let tokens = try WhisperTokens(bytes: table(pieces.map { Array($0.utf8) }))
        #expect(tokens.ids(of: "low") == [7])
        // "lo" is joined first, then the space with nothing but "low": " l" has lost its letter.
        #expect(tokens.ids(of: " low") == [9])
        #expect(tokens.ids(of: "low low1") == [7, 9, 4])
        #expect(tokens.ids(of: "") == [])
        #expect(tokens.ids(of: "low?") == [7], "bytes without a token are left out")
    }

    @Test func wordsBeginWithTheirSpaceAndMarksStandAlone() throws {
        let pieces = [" Hel", "lo", ",", " wor", "ld", "!", "\u{4f60}"].map { Array($0.utf8) }
        let tokens = try WhisperTokens(bytes: table(pieces + [[0xe5, 0xa5], [0xbd]]))
        let words = tokens.words(of: [0, 1, 2, 3, 4, 5], isSpaced: true)
        #expect(words.map(\.text) == [" Hello", ",", " world", "!"])
        #expect(words.map(\.tokens) == [0..<2, 2..<3, 3..<5, 5..<6])
        #expect(tokens.words(of: [6, 7, 8], isSpaced: false).map(\.text) == ["\u{4f60}", "\u{597d}"])
        #expect(tokens.words(of: [], isSpaced: true).isEmpty)
    }

    @Test func aLongTokenKeepsItsLength() throws {
        let long = [UInt8](repeating: 0x61, count: 300)
        #expect(try WhisperTokens(bytes: table([long, [0x62]])).text(of: [0, 1]).count == 301)
    }

    @Test func charactersAcrossTokensAreWhole() throws {
        let tokens = try WhisperTokens(bytes: table(family.map { [$0] }))
        #expect(tokens.text(of: Array(family.indices)) == "👩‍👩‍👧")
        var stream = WhisperTokens.Stream(tokens)
        var parts = family.indices.map { stream.append($0) }
        parts.append(stream.finish())
        #expect(parts.joined() == "👩‍👩‍👧")
        #expect(!parts.joined().unicodeScalars.contains("\u{FFFD}"))
        #expect(parts.prefix(4) == ["", "", "", "👩"])
    }

    @Test func theStreamGivesWhatTheWholeGives() throws {
        let bytes: [UInt8] = [
            0x61, 0xc3, 0xa9, 0xe4, 0xbd, 0xe0, 0x80, 0xed, 0xa0, 0xf0, 0x9f, 0xf4, 0x90, 0xff, 0x80, 0xc0,
        ]
        let tokens = try WhisperTokens(bytes: table(bytes.map { [$0] }))
        var state: UInt64 = 7
        for _ in 0..<5_000 {
            let ids = (0..<6).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return Int(state >> 33) % bytes.count
            }
            var stream = WhisperTokens.Stream(tokens)
            let parts = ids.map { stream.append($0) } + [stream.finish()]
            #expect(parts.joined().unicodeScalars.elementsEqual(tokens.text(of: ids).unicodeScalars), "\(ids)")
        }
    }

    @Test(arguments: [[], [1], [2, 0, 0x61], [1, 0, 0x61, 5]] as [[UInt8]])
    func aTableCutShortIsRefused(bytes: [UInt8]) {
        #expect { try WhisperTokens(bytes: bytes) } throws: { ($0 as? SpeechTextError)?.code == .invalidTokenTable }
    }
}
