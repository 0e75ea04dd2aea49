/// What stands between sound and a model of the Kaldi school: filter bank, low frame rate, normalization.
///
/// Which form a model expects is data, a ``Config`` that a bundle holds; the same arithmetic serves whole utterances and
/// streams. Immutable and shared; a ``KaldiFrontEndStream`` is what hears.
package struct KaldiFrontEnd: Sendable {
    /// What it computes.
    package let config: Config

    let fbank: Fbank
    let statistics: CMVN?

    /// Hz of the sound it takes.
    package var sampleRate: Int { config.fbank.sampleRate }

    /// Values of a row.
    package var width: Int { fbank.bins * (config.lfr?.window ?? 1) }

    /// A front end of the given form.
    ///
    /// - Parameters:
    ///   - config: the form.
    ///   - statistics: the model's numbers, where the form asks for them; not used otherwise.
    /// - Throws: `badSettings` with the setting that makes no sense, `badStatistics` when the numbers are missing or of
    ///   another width.
    package init(_ config: Config, statistics: CMVN? = nil) throws(KaldiFrontEndError) {
        if let problem = config.lfr?.problem { throw KaldiFrontEndError(.badSettings, "lfr: \(problem)") }
        guard (0...10).contains(config.preRoll) else {
            throw KaldiFrontEndError(.badSettings, "preRoll is \(config.preRoll) s, not 0 to 10")
        }
        self.config = config
        fbank = try Fbank(config.fbank)
        self.statistics = config.normalization == .given ? statistics : nil
        guard config.normalization == .given else { return }
        guard let statistics else {
            throw KaldiFrontEndError(
                .badStatistics,
                "the front end normalizes by numbers of the model, and the model has none"
            )
        }
        guard statistics.width == width else {
            throw KaldiFrontEndError(
                .badStatistics,
                "CMVN has \(statistics.width) numbers and the features have \(width) values"
            )
        }
    }

    /// The features of a whole sound.
    ///
    /// - Parameter samples: mono at ``sampleRate``, in [-1, 1]; ``FbankStream`` says what becomes of others.
    /// - Returns: row-major `[rows, width]`; empty when the sound is too short for a frame.
    package func features(of samples: [Float]) -> [Float] {
        var stream = makeStream()
        stream.accept(samples)
        stream.finish()
        return stream[0..<stream.rowCount]
    }

    /// A listener at the start of a sound.
    package func makeStream() -> KaldiFrontEndStream {
        KaldiFrontEndStream(self)
    }
}

extension KaldiFrontEnd {
    /// Which form a model expects. In a bundle:
    ///
    ///     "frontEnd": {"fbank": {}, "lfr": {}, "normalization": "given"}
    ///
    /// is that of whole utterances in FunASR's models. What is left out of `fbank` and `lfr` is theirs too; a key that is
    /// not known is an error.
    package struct Config: Sendable, Equatable {
        /// The filter bank.
        package var fbank = FbankOptions()
        /// How frames become rows; nil for one frame a row.
        package var lfr: LFR?
        /// By what rows are normalized.
        package var normalization = Normalization.none
        /// Seconds of silence before the sound, 0 to 10. An empty sound stays empty.
        package var preRoll = 0.0

        /// A filter bank alone.
        package init() {}

        /// Whole utterances in FunASR's models.
        package static var offline: Config {
            var config = Config()
            config.lfr = .offline
            config.normalization = .given
            return config
        }

        /// Streaming Paraformer.
        package static var streaming: Config {
            var config = offline
            config.lfr = .streaming
            return config
        }

        /// The seed's for `paraformer_rknn`, whose `normalization` is `utterance` unless a profile says `none`.
        package static var seedParaformer: Config {
            var config = Config()
            config.fbank = .seedParaformer
            config.lfr = .seedParaformer
            config.normalization = .utterance
            config.preRoll = 0.1
            return config
        }
    }

    /// By what rows are normalized.
    package enum Normalization: String, Sendable, Codable, CaseIterable {
        /// Nothing.
        case none
        /// Numbers that come with the model: a graph's metadata, or an `am.mvn`.
        case given
        /// Mean and deviation of each filter over the utterance as far as it was heard. Rows that were read do not change;
        /// read once the sound has ended, they are those of the whole utterance.
        case utterance
    }
}

extension KaldiFrontEnd.Config: Decodable {
    private enum CodingKeys: String, CodingKey, CaseIterable { case fbank, lfr, normalization, preRoll }

    /// The forms that have a name.
    private static let named: [String: KaldiFrontEnd.Config] = [
        "offline": .offline, "streaming": .streaming, "rkvoice-stream": .seedParaformer,
    ]

    /// Reads a form by its name (`offline`, `streaming`, or `rkvoice-stream` for ``seedParaformer``), or what is there of
    /// its settings; the rest stays that of a filter bank alone.
    package init(from decoder: any Decoder) throws {
        if let single = try? decoder.singleValueContainer(), let name = try? single.decode(String.self) {
            guard let form = Self.named[name] else {
                let names = Self.named.keys.sorted().joined(separator: ", ")
                throw DecodingError.dataCorruptedError(in: single, debugDescription: "\(name) is none of \(names)")
            }
            self = form
            return
        }
        let values = try decoder.onlyKeys(CodingKeys.self)
        try values.read(.fbank, into: &fbank)
        lfr = try values.decodeIfPresent(LFR.self, forKey: .lfr)
        try values.read(.normalization, into: &normalization)
        try values.read(.preRoll, into: &preRoll)
    }
}
