import Foundation
import Inference
import Speech
import SpeechModels
import Testing

/// Live sessions of both families with the small models on ONNX Runtime: clips in random order with random pauses, in
/// random pieces. Rare cases come with RKVOICE_LONG: 1,000 of them.
@Suite struct FunASRStreamTests {
    static let cases = ProcessInfo.processInfo.environment["RKVOICE_LONG"] == nil ? 24 : 1_000

    static let names = [
        "en/counting", "en/hello_world", "es/conteo", "es/hola_mundo", "fr/pangrama", "it/ciao_mondo", "pl/liczenie",
        "zh/jishu", "zh/nihao_shijie", "zh/pangrama",
    ]

    /// Clips of one case behind each other, with silence before, between and behind.
    private func sound(_ numbers: inout RepeatableNumbers) async throws -> [Float] {
        var samples = FunASRModels.silence(Double.random(in: 0...1, using: &numbers))
        for _ in 0..<Int.random(in: 1...3, using: &numbers) {
            samples += try await FunASRModels.clip(Self.names.randomElement(using: &numbers) ?? "en/counting")
            samples += FunASRModels.silence(Double.random(in: 0...2.5, using: &numbers))
        }
        return samples
    }

    /// What a session said of some sound.
    private struct Heard {
        var finals: [Transcript] = []
        /// Whether what was called stable stayed, also in the final text.
        var isStable = true
        private var stable = ""

        mutating func take(_ events: [TranscriptEvent]) {
            for event in events {
                switch event {
                case .partial(let partial):
                    isStable = isStable && (stable.isEmpty || partial.text.hasPrefix(stable))
                    stable = String(partial.text.prefix(partial.stableCharacters))
                case .final(let final):
                    isStable = isStable && (stable.isEmpty || final.text.hasPrefix(stable))
                    finals.append(final)
                    stable = ""
                default: break
                }
            }
        }

        /// Texts with the sound that they stand for.
        var segments: [Transcript.Segment] { finals.flatMap(\.segments) }
    }

    /// - Parameters:
    ///   - samples: the sound.
    ///   - recognizer: what hears it.
    ///   - largest: samples that come at a time, at most; nil: all at once.
    ///   - numbers: where chance comes from.
    /// - Returns: its final texts.
    /// - Throws: what the recognizer throws.
    private func hear<Recognizer: SpeechRecognizer>(
        _ samples: [Float],
        _ recognizer: Recognizer,
        largest: Int?,
        _ numbers: inout RepeatableNumbers
    ) async throws -> Heard {
        var session = try recognizer.makeSession(RecognitionOptions())
        var heard = Heard()
        var start = 0
        while start < samples.count {
            let count = largest.map { Int.random(in: 1...$0, using: &numbers) } ?? samples.count
            let piece = Array(samples[start..<min(samples.count, start + count)])
            let audio = AudioChunk(samples: piece, sampleRate: 16_000, position: start)
            heard.take(try await session.step(.audio(audio)))
            start += count
            repeat {
                guard let work = session.works.first else { break }
                heard.take(try await session.take(await work.outcome()))
            } while !session.isListening
        }
        heard.take(try await session.step(.endOfUtterance))
        while let work = session.works.first { heard.take(try await session.take(await work.outcome())) }
        return heard
    }

    /// Whether the text of a segment is that of its sound as a file.
    ///
    /// What is heard of the pause behind the speech depends on when it was sure to be one: any window up to its end.
    private func isOffline(
        _ segment: Transcript.Segment,
        of samples: [Float],
        by model: ParaformerChunks
    ) async throws -> Bool {
        let preRoll = Int(Endpointing.streaming.preRoll * 16_000)
        let (start, end) = (Int((segment.start * 16_000).rounded()), Int((segment.end * 16_000).rounded()))
        let first = max(0, start - preRoll)
        let pause = Int(Endpointing.streaming.minimumSilence * 16_000) + 2 * ClipDetector.windowLength
        var last = [end + preRoll, samples.count].filter { $0 <= samples.count }
        last += stride(from: end / 512 * 512, through: min(samples.count, end + pause), by: 512)
        for last in last where last > first {
            let audio = AudioChunk(samples: Array(samples[first..<last]), sampleRate: 16_000, position: first)
            if try await model.transcript(of: audio, RecognitionOptions()).text == segment.text { return true }
        }
        return false
    }

    /// Segments that begin so long after the one before that no pre-roll is cut short.
    private func apart(_ segments: [Transcript.Segment]) -> [Transcript.Segment] {
        segments.indices.filter { $0 == 0 || segments[$0].start > segments[$0 - 1].end + 0.8 }.map { segments[$0] }
    }

    @Test func paraformerGivesWhatItGivesOfFilesHoweverItIsCut() async throws {
        let (model, loaded) = try await FunASRModels.streaming()
        let recognizer = ParaformerRecognizer(detector: ClipDetector(), model: model)
        var compared = 0
        var most = 0.0
        for seed in 0..<Self.cases {
            var numbers = RepeatableNumbers(seed)
            let samples = try await sound(&numbers)
            let before = loaded.graphs[0].runs
            let largest = [160, 1_600, 16_000].randomElement(using: &numbers)
            let heard = try await hear(samples, recognizer, largest: largest, &numbers)
            most = max(most, Double(loaded.graphs[0].runs - before) / (Double(samples.count) / 16_000 + 1))
            let whole = try await hear(samples, recognizer, largest: nil, &numbers)
            #expect(heard.isStable && whole.isStable, "\(seed)")
            #expect(heard.segments == whole.segments && !heard.segments.isEmpty, "\(seed)")
            for segment in apart(heard.segments) {
                let isOffline = try await isOffline(segment, of: samples, by: model)
                #expect(isOffline, "\(seed): \(segment)")
                compared += 1
            }
        }
        #expect(compared >= Self.cases)
        // One for each 0.6 s, and two for each pause of at least 0.25 s.
        #expect(most < 4, "runs of the encoder for a second of sound: \(most)")
    }

    @Test func senseVoiceGivesWhatItGivesOfFilesHoweverItIsCut() async throws {
        let (model, loaded) = try await FunASRModels.senseVoice()
        let recognizer = StreamingRecognizer(detector: ClipDetector(), model: model)
        var compared = 0
        var most = 0.0
        for seed in 0..<Self.cases {
            var numbers = RepeatableNumbers(seed)
            let samples = try await sound(&numbers)
            let before = loaded.graphs[0].runs
            let largest = [160, 1_600, 16_000].randomElement(using: &numbers)
            let heard = try await hear(samples, recognizer, largest: largest, &numbers)
            most = max(most, Double(loaded.graphs[0].runs - before) / (Double(samples.count) / 16_000 + 1))
            #expect(!heard.segments.isEmpty, "\(seed)")
            for segment in heard.segments {
                // Here a segment is the sound that was decoded, with its pre-roll.
                let (start, end) = (Int((segment.start * 16_000).rounded()), Int((segment.end * 16_000).rounded()))
                let audio = AudioChunk(samples: Array(samples[start..<end]), sampleRate: 16_000, position: start)
                let file = try await model.transcript(of: audio, RecognitionOptions())
                #expect(file.segments == [segment], "\(seed)")
                compared += 1
            }
        }
        #expect(compared >= Self.cases)
        // A partial decode each 0.4 s, and one for each pause of at least 0.25 s.
        #expect(most < 6, "runs of the model for a second of sound: \(most)")
    }
}

/// A detector that looks at the loudest sample of a window; the clips are quiet behind their last word.
struct ClipDetector: SpeechDetector {
    static let windowLength = 512
    let sampleRate = 16_000
    let window = ClipDetector.windowLength
    func start() -> Int { 0 }

    func probability(of samples: ArraySlice<Float>, state: inout Int) async throws(SpeechError) -> Float {
        min(1, 20 * (samples.map(abs).max() ?? 0))
    }
}
