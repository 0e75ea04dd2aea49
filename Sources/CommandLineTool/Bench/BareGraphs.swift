import Inference
import Speech
import SpeechModels
import SpeechText

/// The voice's uncut graph on the bare runtime, fed with the same phonemes.
struct BareVoice {
    private let graph: any Graph
    private let inputs: [[String: Tensor]]
    private let sampleRate: Int

    init(_ model: PiperModel, _ graph: any Graph, text: String) async throws {
        self.graph = graph
        sampleRate = model.sampleRate
        inputs = try await model.sentences(of: text).map { ids in
            [
                "input": Tensor(shape: [1, ids.count], ids),
                "input_lengths": Tensor(shape: [1], [Int64(ids.count)]),
                "scales": Tensor(shape: [3], model.scales),
            ]
        }
    }

    func run() async throws -> (milliseconds: Double, seconds: Double) {
        let (samples, time) = try await timed {
            var count = 0
            for input in inputs { count += try await graph.run(input).tensor("output").count }
            return count
        }
        return (time, Double(samples) / Double(sampleRate))
    }
}

/// Encoder and decoder steps alone: features and tokens are given, nothing is searched for.
struct BareWhisper {
    private let model: WhisperModel
    private let window: WhisperWindow
    private let tokens: [Int]

    init(_ model: WhisperModel, _ clip: AudioChunk) async throws {
        self.model = model
        window = model.window(of: clip.samples)
        tokens = try await model.decode(clip.samples[...], Language("en")).tokens
    }

    /// Decoder runs of one pass.
    var steps: Int { tokens.count + 1 }

    func run() async throws { try await model.replay(window, tokens: tokens, language: Language("en")) }
}
