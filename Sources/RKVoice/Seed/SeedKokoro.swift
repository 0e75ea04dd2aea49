import Inference
import VoiceConfiguration

/// Kokoro in the seed's layouts.
struct SeedKokoro {
    private let tts: Configuration.TTS
    private let directory: SeedDirectory
    private var draft: SeedDraft

    /// Beginning and end on the CPU, the front of the decoder on the NPU; or all of it in one graph.
    static func model(_ tts: Configuration.TTS, on board: Board) throws(InferenceError) -> SeedModel {
        var layout = SeedKokoro(tts, board)
        layout.graphs()
        layout.threads()
        return try layout.draft.model()
    }

    private init(_ tts: Configuration.TTS, _ board: Board) {
        self.tts = tts
        let files = tts.board.files
        directory = SeedDirectory(
            tts.modelDirectory ?? "/opt/kokoro-rknn",
            with: [files.prefix, files.front, files.tail, tts.model]
        )
        draft = SeedDraft("kokoro_rknn", family: "kokoro", in: directory, on: board)
        draft.sampleRate = tts.board.shape.sampleRate ?? 24000
        draft.boards = ["rk3576", "rk3588"]
        draft.tell("tts.model_dir", tts.modelDirectory) { "files come from \($0)" }
        draft.need("tokens.json", "tokens.txt")
        draft.tell("tts.voice", tts.speaker) { "the voice is \($0)" }
        draft.tell("tts.sample_rate", tts.board.shape.sampleRate) { "sound at \($0) Hz" }
    }

    private mutating func graphs() {
        let (shape, files) = (tts.board.shape, tts.board.files)
        let length = shape.sequence ?? 128
        draft.tell("tts.seq_len", shape.sequence) { "graphs for \($0) tokens; longer text is split" }
        let prefix = files.prefix ?? "kokoro-prefix-cpu.onnx"
        let isFull = tts.board.mode == .full || (tts.board.mode != .hybrid && !directory.exists(prefix))
        draft.tell("tts.mode", tts.board.mode) {
            "\($0.rawValue): \(isFull ? "one graph on the NPU" : "CPU, NPU, CPU")"
        }
        let unused = isFull ? "not used: tts.mode is full" : nil
        draft.tell("tts.prefix_onnx", files.prefix) {
            unused.map { "\(prefix): \($0)" } ?? "begins with \($0) on the CPU"
        }
        draft.tell("tts.front_rknn", files.front) { path in
            unused.map { "\(path): \($0)" } ?? "\(path) runs on the NPU"
        }
        draft.tell("tts.tail_onnx", files.tail) { path in
            unused.map { "\(path): \($0)" } ?? "ends with \(path) on the CPU"
        }
        guard !isFull else {
            let file = tts.model ?? "kokoro.rknn"
            return draft.add("whole", [SeedDraft.Part(file: file, runtime: .rknn, frames: length)])
        }
        let front = files.front ?? "\(draft.board.id)/kokoro-decoder-front.rknn"
        draft.add("decoder", prefix, .onnx)
        draft.add("decoder", [SeedDraft.Part(file: front, runtime: .rknn, frames: length)])
        draft.add("decoder", files.tail ?? "kokoro-generator-tail-cpu.onnx", .onnx)
    }

    private mutating func threads() {
        let (threads, onnx) = (tts.board.threads, tts.board.onnx)
        draft.tell("tts.prefix_ort_intra_op", threads.prefixIntra) {
            "\($0) threads within an operator of the beginning"
        }
        draft.tell("tts.prefix_ort_inter_op", threads.prefixInter) { "\($0) operators of the beginning at a time" }
        draft.tell("tts.tail_ort_intra_op", threads.tailIntra) { "\($0) threads within an operator of the end" }
        draft.tell("tts.tail_ort_inter_op", threads.tailInter) { "\($0) operators of the end at a time" }
        draft.tell("tts.ort_graph_opt", onnx.optimization) { "ONNX Runtime optimizes: \($0.rawValue)" }
        draft.tell("tts.ort_enable_cpu_mem_arena", onnx.memoryArena) { "memory \($0 ? "in" : "without") an arena" }
        draft.tell("tts.ort_enable_mem_pattern", onnx.memoryPattern) { "memory \($0 ? "" : "not ")planned ahead" }
        draft.tell("tts.ort_enable_mem_reuse", onnx.memoryReuse) { "memory \($0 ? "" : "not ")used again" }
    }
}

/// Kokoro whose convolutions alone run on the NPU: a bundle with a closed list of its files.
enum SeedKokoroConvolutions {
    static func model(
        _ tts: Configuration.TTS,
        platform: Platform?,
        on board: Board
    ) throws(InferenceError) -> SeedModel {
        guard let root = tts.board.files.bundle, root.hasPrefix("/") else {
            throw InferenceError(.badModel, "kokoro_convonly needs tts.bundle_root, the absolute path of its bundle")
        }
        let directory = SeedDirectory(root)
        var draft = SeedDraft("kokoro_convonly", family: "kokoro", in: directory, on: board)
        draft.sampleRate = 24000
        let own = tts.board.platform ?? platform ?? .rk3588
        draft.boards = [own.rawValue]
        draft.need("convonly.manifest.json")
        draft.tell("tts.voice", tts.speaker) { "the voice is \($0)" }
        draft.tell("tts.platform", tts.board.platform) { "the bundle is for \($0.rawValue)" }
        draft.tell("tts.bundle_root", tts.board.files.bundle) { "files come from \($0)" }
        draft.tell("tts.manifest_sha256", tts.board.files.manifestHash) { "the manifest has SHA-256 \($0)" }
        draft.tell("tts.intra", tts.board.threads.frontendIntra) { "\($0) threads within an operator of the front end" }
        draft.tell("tts.inter", tts.board.threads.frontendInter) { "\($0) operators of the front end at a time" }
        if tts.board.files.manifestHash == nil {
            draft.object(
                .error,
                "kokoro_convonly takes no bundle whose manifest nobody vouches for",
                remedy:
                    "set tts.manifest_sha256 to what `sha256sum \(root)/convonly.manifest.json` says, once you trust it"
            )
        }
        for file in ["frontend_stem.onnx", "duration_head.onnx", "target_tail.onnx"] {
            draft.add("frontend", "frontend/\(file)", .onnx)
        }
        let graphs = directory.files(in: "prefix").filter { $0.hasSuffix(".rknn") }
        for file in graphs.isEmpty ? ["prefix/main0.fp16.rknn"] : graphs { draft.add("generator", file, .rknn) }
        return try draft.model()
    }
}
