import Inference
import VoiceConfiguration

/// Paraformer in the seed's layouts: its own for the NPU, sherpa-onnx's for the CPU.
struct SeedParaformer {
    private let settings: Configuration.ASR.Paraformer
    private let directory: SeedDirectory
    private let graphs: String
    private var draft: SeedDraft

    static func model(_ asr: Configuration.ASR, on board: Board) throws(InferenceError) -> SeedModel {
        var layout = SeedParaformer(asr, board)
        layout.encoder()
        layout.decoder()
        return try layout.draft.model()
    }

    private init(_ asr: Configuration.ASR, _ board: Board) {
        settings = asr.paraformer
        let model = asr.modelDirectory ?? "/opt/asr/paraformer"
        graphs = settings.rknnDirectory ?? "rknn"
        directory = SeedDirectory(
            model,
            with: [graphs + "/x", settings.encoderSuffixPath, settings.decoderPath]
        )
        draft = SeedDraft("paraformer_rknn", family: "paraformer", in: directory, on: board)
        draft.boards = ["rk3576", "rk3588"]
        draft.need("tokens.txt")
        draft.languages = SeedSherpa.paraformerLanguages
        draft.config = Self.config(in: directory)
        if directory.isPresent, !directory.exists(Self.statistics) {
            draft.object(
                .warning,
                "\(Self.statistics) is not there: sound is normalized by what is heard, as rkvoice-stream does it, and not "
                    + "as Paraformer was trained",
                remedy: "copy the model's \(Self.statistics) beside tokens.txt"
            )
        }
        draft.tell("asr.model_dir", asr.modelDirectory) { "files come from \($0)" }
        draft.tell("asr.rknn_dir", settings.rknnDirectory) { "graphs of the NPU come from \($0)" }
        draft.tell("asr.precision", settings.precision) { "graphs in \($0.rawValue)" }
        draft.tell("asr.encoder_precision", settings.encoderPrecision) { "the encoder in \($0.rawValue)" }
    }

    /// Exact cores; core 1 where nothing is said. The seed lets the driver choose where that has no such mask, as for cores
    /// 1 and 2 together, and says nothing of it; here a warning does.
    private mutating func cores(_ key: String, _ wanted: NPUCores?) -> [Int]? {
        guard let wanted else { return [1] }
        let board = draft.board
        guard !board.hasNPU || board.documents(CoreMask(rawValue: wanted.mask)) else {
            draft.object(
                .warning,
                "\(board.id) has no core mask \(wanted.mask) (\(wanted.name)); as in rkvoice-stream, any free core is taken",
                remedy: "set \(key) to NPU_CORE_AUTO, or to one of \(board.maskList)"
            )
            return nil
        }
        return draft.cores(wanted.mask)
    }

    /// Means and deviations as FunASR publishes them beside the model.
    private static let statistics = "am.mvn"

    /// Without the model's statistics, sound becomes rows as the seed makes them. With them, as for the model's training;
    /// nothing stands in front, because the encoder is that of a streaming model.
    private static func config(in directory: SeedDirectory) -> [String: Any] {
        var config: [String: Any] = ["tokens": directory.path("tokens.txt"), "addsPositions": true]
        guard directory.exists(statistics) else {
            config["frontEnd"] = "rkvoice-stream"
            return config
        }
        config["statistics"] = directory.path(statistics)
        config["frontEnd"] = ["fbank": [:], "lfr": ["left": 0], "normalization": "given"] as [String: Any]
        return config
    }

    /// Values in a row: 7 frames of 80 bins.
    private static let rowWidth = 560

    /// What files of the first blocks are called before their length: by those that are there, else behind the block where
    /// the seed cuts.
    private func prefixStem(_ buckets: [String]) -> String {
        let sources = directory.files(in: "").filter {
            $0.hasPrefix("encoder_prefix_to_block") && $0.hasSuffix(".onnx")
        }
        let name = (buckets + sources).first.map(SeedDirectory.name)
        return name?.split(separator: ".").first.map(String.init) ?? "encoder_prefix_to_block30"
    }

    /// The ONNX file that a bucket is compiled from, where it is kept beside the others.
    private func source(of stem: String, frames: Int) -> (file: String, shapes: [String: [Int]])? {
        guard directory.exists("\(stem).onnx") else { return nil }
        return ("\(stem).onnx", ["speech": [1, frames, Self.rowWidth], "encoder_pad_mask": [1, frames]])
    }

    /// LFR frames of the encoder's buckets that the seed publishes.
    private static let usualFrames = [40, 80, 160, 240, 400]

    private mutating func encoder() {
        let cores = cores("asr.encoder_core", settings.encoderCores)
        draft.tell("asr.encoder_core", settings.encoderCores) {
            "the encoder runs on \(SeedQwen3.words(cores)) (mask \($0.mask))"
        }
        let precision = settings.encoderPrecision ?? settings.precision ?? .fp16
        let files = directory.files(in: graphs).filter { $0.hasSuffix(Self.ending(precision)) }
        let prefixes = files.filter { SeedDirectory.name($0).hasPrefix("encoder_prefix_to_block") }
        let isFull = settings.encoderMode == .full
        draft.tell("asr.encoder_mode", settings.encoderMode) { mode in
            switch mode {
            case .full: "the whole encoder runs on the NPU"
            case .hybrid: "the first 30 blocks run on the NPU, the rest on the CPU"
            case .auto:
                "as the files are: \(prefixes.isEmpty ? "no prefix graphs were found" : "prefix graphs were found")"
            }
        }
        let stem = isFull ? "encoder" : prefixStem(prefixes)
        let found = isFull ? files.filter { SeedDirectory.name($0).hasPrefix("encoder.") } : prefixes
        let word = precision == .auto ? "fp16" : precision.rawValue
        let expected = Self.usualFrames.map { "\(graphs)/\(stem).\($0).\(word).rknn" }
        let buckets = (found.isEmpty ? expected : found).compactMap { file -> SeedDraft.Part? in
            let frames = SeedDirectory.name(file).split(separator: ".").lazy.compactMap { Int($0) }.first
            return frames.map { frames in
                var part = SeedDraft.Part(file: file, runtime: .rknn, frames: frames, cores: cores)
                if !isFull { part.source = source(of: stem, frames: frames) }
                return part
            }
        }
        draft.add("encoder", buckets)
        if isFull, precision == .fp16 || precision == .auto {
            draft.object(
                .warning,
                "the whole encoder in fp16 overflows: the residual behind block 31 exceeds 65504",
                remedy: "set asr.encoder_mode to hybrid"
            )
        }
        guard !isFull else { return }
        let suffix = settings.encoderSuffixPath ?? stem.replacing("prefix_to", with: "suffix_from") + ".onnx"
        draft.tell("asr.encoder_suffix_onnx", settings.encoderSuffixPath) { "the encoder ends with \($0) on the CPU" }
        draft.add("encoder", suffix, .onnx)
    }

    private mutating func decoder() {
        let isOnNPU = settings.decoderPlace == .rknn
        draft.tell("asr.decoder_backend", settings.decoderPlace) {
            $0 == .rknn ? "the decoder runs on the NPU" : "the decoder runs on the CPU"
        }
        let cores = isOnNPU ? cores("asr.decoder_core", settings.decoderCores) : nil
        draft.tell("asr.decoder_core", settings.decoderCores) { mask in
            isOnNPU
                ? "the decoder runs on \(SeedQwen3.words(cores)) (mask \(mask.mask))"
                : "nothing (mask \(mask.mask)): asr.decoder_backend is cpu"
        }
        let precision = settings.decoderPrecision ?? settings.precision ?? .fp16
        draft.tell("asr.decoder_precision", settings.decoderPrecision) {
            "the decoder in \($0.rawValue)" + (isOnNPU ? "" : ", once asr.decoder_backend is rknn")
        }
        draft.tell("asr.decoder_onnx", settings.decoderPath) { path in
            isOnNPU ? "\(path) is not used: asr.decoder_backend is rknn" : "the decoder is \(path)"
        }
        guard isOnNPU else { return draft.add("decoder", settings.decoderPath ?? "decoder-rknn.onnx", .onnx) }
        let found = directory.files(in: graphs).first {
            SeedDirectory.name($0).hasPrefix("decoder.") && $0.hasSuffix(Self.ending(precision))
        }
        let word = precision == .auto ? "fp16" : precision.rawValue
        draft.add("decoder", found ?? "\(graphs)/decoder.400x40.\(word).rknn", .rknn, cores: cores)
    }

    private static func ending(_ precision: GraphPrecision) -> String {
        precision == .auto ? ".rknn" : ".\(precision.rawValue).rknn"
    }
}
