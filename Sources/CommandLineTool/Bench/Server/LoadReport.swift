import Conversation
import SpeechText

/// What a benchmark of a server found.
struct LoadReport: Encodable {
    /// What was said to the server.
    struct Clip: Encodable {
        var text: String
        var seconds: Double
    }

    /// How the figures were taken.
    struct Method: Encodable {
        var percentiles = "nearest rank"
        var runs: Int
        /// The pause that ends an utterance in a dialogue; part of voice to voice.
        var endpointSilenceMilliseconds: Int
        /// Threads of the models, where they run in this process.
        var threads: Int?
        var seconds: Double
        var limitSeconds: Int
        var clips: [Clip]
    }

    var server: ServerProfile
    var method: Method
    var levels: [LoadLevel]
    /// What was not measured, and why; one sentence each.
    var leftOut: [String]
}

/// The figures beside so many clients.
struct LoadLevel: Encodable {
    typealias Spread = LatencyFigures.Spread

    /// A figure with that of the same work in this process, taken in turn.
    struct Figure: Encodable {
        var served: Spread
        var inProcess: Spread?
        /// Median over median.
        var ratio: Double?
    }

    /// Wrong words of all transcripts; a character of Chinese is a word.
    struct Words: Encodable {
        var rate: Double
        var errors: Int
        var total: Int
        /// Different recordings: the rest are repetitions, which say nothing new of a recognizer.
        var recordings: Int
    }

    var clients: Int
    var figures: [String: Figure] = [:]
    /// Steps of the dialogue by the server's clock; `rest` is what it does not see.
    var steps: [String: Spread]
    var words: [String: Words]
    var refused: Int
    var cutShort: Int
    var unanswered: Int
    var leftOut: [String]

    /// - Parameters:
    ///   - clients: at a time.
    ///   - tally: what their exchanges gave.
    init(clients: Int, _ tally: LoadTally) {
        self.clients = clients
        steps = tally.steps.mapValues(Spread.init)
        words = tally.heard.mapValues { texts in
            var errors = WordErrors()
            for (said, understood) in texts { errors.add(reference: said, hypothesis: understood) }
            let (rate, recordings) = (errors.words, Set(texts.map(\.said)).count)
            return Words(rate: rate.rate, errors: rate.errors, total: rate.total, recordings: recordings)
        }
        refused = tally.mishaps[.refused] ?? 0
        cutShort = tally.mishaps[.cutShort] ?? 0
        unanswered = tally.mishaps[.unanswered] ?? 0
        leftOut = tally.leftOut
        for (figure, values) in tally.served {
            let (served, direct) = (Spread(values), tally.direct[figure].map(Spread.init))
            let ratio = direct.flatMap { $0.p50 > 0 ? served.p50 / $0.p50 : nil }
            figures[figure.rawValue] = Figure(served: served, inProcess: direct, ratio: ratio)
        }
    }

    subscript(figure: LoadFigure) -> Figure? { figures[figure.rawValue] }
}
