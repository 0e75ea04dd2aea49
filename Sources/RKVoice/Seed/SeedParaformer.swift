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
        draft.tell("asr.model_dir", asr.modelDirectory) { "files come from \($0)" }
        draft.tell("asr.rknn_dir", settings.rknnDirectory) { "graphs of the NPU come from \($0)" }
        draft.tell("asr.precision", settings.precision) { "graphs in \($0.rawValue)" }
        draft.tell("asr.encoder_precision", settings.encoderPrecision) { "the encoder in \($0.rawValue)" }
    }

    /// LFR frames of the encoder's buckets that the seed publishes.
    private static let usualFrames = [40, 80, 160, 240, 400]

    private mutating func encoder() {
        let cores = settings.encoderCores.map { draft.cores($0.mask) } ?? [1]
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
        let stem = isFull ? "encoder" : "encoder_prefix_to_block30"
        let found = isFull ? files.filter { SeedDirectory.name($0).hasPrefix("encoder.") } : prefixes
        let word = precision == .auto ? "fp16" : precision.rawValue
        let expected = Self.usualFrames.map { "\(graphs)/\(stem).\($0).\(word).rknn" }
        let buckets = (found.isEmpty ? expected : found).compactMap { file -> SeedDraft.Part? in
            let frames = SeedDirectory.name(file).split(separator: ".").lazy.compactMap { Int($0) }.first
            return frames.map { SeedDraft.Part(file: file, runtime: .rknn, frames: $0, cores: cores) }
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
        let suffix = settings.encoderSuffixPath ?? "encoder_suffix_from_block30.onnx"
        draft.tell("asr.encoder_suffix_onnx", settings.encoderSuffixPath) { "the encoder ends with \($0) on the CPU" }
        draft.add("encoder", suffix, .onnx)
    }

    private mutating func decoder() {
        let isOnNPU = settings.decoderPlace == .rknn
        draft.tell("asr.decoder_backend", settings.decoderPlace) {
            $0 == .rknn ? "the decoder runs on the NPU" : "the decoder runs on the CPU"
        }
        let cores = settings.decoderCores.map { draft.cores($0.mask) } ?? [1]
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
