import BenchPeers
import Foundation
import RKVoice
import SpeechText

/// Voices on the same sentences, each in a process of its own: first sound, whole sentence, what a recognizer hears.
struct SpeechContest {
    struct Plan {
        /// A voice of the catalog; its uncut graph must be there as ID-whole.
        var voice: String
        var latencies: [LatencyOption]
        var threads: Int
        var runs: Int
        /// One sentence in so many.
        var every = 1
        /// What hears the sound; nil for no round trip.
        var ears: String?
        /// Cold starts of each; 0 for none.
        var starts = 3
    }

    /// One sentence of `sentences.tsv`.
    struct Sentence {
        /// `plain6` and `clause6` last about 6 s, the latter with a clause break in its first third; others name what
        /// is in them.
        var kind: String
        var text: String
        /// As it is read out.
        var spoken: String
    }

    struct Row: Encodable {
        var name: String
        /// First sample by the bare graph's whole time, of sentences of about 6 s: without an early break, with one.
        var firstPlain: Double?
        var firstClause: Double?
        /// Milliseconds to the first sample, of all sentences of about 6 s.
        var first: Double?
        /// Whole sentence by the bare graph's, second of sound by second of sound: of all sentences.
        var whole: Double
        var rtf: Double
        /// What was heard against what was to be said.
        var words: Accuracy.Rate?
        var peakMemory: Int
        var start: ColdStarts.Result?
        var stages: [String: Double]
    }

    /// The one that ratios are to.
    static let reference = "bare graph, onnxruntime"

    let plan: Plan
    let environment: PeerEnvironment

    /// The sentences that are spoken.
    static func sentences(every: Int = 1) -> [Sentence] {
        String(decoding: BenchPeers.sentences, as: UTF8.self).split(separator: "\n").compactMap { line in
            let cells = line.split(separator: "\t").map(String.init)
            guard cells.count >= 2 else { return nil }
            return Sentence(kind: cells[0], text: cells[1], spoken: cells.count > 2 ? cells[2] : cells[1])
        }
        .enumerated().filter { $0.offset.isMultiple(of: every) }.map(\.element)
    }

    func measure() async throws -> [Row] {
        let sentences = Self.sentences(every: plan.every)
        let python = try await environment.python(BenchPeers.speech)
        let graph = try await environment.reference(plan.voice + "-whole") + "/\(plan.voice).onnx"
        let sound = environment.work("sound")
        try? FileManager.default.createDirectory(atPath: sound, withIntermediateDirectories: true)
        return try await Contest.held { contest in
            try await contest.add(environment.peer(Self.reference, python, "peer_onnxruntime.py", [graph] + threads))
            for mode in plan.latencies.map(\.rawValue) {
                try await contest.add(environment.ours("rkvoice " + mode, worker), mode: mode)
            }
            for (name, program, arguments) in Self.peers(graph, environment) {
                try await contest.add(environment.peer(name, python, program, arguments + threads))
            }
            let ids = try await phonemes(of: sentences)
            let results = try await contest.run(jobs: sentences.count, runs: plan.runs, environment.console) {
                (who, index, run) in
                var job = PeerJob(
                    text: sentences[index].text,
                    out: Self.file(sound, who.name, index),
                    latency: who.mode
                )
                job.seed = UInt64(run + 1)
                if who.name == Self.reference { (job.text, job.ids) = (nil, ids[index]) }
                return job
            }
            let heard = try await hear(results, sentences, sound)
            let starts = try await coldStarts(python, graph)
            return results.map { row($0, results[0], sentences, heard[$0.name], starts) }
        }
    }

    /// What the bare graph is given, from a voice of its own.
    private func phonemes(of sentences: [Sentence]) async throws -> [[[Int64]]] {
        try await Contest.held { contest in
            let ours = try environment.ours("phonemes", worker)
            try await contest.add(ours)
            var ids: [[[Int64]]] = []
            for sentence in sentences {
                ids.append(try await ours.ask(PeerJob(text: sentence.text, wantsIDs: true)).ids ?? [])
            }
            return ids
        }
    }

    private var threads: [String] { ["--threads", "\(plan.threads)"] }
    private var worker: [String] { ["tts", "--model", plan.voice, "--quiet"] + threads }

    /// The peers beside the bare graph: name, program, arguments.
    private static func peers(_ graph: String, _ environment: PeerEnvironment) -> [(String, String, [String])] {
        [
            ("piper-tts", "peer_piper.py", [graph]),
            ("sherpa-onnx", "peer_sherpa_onnx.py", [graph, "--work", environment.work("sherpa-onnx")]),
        ]
    }

    private static func file(_ sound: String, _ name: String, _ index: Int) -> String {
        "\(sound)/\(name.filter(\.isLetter))-\(index).wav"
    }

    /// The words that a recognizer hears in the sound of the last run.
    private func hear(
        _ results: [Contest.Result],
        _ sentences: [Sentence],
        _ sound: String
    ) async throws -> [String: WordErrors] {
        guard let ears = plan.ears else { return [:] }
        let listener = try environment.ours("ears", ["asr", "--model", ears, "--quiet"] + threads)
        return try await Contest.held { contest in
            try await contest.add(listener)
            var heard: [String: WordErrors] = [:]
            for result in results {
                for (index, sentence) in sentences.enumerated() {
                    let file = Self.file(sound, result.name, index)
                    let text = try await listener.ask(PeerJob(file: file, language: "en")).text ?? ""
                    heard[result.name, default: WordErrors()].add(
                        reference: SpokenWords.plain(sentence.spoken),
                        hypothesis: SpokenWords.plain(text)
                    )
                }
            }
            return heard
        }
    }

    private func coldStarts(_ python: String, _ graph: String) async throws -> [String: ColdStarts.Result] {
        guard plan.starts > 0 else { return [:] }
        let out = environment.work("sound") + "/start.wav"
        let text = "Good morning."
        let say =
            [try PeerEnvironment.executable(), "say", text, "-o", out, "--quiet", "--voice", plan.voice] + threads
        var commands = [("rkvoice", StartJob(command: say))]
        for (name, program, arguments) in Self.peers(graph, environment) {
            let command = environment.command(python, program, arguments + threads)
            commands.append((name, StartJob(command: command, job: PeerJob(text: text, out: out))))
        }
        let starter = environment.peer("start", python, "peer_start.py")
        return try await Contest.held { contest in
            try await contest.add(starter)
            return try await ColdStarts.measure(commands, runs: plan.starts, starter)
        }
    }

    private func row(
        _ result: Contest.Result,
        _ bare: Contest.Result,
        _ sentences: [Sentence],
        _ heard: WordErrors?,
        _ starts: [String: ColdStarts.Result]
    ) -> Row {
        // The voice's noise makes every sound a little longer or shorter: times are compared second by second.
        func pace(_ answers: [PeerAnswer]) -> Double {
            Samples(answers.map { ($0.milliseconds ?? 0) / max($0.seconds ?? 0, 0.001) }).median
        }
        func firsts(_ kinds: Set<String>) -> [(ratio: Double, time: Double)] {
            sentences.indices.filter { kinds.contains(sentences[$0].kind) }.flatMap { index in
                result.answers[index].compactMap { answer in
                    answer.firstMilliseconds.map { ($0 / (pace(bare.answers[index]) * (answer.seconds ?? 0)), $0) }
                }
            }
        }
        func median(_ values: [Double]) -> Double? { values.isEmpty ? nil : Samples(values).median }
        let names = Set(result.answers.flatMap { $0.flatMap { ($0.stages ?? [:]).keys } })
        return Row(
            name: result.name,
            firstPlain: median(firsts(["plain6"]).map(\.ratio)),
            firstClause: median(firsts(["clause6"]).map(\.ratio)),
            first: median(firsts(["plain6", "clause6"]).map(\.time)),
            whole: Samples(zip(result.answers, bare.answers).map { pace($0) / pace($1) }).median,
            rtf: Samples(result.answers.map(pace)).median / 1000,
            words: heard.map { Accuracy.Rate($0.words) },
            peakMemory: result.peakMemory,
            start: starts[result.name.hasPrefix("rkvoice") ? "rkvoice" : result.name],
            stages: Dictionary(
                uniqueKeysWithValues: names.map { name in
                    (name, Samples(result.medians { $0.stages?[name] }).median)
                }
            )
        )
    }

    static func table(_ rows: [Row], threads: Int, runs: Int, sentences: Int) -> BenchTable {
        var table = BenchTable(
            title:
                "\(sentences) sentences, \(runs) alternating run(s), \(threads) thread(s); ratios to the bare graph's "
                + "whole time, medians.",
            columns: [
                "", "first PCM, 6 s", "ratio", "ratio, early clause break", "whole sentence, ratio", "RTF",
                "round trip, WER %", "peak RSS", "start to file",
            ]
        )
        for row in rows {
            let start = row.start.map { "\(seconds($0.milliseconds.median / 1000)), \($0.peakMemory >> 20) MB" } ?? "-"
            table.rows.append([
                row.name, row.first.map { decimal($0, places: 0) + " ms" } ?? "-",
                row.firstPlain.map { decimal($0) } ?? "-",
                row.firstClause.map { decimal($0) } ?? "-", decimal(row.whole, places: 3), decimal(row.rtf, places: 3),
                row.words?.brief ?? "-", "\(row.peakMemory >> 20) MB", start,
            ])
        }
        for row in rows where !row.stages.isEmpty {
            let stages = row.stages.sorted { $0.key < $1.key }.map { "\($0.key) \(decimal($0.value, places: 1)) ms" }
            table.remarks.append("Stages of \(row.name), median sentence: \(stages.joined(separator: ", ")).")
        }
        return table
    }
}
