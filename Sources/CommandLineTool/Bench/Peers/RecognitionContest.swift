import BenchPeers
import Foundation
import RKVoice
import SpeechText

/// Recognizers on one test set, each in a process of its own: errors, time, memory, start-up.
struct RecognitionContest {
    /// What is compared.
    struct Plan {
        var models: [String]
        var threads: Int
        var runs: Int
        /// One clip in so many.
        var every = 1
        /// A CTranslate2 model: a catalog id or a directory.
        var peerModel: String
        /// Cold starts of each; 0 for none.
        var starts = 3
    }

    struct Row: Encodable {
        var name: String
        var words: Accuracy.Rate
        var characters: Accuracy.Rate
        var others: Accuracy.Rate?
        /// Seconds for the whole set, of the medians.
        var total: Double
        var rtf: Double
        /// Median over clips of the time by that of the reference.
        var ratio: Double
        /// The same for the clips of a length.
        var shortRatio: Double?
        var longRatio: Double?
        var peakMemory: Int
        var start: ColdStarts.Result?
        /// Milliseconds inside of each stage, the median clip.
        var stages: [String: Double]
    }

    /// The peer that ratios are to.
    static let reference = "faster-whisper int8"
    /// What counts as a clip of about 3 s and of about 10 s.
    private static let lengths = (short: 2.0..<4.5, long: 7.5..<14.0)

    let plan: Plan
    let environment: PeerEnvironment

    func measure(_ set: TestSet) async throws -> (rows: [Row], clips: Int) {
        let english = plan.models.contains { $0.contains(".en") }
        let known = set.clips.filter { !english || $0.language == "en" }
        let clips = known.enumerated().filter { $0.offset.isMultiple(of: plan.every) }.map(\.element)
        let python = try await environment.python(BenchPeers.recognition)
        guard !clips.isEmpty else { throw CommandError(.noInput, "the test set has no clip for these models") }
        let isDirectory = FileManager.default.fileExists(atPath: plan.peerModel + "/model.bin")
        let source = isDirectory ? plan.peerModel : try await environment.reference(plan.peerModel)
        return try await Contest.held { contest in
            for mode in modes { try await contest.add(environment.ours(mode.name, mode.worker)) }
            for type in ["int8", "float32"] {
                try await contest.add(
                    environment.peer("faster-whisper \(type)", python, "peer_faster_whisper.py", peer(source, type))
                )
            }
            let results = try await contest.run(jobs: clips.count, runs: plan.runs, environment.console) { _, job, _ in
                PeerJob(file: set.directory + "/" + clips[job].file, language: clips[job].language)
            }
            let first = PeerJob(file: set.directory + "/" + (clips.first?.file ?? ""), language: clips.first?.language)
            let starts = try await coldStarts(first, python, source)
            return (Self.rows(results, clips, starts), clips.count)
        }
    }

    /// Each model as it comes, and Whisper's also over the whole of its window.
    private var modes: [(name: String, worker: [String])] {
        plan.models.flatMap { model in
            let worker = ["asr", "--model", model, "--threads", "\(plan.threads)", "--quiet"]
            let usual = [(name: ours(model), worker: worker)]
            guard model.hasPrefix("whisper") else { return usual }
            return usual + [(name: ours(model) + " --full-context", worker: worker + ["--full-context"])]
        }
    }
    private func ours(_ model: String) -> String { "rkvoice \(model)" }
    private func peer(_ source: String, _ type: String) -> [String] {
        [source, "--type", type, "--threads", "\(plan.threads)"]
    }

    private func coldStarts(_ job: PeerJob, _ python: String, _ source: String) async throws -> [String: ColdStarts
        .Result]
    {
        guard plan.starts > 0 else { return [:] }
        let program = try PeerEnvironment.executable()
        var commands = plan.models.map { model in
            let options = [
                "--model", model, "--threads", "\(plan.threads)", "--language", job.language ?? "en", "--quiet",
            ]
            return (ours(model), StartJob(command: [program, "transcribe", job.file ?? ""] + options))
        }
        for type in ["int8", "float32"] {
            let command = environment.command(python, "peer_faster_whisper.py", peer(source, type))
            commands.append(("faster-whisper \(type)", StartJob(command: command, job: job)))
        }
        let starter = environment.peer("start", python, "peer_start.py")
        return try await Contest.held { contest in
            try await contest.add(starter)
            return try await ColdStarts.measure(commands, runs: plan.starts, starter)
        }
    }

    private static func rows(
        _ results: [Contest.Result],
        _ clips: [TestSet.Clip],
        _ starts: [String: ColdStarts.Result]
    ) -> [Row] {
        let reference = results.first { $0.name == Self.reference }?.medians(\.milliseconds) ?? []
        return results.map { row($0, clips, reference, starts[$0.name]) }
    }

    private static func row(
        _ result: Contest.Result,
        _ clips: [TestSet.Clip],
        _ reference: [Double],
        _ start: ColdStarts.Result?
    ) -> Row {
        var (english, others) = (WordErrors(), WordErrors())
        for (clip, answers) in zip(clips, result.answers) {
            let heard = answers.last?.text ?? ""
            if clip.language == "en" {
                english.add(reference: SpokenWords.plain(clip.text), hypothesis: SpokenWords.plain(heard))
            } else {
                others.add(reference: clip.text, hypothesis: heard)
            }
        }
        let times = result.medians(\.milliseconds)
        let lengths = result.medians(\.seconds)
        func ratio(_ range: Range<Double>) -> Double? {
            let chosen = zip(zip(times, reference), lengths).filter { range.contains($0.1) }.map { $0.0.0 / $0.0.1 }
            return chosen.isEmpty ? nil : Samples(chosen).median
        }
        let names = Set(result.answers.flatMap { $0.flatMap { ($0.stages ?? [:]).keys } })
        return Row(
            name: result.name,
            words: .init(english.words),
            characters: .init(english.characters),
            others: others.characters.total == 0 ? nil : .init(others.characters),
            total: times.reduce(0, +) / 1000,
            rtf: times.reduce(0, +) / 1000 / max(lengths.reduce(0, +), 0.001),
            ratio: ratio(0..<Double.infinity) ?? 0,
            shortRatio: ratio(Self.lengths.short),
            longRatio: ratio(Self.lengths.long),
            peakMemory: result.peakMemory,
            start: start,
            stages: Dictionary(
                uniqueKeysWithValues: names.map { name in
                    (name, Samples(result.medians { $0.stages?[name] }).median)
                }
            )
        )
    }

    static func table(_ rows: [Row], threads: Int, runs: Int, clips: Int) -> BenchTable {
        var table = BenchTable(
            title:
                "\(clips) clips, \(runs) alternating run(s), \(threads) thread(s); ratios to \(reference), median clip.",
            columns: [
                "", "WER % (English)", "CER % (English)", "CER % (others)", "total", "RTF", "ratio", "about 3 s",
                "about 10 s", "peak RSS", "start to text",
            ]
        )
        for row in rows {
            let start = row.start.map { "\(seconds($0.milliseconds.median / 1000)), \($0.peakMemory >> 20) MB" } ?? "-"
            table.rows.append([
                row.name, row.words.brief, row.characters.brief, row.others?.brief ?? "-", seconds(row.total),
                decimal(row.rtf, places: 3), decimal(row.ratio), row.shortRatio.map { decimal($0) } ?? "-",
                row.longRatio.map { decimal($0) } ?? "-", "\(row.peakMemory >> 20) MB", start,
            ])
        }
        for row in rows where !row.stages.isEmpty {
            let stages = row.stages.sorted { $0.key < $1.key }.map { "\($0.key) \(decimal($0.value, places: 1)) ms" }
            table.remarks.append("Stages of \(row.name), median clip: \(stages.joined(separator: ", ")).")
        }
        return table
    }
}

extension Accuracy.Rate {
    /// `6.3 [3.8, 9.2]`
    var brief: String {
        func percent(_ value: Double?) -> String { value.map { decimal(100 * $0, places: 1) } ?? "?" }
        return "\(percent(rate)) [\(percent(low)), \(percent(high))]"
    }
}
