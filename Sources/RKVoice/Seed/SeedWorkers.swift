import Inference
import VoiceConfiguration

/// Models that a program beside this one runs on its device.
enum SeedWorkers {
    /// MOSS on the NPU of the board.
    static func moss(_ tts: Configuration.TTS, on board: Board) throws(InferenceError) -> SeedModel {
        let (files, shape) = (tts.board.files, tts.board.shape)
        let program = files.worker ?? "/opt/rkvoice-workers/moss_rknn_worker"
        let directory = SeedDirectory(tts.modelDirectory ?? "/opt/tts/models/moss", with: [program])
        var draft = SeedDraft("moss_rknn", family: "moss", in: directory, on: board)
        draft.sampleRate = shape.sampleRate ?? 48000
        draft.boards = ["rk3576", "rk3588"]
        draft.need(files.manifest ?? "moss-rknn-manifest.json")
        draft.add("worker", [SeedDraft.Part(file: program, runtime: .worker, bytes: directory.size(of: ""))])
        draft.tell("tts.model_dir", tts.modelDirectory) { "files come from \($0)" }
        draft.tell("tts.worker_bin", files.worker) { "the worker is \($0)" }
        draft.tell("tts.manifest", files.manifest) { "it is told --manifest=\($0)" }
        draft.tell("tts.sample_rate", shape.sampleRate) { "sound at \($0) Hz" }
        draft.tell("tts.channels", shape.channels) { "\($0) channels" }
        draft.tell("tts.max_seq_len", shape.maxSequence) { "it is told --max-seq-len=\($0)" }
        draft.tell("tts.chunk_frames", shape.chunkFrames) { "\($0) frames (\($0 * 80) ms) become sound at a time" }
        draft.tell("tts.require_production_default", tts.board.moss.requiresProductionDefault) {
            "a worker that is no production build is \($0 ? "refused" : "taken")"
        }
        return try draft.model()
    }

    /// What the models take on the device where nobody has looked (upstream.md G, by the vendor's demos).
    private enum Usual {
        static let voice = 1892 << 20
        static let gemma = 4200 << 20
    }

    /// Qwen3-TTS on the coprocessor.
    static func voice(_ tts: Configuration.TTS, on board: Board) throws(InferenceError) -> SeedModel {
        let program = tts.board.files.binary ?? "/opt/rk1828/rknn_qwen3_tts_demo"
        let directory = SeedDirectory(tts.modelDirectory ?? "/opt/rk1828/models/qwen3_tts", with: [program])
        var draft = SeedDraft("qwen3_tts_rk1828", family: "qwen3-tts", in: directory, on: board)
        draft.sampleRate = 24000
        draft.boards = ["rk1828"]
        let bytes = directory.size(of: "") ?? Usual.voice
        draft.add("worker", [SeedDraft.Part(file: program, runtime: .worker, bytes: bytes)])
        draft.tell("tts.model_dir", tts.modelDirectory) { "files come from \($0)" }
        draft.tell("tts.binary_path", tts.board.files.binary) { "the worker is \($0)" }
        draft.tell("tts.device_id", tts.board.deviceID) { "on the device at \($0)" }
        draft.tell("tts.ref_speaker", tts.board.speech.referenceSpeaker) { "it sounds like \($0)" }
        return try draft.model()
    }

    /// A language model that hears, on the coprocessor.
    static func gemma(_ model: Configuration.AudioLLM, on board: Board) throws(InferenceError) -> SeedModel {
        let program = model.binaryPath ?? "/opt/rk1828/rknn_gemma4_demo"
        let directory = SeedDirectory(model.modelDirectory ?? "/opt/rk1828/models/gemma4", with: [program])
        var draft = SeedDraft("gemma4_rk1828", family: "gemma4", in: directory, on: board)
        draft.boards = ["rk1828"]
        let bytes = directory.size(of: "") ?? Usual.gemma
        draft.add("worker", [SeedDraft.Part(file: program, runtime: .worker, bytes: bytes)])
        draft.tell("audio_llm.model_dir", model.modelDirectory) { "files come from \($0)" }
        draft.tell("audio_llm.binary_path", model.binaryPath) { "the worker is \($0)" }
        draft.tell("audio_llm.device_id", model.deviceID) { "on the device at \($0)" }
        draft.tell("audio_llm.max_new_tokens", model.maxNewTokens) { "an answer ends after \($0) tokens" }
        let variables = model.variables.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }.joined(separator: " ")
        draft.tell("audio_llm.env", variables.isEmpty ? nil : variables) { "it is started with \($0)" }
        return try draft.model()
    }
}
