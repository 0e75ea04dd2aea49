import Foundation
import Speech
import SpeechText

/// What streaming a test set gave, beside whole files.
struct StreamReport: Encodable {
    /// Numbers in order, asked for by their share.
    struct Spread: Encodable {
        var p50: Double
        var p95: Double
        var count: Int

        init(_ values: [Double]) {
            let sorted = values.sorted()
            func at(_ share: Double) -> Double {
                sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, Int(share * Double(sorted.count)))]
            }
            (p50, p95, count) = (at(0.5), at(0.95), sorted.count)
        }

        var line: String { "p50 \(seconds(p50)), p95 \(seconds(p95)) (\(count))" }
    }

    var model: String
    var pace: String
    var clips: Int
    /// English clips, streamed.
    var wordErrorRate: Accuracy.Rate
    /// The same clips as whole files.
    var offlineWordErrorRate: Accuracy.Rate
    /// Clips in other languages, streamed and whole, in characters.
    var characterErrorRate: Accuracy.Rate?
    var offlineCharacterErrorRate: Accuracy.Rate?
    var firstPartial: Spread
    /// From the last sample to the last final text.
    var finalize: Spread
    /// The last segment decoded by itself, in the same run.
    var bareDecode: Spread
    var stableWords: Int
    var revisedStableWords: Int
    var stablePrefixViolations: Int
    /// Clips without a partial text before their end.
    var clipsWithoutPartials: Int
    var speculativeFinals: Int
    var decodedFinals: Int
    /// Seconds of work on graphs per second of sound.
    var workPerSecond: Double

    func print(to console: Console) throws {
        let revised = stableWords > 0 ? 100 * Double(revisedStableWords) / Double(stableWords) : 0
        var lines = [
            "stream \(model), \(clips) clips, \(pace)",
            "  WER streamed         \(wordErrorRate.line)",
            "  WER whole files      \(offlineWordErrorRate.line)",
        ]
        if let characterErrorRate, let offlineCharacterErrorRate {
            lines.append("  CER streamed         \(characterErrorRate.line)")
            lines.append("  CER whole files      \(offlineCharacterErrorRate.line)")
        }
        lines += [
            "  first partial        \(firstPartial.line); none in \(clipsWithoutPartials) clips",
            "  finalize             \(finalize.line)",
            "  bare last decode     \(bareDecode.line)",
            "  stable words revised \(decimal(revised, places: 2)) %, \(revisedStableWords) of \(stableWords)",
            "  stable prefix broken \(stablePrefixViolations)",
            "  finals               \(speculativeFinals) speculative, \(decodedFinals) decoded",
            "  work per second      \(decimal(workPerSecond, places: 3))",
        ]
        try lines.forEach(console.print)
    }
}

/// Adds up clips for a ``StreamReport``.
struct StreamTally {
    private var streamed = (english: WordErrors(), others: WordErrors())
    private var whole = (english: WordErrors(), others: WordErrors())
    private var clips: [StreamedClip] = []
    private var bare: [Double] = []
    private var sound = 0.0

    /// - Parameters:
    ///   - clip: what was said.
    ///   - result: what streaming gave.
    ///   - offline: the text of the whole file.
    ///   - bare: seconds that the last segment takes by itself; nil when nothing was heard.
    ///   - seconds: length of the clip.
    mutating func add(_ clip: TestSet.Clip, _ result: StreamedClip, offline: String, bare: Double?, seconds: Double) {
        if clip.language == "en" {
            streamed.english.add(reference: clip.text, hypothesis: result.text)
            whole.english.add(reference: clip.text, hypothesis: offline)
        } else {
            streamed.others.add(reference: clip.text, hypothesis: result.text)
            whole.others.add(reference: clip.text, hypothesis: offline)
        }
        clips.append(result)
        if let bare { self.bare.append(bare) }
        sound += seconds
    }

    func report(model: String, pace: String) -> StreamReport {
        let hasOthers = streamed.others.characters.total > 0
        return StreamReport(
            model: model,
            pace: pace,
            clips: clips.count,
            wordErrorRate: .init(streamed.english.words),
            offlineWordErrorRate: .init(whole.english.words),
            characterErrorRate: hasOthers ? .init(streamed.others.characters) : nil,
            offlineCharacterErrorRate: hasOthers ? .init(whole.others.characters) : nil,
            firstPartial: .init(clips.compactMap(\.firstPartial)),
            finalize: .init(clips.map(\.finalize)),
            bareDecode: .init(bare),
            stableWords: clips.map(\.stableWords).reduce(0, +),
            revisedStableWords: clips.map(\.revisedWords).reduce(0, +),
            stablePrefixViolations: clips.map(\.violations).reduce(0, +),
            clipsWithoutPartials: clips.filter { $0.firstPartial == nil }.count,
            speculativeFinals: clips.map(\.speculative).reduce(0, +),
            decodedFinals: clips.map(\.decoded).reduce(0, +),
            workPerSecond: sound > 0 ? clips.map(\.work).reduce(0, +) / sound : 0
        )
    }
}
