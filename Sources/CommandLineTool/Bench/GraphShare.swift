import Inference
import Speech

/// How much of an utterance's recognition its graphs take: both in one run, so that a busy machine slows both.
struct GraphShare {
    /// Milliseconds inside of graphs.
    private(set) var graphs = Samples()
    /// Milliseconds from samples to text.
    private(set) var whole = Samples()

    /// - Parameters:
    ///   - model: its graphs are metered, as those of the loader are.
    ///   - clip: what it hears.
    /// - Throws: what the model throws.
    mutating func run(_ model: any UtteranceRecognizer, _ clip: AudioChunk) async throws {
        let clock = StageClock()
        let (_, time) = try await timed {
            try await MeteredGraph.$clock.withValue(clock) {
                try await model.transcript(of: clip, RecognitionOptions())
            }
        }
        graphs.append(clock.milliseconds.values.reduce(0, +))
        whole.append(time)
    }

    /// What everything but the graphs takes, as a part of what they take: the median of the runs' own.
    private var around: Double {
        Samples(zip(graphs.values, whole.values).map { graph, whole in whole / max(graph, .leastNonzeroMagnitude) })
            .median
    }

    var rows: [BenchRow] {
        [
            BenchRow(name: "graphs alone", milliseconds: graphs, ratio: 1),
            BenchRow(name: "rkvoice, samples to text", milliseconds: whole, ratio: around),
        ]
    }
}
