import Inference
import Speech
import SpeechModels
import SpeechTesting
import SpeechText
import Synchronization
import Testing

/// Piper over graphs as rkvoice-stream has them: a fixed number of ids, noise inside, the flow in the decoder.
@Suite struct PiperSeedGraphTests {
    /// Words of a text are phonemes; a comma and a full stop stand for themselves.
    private struct PlainPhonemizer: Phonemizer {
        func clauses(of text: String, voice: String) async throws(PhonemeError) -> [PhonemeClause] {
            [PhonemeClause(phonemes: text, terminator: nil, endsSentence: true)]
        }
    }

    private static let config = """
        {"espeakVoice": "en-us", "hopLength": 4, "latentChannels": 2, "overlap": 3, "noiseScale": 0.667,
         "lengthScale": 1, "noiseW": 0.8, "speakers": 1, "speakerIDs": {}, "voice": "en_US",
         "phonemeIDs": {"_": [0], "^": [1], "$": [2], " ": [3], ",": [8], "a": [10], "b": [11], "c": [12]}}
        """
    private static let length = 32

    /// What the encoder was given, run by run.
    private final class Runs: Sendable {
        private let list = Mutex<[[String: Tensor]]>([])
        var all: [[String: Tensor]] { list.withLock { $0 } }
        func append(_ inputs: [String: Tensor]) { list.withLock { $0.append(inputs) } }
        /// The ids of each run that were no padding.
        var ids: [[Int64]] {
            get throws {
                try all.map { inputs in
                    let count = Int(try inputs.tensor("input_lengths").scalars(as: Int64.self)[0])
                    return Array(try inputs.tensor("input").scalars(as: Int64.self).prefix(count))
                }
            }
        }
    }

    /// Two frames for each id, whose sound is the id; `capacity` frames are all there is room for.
    private func encoder(_ runs: Runs, capacity: Int? = nil) -> ClosureGraph {
        ClosureGraph(
            inputs: [
                TensorSpec("input", .i64, [1, Self.length]), TensorSpec("input_lengths", .i64, [1]),
                TensorSpec("scales", .f32, [3]), TensorSpec("sid", .i64, [1]),
                TensorSpec("x_mask", .f32, [1, 1, Self.length]), TensorSpec("audio_length", .i64, [1]),
                TensorSpec("cumulative_durations", .f32, [Self.length, 1]),
            ],
            outputs: [TensorSpec("z", .f32, [1, 2, capacity]), TensorSpec("y_mask", .f32, [1, 1, capacity])]
        ) { inputs throws(InferenceError) in
            runs.append(inputs)
            let count = Int(try inputs.tensor("input_lengths").scalars(as: Int64.self)[0])
            let ids = try inputs.tensor("input").scalars(as: Int64.self).prefix(count)
            let frames = ids.flatMap { [Float($0) / 100, Float($0) / 100] }
            let size = capacity ?? frames.count + 7
            let row = Array((frames + [Float](repeating: 9, count: size)).prefix(size))
            let mask = (0..<size).map { $0 < frames.count ? Float(1) : 0 }
            return ["z": Tensor(shape: [1, 2, size], row + row), "y_mask": Tensor(shape: [1, 1, size], mask)]
        }
    }

    /// Windows of 16 frames; each frame's sound is the mean of seven frames around it, as a receptive field of 3 has it.
    private func decoder() throws -> BucketedGraph {
        let graph = ClosureGraph(
            inputs: [TensorSpec("z", .f32, [1, 2, 16]), TensorSpec("mask", .f32, [1, 1, 16])],
            outputs: [TensorSpec("sound", .f32, [1, 64])]
        ) { inputs throws(InferenceError) in
            let z = try inputs.tensor("z").scalars(as: Float.self)
            let mask = try inputs.tensor("mask").scalars(as: Float.self)
            return ["sound": Tensor(shape: [1, 64], Self.blurred(zip(z, mask).map { $0 * $1 }))]
        }
        return try BucketedGraph([.init(frames: 16, graph)], filling: .init(mask: "mask"))
    }

    private static func blurred(_ frames: [Float]) -> [Float] {
        frames.indices.flatMap { place in
            let near = frames[max(0, place - 3)...min(frames.count - 1, place + 3)]
            return [Float](repeating: near.reduce(0, +) / 7, count: 4)
        }
    }

    private func model(_ runs: Runs, capacity: Int? = nil, config: String = Self.config) throws -> PiperModel {
        let bundle = try TemporaryBundle(family: "piper", sampleRate: 1000, config: config)
        return try PiperModel(
            bundle.bundle,
            encoder: encoder(runs, capacity: capacity),
            decoder: decoder(),
            phonemizer: PlainPhonemizer()
        )
    }

    private func sound(of model: PiperModel, _ text: String) async throws -> [Float] {
        var samples: [Float] = []
        for try await event in model.speech(for: Utterance(text)) {
            if case .audio(let chunk) = event { samples += chunk.samples }
        }
        return samples
    }

    /// What the sentence is without start and end.
    private func inside(_ ids: [Int64]) -> [Int64] { Array(ids.dropFirst(2).dropLast(1)) }

    @Test func aSentenceOfManyWindowsSoundsAsInOne() async throws {
        let runs = Runs()
        let samples = try await sound(of: model(runs), "abc cba abc")
        let ids = try runs.ids
        #expect(ids.count == 1 && ids[0].count == 25)
        let whole = Self.blurred(ids[0].flatMap { [Float($0) / 100, Float($0) / 100] })
        #expect(samples.count == whole.count)
        #expect(zip(samples, whole).allSatisfy { abs($0 - $1) < 1e-6 })
    }

    @Test func theGraphIsGivenWhatItAsksForAndNothingOfThePadding() async throws {
        let runs = Runs()
        _ = try await sound(of: model(runs), "ab")
        let inputs = try #require(runs.all.first)
        #expect(
            try inputs.tensor("input").scalars(as: Int64.self) == [1, 0, 10, 0, 11, 0, 2]
                + [Int64](repeating: 0, count: 25)
        )
        #expect(try inputs.tensor("x_mask").scalars(as: Float.self).reduce(0, +) == 7)
        #expect(try inputs.tensor("sid").scalars(as: Int64.self) == [0])
        #expect(try inputs.tensor("cumulative_durations").scalars(as: Float.self).allSatisfy { $0 == 0 })
    }

    @Test(arguments: [
        "abc abc abc abc abc abc abc abc abc abc", "abc, abc abc abc abc", String(repeating: "abc", count: 40), "ab",
    ])
    func ofALongSentenceNothingIsLost(text: String) async throws {
        let runs = Runs()
        let samples = try await sound(of: model(runs), text)
        let parts = try runs.ids
        #expect(parts.allSatisfy { $0.count <= Self.length && $0.first == 1 && $0.last == 2 })
        let all = text.flatMap { letter -> [Int64] in
            [["a": 10, "b": 11, "c": 12, " ": 3, ",": 8][letter] ?? 0, 0]
        }
        #expect(parts.flatMap(inside) == all)
        #expect(samples.count == parts.map(\.count).reduce(0, +) * 8)
    }

    @Test func partsEndWithWordsAndAreAboutEqual() async throws {
        let runs = Runs()
        _ = try await sound(of: model(runs), "abc abc abc abc abc")
        let parts = try runs.ids.map(inside)
        #expect(parts.dropLast().allSatisfy { $0.suffix(2) == [3, 0] })
        #expect(parts.map(\.count) == [16, 22])
        let paused = Runs()
        _ = try await sound(of: model(paused), "abc, abc abc abc")
        #expect(try paused.ids.map(inside).first?.count == 10, "it is cut behind the comma")
    }

    @Test func aSentenceThatDoesNotFitIntoTheEncodersFramesIsSpokenInHalves() async throws {
        let runs = Runs()
        let samples = try await sound(of: model(runs, capacity: 40), "abc abc abc")
        #expect(try runs.ids.map(\.count) == [25, 11, 17])
        #expect(try runs.ids.dropFirst().flatMap(inside) == inside(runs.ids[0]))
        #expect(samples.count == 28 * 8)
        let error = await #expect(throws: SpeechError.self) {
            _ = try await sound(of: model(Runs(), capacity: 4), "a")
        }
        #expect(error?.message.contains("longer than the 4 frames") == true)
    }

    @Test func moreIDsThanTheGraphTakesAreRefusedAtLoadAndFewerAreKept() async throws {
        func config(_ sequence: Int) -> String {
            Self.config.replacing("\"speakers\": 1", with: "\"sequence\": \(sequence), \"speakers\": 1")
        }
        let error = #expect(throws: InferenceError.self) { _ = try model(Runs(), config: config(64)) }
        #expect(error?.message == "it takes 32 ids at a time, and not 64")
        #expect(throws: InferenceError.self) { _ = try model(Runs(), config: config(4)) }
        let runs = Runs()
        _ = try await sound(of: model(runs, config: config(16)), "abc abc abc")
        #expect(try runs.ids.allSatisfy { $0.count <= 16 })
        #expect(try model(Runs()).voices.map(\.name) == ["en_US"])
    }
}
