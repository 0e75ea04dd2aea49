import ArgumentParser
import Conversation
import Foundation
import Speech
import SpeechSignal

/// `rkvoice bench frontend`
struct BenchFrontEnd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "frontend",
        abstract: "From samples to features on one thread, without a model: Kaldi's filter bank, Whisper's log-mel.",
        discussion: """
            Files are read first, at the front end's rate; what is timed is features alone. Whisper's front end, 80 filters without silence behind, takes its turn when none is asked for. \
            A form is JSON as a bundle's \
            "frontEnd" holds it; without one it is FunASR's filter bank, which SenseVoice and Paraformer hear.

            Examples:
              rkvoice bench frontend talk.wav
              rkvoice bench frontend talk.wav --chunk 1600 --json
              rkvoice bench frontend talk.wav --form form.json --statistics am.mvn --write features/
            """,
        aliases: ["fbank"]
    )

    @Argument(help: "Audio files.", completion: .file())
    var files: [String]

    @Option(help: "A JSON file with the form of the front end.", completion: .file())
    var form: String?

    @Option(help: "The am.mvn of a form that normalizes by given numbers.", completion: .file())
    var statistics: String?

    @Option(help: "Samples that arrive at a time; 0 for the whole file at once.")
    var chunk = 0

    @Option(help: "How often everything is computed.")
    var runs = 9

    @Option(help: "A directory for the features: FILE.f32, 32-bit floats, row by row.", completion: .directory)
    var write: String?

    @Flag(help: "Print the figures as JSON.")
    var json = false

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard !files.isEmpty else { throw ValidationError("name an audio file") }
        guard runs > 0, runs <= 100_000 else { throw ValidationError("--runs is 1 to 100000") }
        guard chunk >= 0 else { throw ValidationError("--chunk is 0 or more") }
    }

    func run() async throws {
        try await common.run { console in
            let frontEnd = try makeFrontEnd()
            var sounds: [[Float]] = []
            for file in files {
                sounds.append(
                    try await FileAudio(path: file, sampleRate: frontEnd.sampleRate).whole(atMost: 7_200).samples
                )
            }
            try save(sounds, frontEnd)
            let report = measure(sounds, frontEnd)
            if json { try console.printJSON(report) } else { try report.print(to: console) }
        }
    }

    private func makeFrontEnd() throws -> KaldiFrontEnd {
        do {
            let config = try form.map { try JSONDecoder().decode(KaldiFrontEnd.Config.self, from: Self.bytes($0)) }
            let statistics = try statistics.map { path throws -> CMVN in
                try CMVN(kaldiNnet: String(decoding: Self.bytes(path), as: UTF8.self))
            }
            return try KaldiFrontEnd(config ?? KaldiFrontEnd.Config(), statistics: statistics)
        } catch let error as DecodingError {
            throw CommandError(.badData, "\(form ?? "the form") is no form of a front end: \(error)")
        } catch let error as KaldiFrontEndError {
            throw CommandError(.badData, error.message)
        }
    }

    private static func bytes(_ path: String) throws -> Data {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CommandError(.noInput, "\(path) cannot be read")
        }
        return data
    }

    private func measure(_ sounds: [[Float]], _ frontEnd: KaldiFrontEnd) -> BenchReport {
        var (milliseconds, whisper) = (Samples(), Samples())
        var rows = 0
        let mel = WhisperMel()
        let hasWhisper = form == nil && chunk == 0 && frontEnd.sampleRate == WhisperMel.sampleRate
        for _ in 0..<runs {
            let start = ContinuousClock.now
            rows = sounds.reduce(0) { $0 + features($1, frontEnd).count / frontEnd.width }
            milliseconds.append((.now - start) / .milliseconds(1))
            guard hasWhisper else { continue }
            let again = ContinuousClock.now
            let values = sounds.reduce(0) { $0 + mel.logMel(of: $1, paddedTo: 0).count }
            // The count is looked at, or nothing need be computed.
            if values > 0 { whisper.append((.now - again) / .milliseconds(1)) }
        }
        let length = Double(sounds.reduce(0) { $0 + $1.count }) / Double(frontEnd.sampleRate)
        var measured = [BenchRow(name: "features", milliseconds: milliseconds, ratio: 1)]
        if !whisper.values.isEmpty {
            let ratio = whisper.median / milliseconds.median
            measured.append(BenchRow(name: "Whisper's log-mel", milliseconds: whisper, ratio: ratio))
        }
        return BenchReport(
            subject: "front end, \(seconds(length)) of sound, \(rows) rows of \(frontEnd.width), RTF "
                + decimal(milliseconds.median / 1000 / max(length, 0.001), places: 5),
            runs: runs,
            threads: 1,
            rows: measured,
            peakMemory: peakMemory()
        )
    }

    private func features(_ samples: [Float], _ frontEnd: KaldiFrontEnd) -> [Float] {
        var stream = frontEnd.makeStream()
        for start in stride(from: 0, to: samples.count, by: max(1, chunk == 0 ? samples.count : chunk)) {
            stream.accept(samples[start..<min(samples.count, chunk == 0 ? samples.count : start + chunk)])
        }
        stream.finish()
        return stream[0..<stream.rowCount]
    }

    private func save(_ sounds: [[Float]], _ frontEnd: KaldiFrontEnd) throws {
        guard let write else { return }
        let folder = URL(fileURLWithPath: write)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (file, samples) in zip(files, sounds) {
            let bytes = features(samples, frontEnd).flatMap { value in
                (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) }
            }
            let name = URL(fileURLWithPath: file).lastPathComponent + ".f32"
            try Data(bytes).write(to: folder.appendingPathComponent(name))
        }
    }
}
