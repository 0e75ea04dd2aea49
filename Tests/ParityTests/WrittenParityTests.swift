import Foundation
import RKVoice
import SpeechTesting
import SpeechText
import Testing

/// Written text against wetext 0.1.8 (`ModelPrep/text/golden.py`), with the installed rules: exact.
@Suite struct WrittenParityTests {
    private struct Golden: Decodable {
        /// Language, text as spoken, text as written.
        var rows: [[String]]
    }

    @Test func everyTextIsWrittenAsByTheReference() async throws {
        let rows = try Fixture.json(Golden.self, "written.json").rows
        let clock = ContinuousClock()
        let start = clock.now
        let normalizer = try InverseTextNormalizer(directory: try await Models.loader.installed("itn-zh-en"))
        let loading = clock.now - start
        var counts: [String: Int] = [:]
        var changed = 0
        for row in rows {
            let written = normalizer.written(row[1], language: row[0])
            #expect(written == row[2], "\(row[0]) \(row[1].prefix(80).debugDescription)")
            counts[row[0], default: 0] += 1
            changed += row[1] == row[2] ? 0 : 1
        }
        #expect(counts["zh", default: 0] >= 200 && counts["en", default: 0] >= 200 && counts["ja", default: 0] >= 100)
        #expect(changed >= 400)
        print("written text: \(rows.count) texts, \(changed) of them changed; loaded in \(loading)")
    }

    @Test func aSentenceTakesAFewMilliseconds() async throws {
        let normalizer = try InverseTextNormalizer(directory: try await Models.loader.installed("itn-zh-en"))
        for (language, text) in [
            ("zh", "他在二零二六年十一月二十三日下午三点四十五分花了一百二十五块五毛买了三斤苹果占百分之三十五点二电话是一三八零零一三八零零零"),
            ("en", "on november twenty third he paid one hundred twenty five dollars"),
        ] {
            let clock = ContinuousClock()
            let times = (0..<20).map { _ in clock.measure { _ = normalizer.written(text, language: language) } }
            print("written text: \(text.count) characters of \(language) in \(times.sorted()[10]) (median of 20)")
            // Without optimization it takes some thirty times as long.
            #expect(times.min() ?? .seconds(1) < .milliseconds(500))
        }
    }
}
