import Foundation
import Inference

/// Piper voices as rkvoice-stream lays them out: a directory for each locale, with `encoder.onnx` for the CPU,
/// `flow_decoder.rknn` for the NPU, and the voice's JSON file.
package enum SeedPiper {
    /// The files of a voice, as they are named there.
    static let (encoder, decoder, source, whole) = (
        "encoder.onnx", "flow_decoder.rknn", "flow_decoder.onnx", "model.rknn"
    )
    /// The usual places of a voice's JSON file; any other `*.onnx.json` will do.
    static let configurations = ["config.json", "model.onnx.json"]
    /// Latent frames of one run of the decoder: 256, which are 2.97 s at 22,050 Hz.
    static let frames = 256
    /// Frames of context on each side of a window: the flow reaches 32 frames, HiFi-GAN 10.09.
    static let overlap = 42
    /// What every Piper voice has: channels of the latent, samples of a frame.
    static let (channels, hop) = (192, 256)

    /// The voices of a directory, one for each locale, whether its files are there or not.
    /// - Parameters:
    ///   - directory: with a directory for each locale.
    ///   - locales: such as `en_US`, in the order wanted.
    ///   - sequence: phoneme ids of one run of the encoder at most; nil takes what the graph is made for.
    /// - Returns: a model for each locale, with what is wrong with it.
    package static func bundles(in directory: String, locales: [String], sequence: Int?) -> [SeedModel] {
        locales.compactMap { locale in
            let voice = SeedPiperVoice(directory, locale)
            // What is encoded here is a bundle, whatever the voice's file says: none is ever left out.
            guard let bundle = try? voice.bundle(sequence: sequence) else { return nil }
            return SeedModel(id: bundle.name, bundle: bundle, problems: voice.problems)
        }
    }
}

/// One locale's directory.
struct SeedPiperVoice {
    private let locale: String
    private let directory: String
    private let parent: String
    private let description: Result<PiperVoiceFile, PiperVoiceFile.Problem>

    init(_ parent: String, _ locale: String) {
        self.parent = parent
        self.locale = locale
        directory = parent + "/" + locale
        description = Result { () throws(PiperVoiceFile.Problem) in try PiperVoiceFile(in: parent + "/" + locale) }
    }

    private func exists(_ file: String) -> Bool { FileManager.default.fileExists(atPath: directory + "/" + file) }

    /// Why it cannot be loaded.
    var problems: [String] {
        guard locale.range(of: "^[A-Za-z0-9_@.-]+$", options: .regularExpression) != nil, !locale.hasPrefix(".") else {
            return ["\"\(locale)\" is no locale such as en_US"]
        }
        guard exists("") else {
            guard !locale.hasPrefix("ja") else {
                return ["Japanese needs Kokoro, which is not in this version, and \(directory) is not there"]
            }
            return [
                "\(directory) is not there; it holds \(SeedPiper.encoder), \(SeedPiper.decoder) and config.json"
            ]
        }
        let graphs = SeedPiper.self
        if exists(graphs.whole), !exists(graphs.encoder) {
            return [
                "\(directory)/\(graphs.whole) is a whole voice in one graph, which cuts every sentence off; convert the "
                    + "voice into \(graphs.encoder) and \(graphs.decoder) (docs/seed-piper.md)"
            ]
        }
        var problems: [String] = []
        if !exists(graphs.encoder) { problems.append("\(directory)/\(graphs.encoder) is missing") }
        if !exists(graphs.decoder), !exists(graphs.source) {
            problems.append("\(directory)/\(graphs.decoder) is missing")
        }
        if case .failure(let problem) = description { problems.append(problem.message) }
        return problems
    }

    /// The directory as a bundle.
    func bundle(sequence: Int?) throws -> ModelBundle {
        let voice = try? description.get()
        let document = Document(
            name: "piper_rknn " + locale,
            sampleRate: voice?.audio.sampleRate ?? 22050,
            languages: [locale],
            placements: placements,
            config: Document.Config(voice, locale: locale, sequence: sequence)
        )
        return try ModelBundle(directory: directory, json: JSONEncoder().encode(document))
    }

    private var placements: [String: Placement] {
        var compiled = Placement.Part(SeedPiper.decoder, on: .rknn, frames: SeedPiper.frames)
        compiled.mask = "mask"
        guard exists(SeedPiper.source) else { return ["rknn": placement(compiled, boards: ["rk3576", "rk3588"])] }
        var portable = compiled
        portable.file = SeedPiper.source
        portable.runtime = .onnx
        compiled.source = SeedPiper.source
        compiled.shapes = ["z": [1, SeedPiper.channels, SeedPiper.frames], "mask": [1, 1, SeedPiper.frames]]
        return ["rknn": placement(compiled, boards: ["rk3576", "rk3588"]), "cpu": placement(portable)]
    }

    private func placement(_ decoder: Placement.Part, boards: [String]? = nil) -> Placement {
        let encoder = Placement.Part(SeedPiper.encoder, on: .onnx)
        return Placement(["encoder": [[encoder]], "decoder": [[decoder]]], boards: boards)
    }

    /// What would be in `bundle.json`.
    private struct Document: Encodable {
        var schema = ModelBundle.schema
        var family = "piper"
        var name: String
        var sampleRate: Int
        var languages: [String]
        var placements: [String: Placement]
        var config: Config

        /// What the voice's model code reads.
        struct Config: Encodable {
            var espeakVoice: String
            var voice: String
            var sequence: Int?
            var hopLength = SeedPiper.hop
            var latentChannels = SeedPiper.channels
            var overlap = SeedPiper.overlap
            var noiseScale: Double
            var lengthScale: Double
            var noiseW: Double
            /// The graphs know one speaker, the first.
            var speakers = 1
            var speakerIDs: [String: Int] = [:]
            var phonemeIDs: [String: [Int]]

            init(_ file: PiperVoiceFile?, locale: String, sequence: Int?) {
                espeakVoice = file?.espeak.voice ?? ""
                voice = locale
                self.sequence = sequence
                noiseScale = file?.inference?.noiseScale ?? 0.667
                lengthScale = file?.inference?.lengthScale ?? 1
                noiseW = file?.inference?.noiseW ?? 0.8
                phonemeIDs = file?.phonemeIDs ?? [:]
            }
        }
    }
}
