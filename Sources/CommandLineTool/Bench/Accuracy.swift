import Foundation
import RKVoice
import Speech
import SpeechText

/// A folder of clips with what is said in them: `manifest.json` beside WAV files.
struct TestSet {
    struct Clip: Decodable {
        var file: String
        var text: String
        var language: String
        /// Who speaks and how, such as `human` or `ours`.
        var kind: String?
    }

    let directory: String
    let clips: [Clip]

    init(directory: String) throws {
        let path = directory + "/manifest.json"
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CommandError(.noInput, "\(path) is not there; build a test set with ModelPrep/testset/build.py")
        }
        do { clips = try JSONDecoder().decode([Clip].self, from: data) } catch {
            throw CommandError(.badData, "\(path) is no manifest: \(error)")
        }
        self.directory = directory
    }
}

/// Word and character error rates of models on a test set.
struct Accuracy {
    struct Report: Encodable {
        var model: String
        var clips: Int
        /// Over the English clips.
        var wordErrorRate: Rate
        /// Over the clips in other languages the model knows; nil for a model of one language.
        var characterErrorRate: Rate?
        /// Computing time over length of the audio.
        var rtf: Double

        func print(to console: Console) throws {
            try console.print("\(model): \(clips) clips, RTF \(decimal(rtf, places: 3))")
            try console.print("  WER (English)  \(wordErrorRate.line)")
            if let characterErrorRate { try console.print("  CER (others)   \(characterErrorRate.line)") }
        }
    }

    /// An error rate with its 95 % bootstrap interval over clips.
    struct Rate: Encodable {
        var rate: Double
        var errors: Int
        var total: Int
        var low: Double?
        var high: Double?

        init(_ rate: ErrorRate) {
            self.rate = rate.rate
            errors = rate.errors
            total = rate.total
            low = rate.interval?.lowerBound
            high = rate.interval?.upperBound
        }

        var line: String {
            func percent(_ value: Double?) -> String { value.map { decimal(100 * $0, places: 1) } ?? "?" }
            return "\(percent(rate)) % [\(percent(low)), \(percent(high))], \(errors) of \(total)"
        }
    }

    let loader: ModelLoader
    let console: Console

    func measure(_ set: TestSet, models: [String]) async throws -> [Report] {
        var reports: [Report] = []
        for model in models.isEmpty ? [nil] : models.map(Optional.some) {
            reports.append(try await measure(set, model))
        }
        return reports
    }

    private func measure(_ set: TestSet, _ model: String?) async throws -> Report {
        let transcriber = Transcriber(recognizer: try await loader.recognition(model).offline)
        var (english, others) = (WordErrors(), WordErrors())
        var clips = 0
        var (audioTime, workTime) = (0.0, 0.0)
        let bar = console.progressBar("clips")
        for (index, clip) in set.clips.enumerated() {
            guard let language = Language(clip.language), transcriber.languages.contains(language) else { continue }
            let path = set.directory + "/" + clip.file
            let (transcript, time) = try await timed {
                try await transcriber.transcript(ofFile: path, language: language)
            }
            clips += 1
            workTime += time / 1000
            audioTime += try await FileAudio(path: path).whole(atMost: 600).seconds
            if language.code == "en" {
                english.add(reference: clip.text, hypothesis: transcript.text)
            } else {
                others.add(reference: clip.text, hypothesis: transcript.text)
            }
            bar.update(done: Double(index + 1), total: Double(set.clips.count), unit: "clips")
        }
        bar.clear()
        return Report(
            model: model ?? "default",
            clips: clips,
            wordErrorRate: Rate(english.words),
            characterErrorRate: others.characters.total == 0 ? nil : Rate(others.characters),
            rtf: audioTime > 0 ? workTime / audioTime : 0
        )
    }
}
