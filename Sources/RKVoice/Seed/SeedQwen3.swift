import Inference
import VoiceConfiguration

/// Qwen3-ASR in the seed's layout: an encoder with windows of fixed length on RKNN, a decoder on RKLLM.
struct SeedQwen3 {
    private let asr: Configuration.ASR.Qwen3
    private let board: Board
    private let directory: SeedDirectory
    private var draft: SeedDraft

    /// - Throws: `badModel` for a setting that is no value.
    static func model(_ asr: Configuration.ASR, on board: Board) throws(InferenceError) -> SeedModel {
        var layout = SeedQwen3(asr, board)
        let windows = try layout.encoder()
        layout.decoder()
        layout.check(windows: windows)
        return try layout.draft.model()
    }

    private init(_ asr: Configuration.ASR, _ board: Board) {
        self.asr = asr.qwen3
        self.board = board
        directory = SeedDirectory(asr.modelDirectory ?? "/opt/asr/models")
        draft = SeedDraft("qwen3_asr_rk", family: "qwen3-asr", in: directory, on: board)
        draft.boards = ["rk3576", "rk3588"]
        draft.need("embed_tokens.npy", "embd/embed_tokens.npy")
        draft.need("mel_filters.npy")
        draft.need("tokenizer.json", "tokenizer/tokenizer.json")
        draft.tell("asr.model_dir", asr.modelDirectory) { "files come from \($0)" }
        let suffix = asr.qwen3.compactSuffix ?? true ? "转录：" : "数字用0123456789，语音转录："
        draft.tell("asr.compact_suffix", asr.qwen3.compactSuffix) { _ in "the prompt ends with \(suffix)" }
    }

    // MARK: Encoder

    /// Mel frames of a second: hop 160 at 16 kHz.
    private static let framesPerSecond = 100

    /// - Returns: the windows that there are, or that are expected, in seconds.
    private mutating func encoder() throws(InferenceError) -> [Int] {
        let wanted = try sizes()
        let files =
            directory.files(in: "encoder/\(board.id)") + directory.files(in: "encoder") + directory.files(in: "")
        let graphs = files.filter { file in
            let name = SeedDirectory.name(file)
            return name.hasSuffix(".rknn") && name.contains(board.id) && name.contains("encoder")
        }
        func windows(_ kind: String) -> [Int: String] {
            let found = graphs.filter { SeedDirectory.name($0).contains(kind) }.map { (Self.seconds(of: $0), $0) }
            let windows = Dictionary(found) { first, _ in first }
            return wanted.map { sizes in windows.filter { sizes.contains($0.key) } } ?? windows
        }
        let cores = asr.cores.map { draft.cores($0.mask) } ?? [1]
        draft.tell("asr.npu_core_mask", asr.cores) { "the encoder runs on \(Self.words(cores)) (mask \($0.mask))" }
        let merged = windows("merged")
        let (front, back) = (windows("frontend"), windows("backend"))
        guard merged.isEmpty, !front.isEmpty, front.keys == back.keys else {
            let expected = (wanted ?? [2, 4]).map {
                ($0, "encoder/\(board.id)/qwen3_asr_encoder_merged.fp16.\($0)s.\(board.id).rknn")
            }
            let all = merged.merging(merged.isEmpty || wanted != nil ? expected : []) { found, _ in found }
            draft.add("encoder", Self.buckets(all, cores))
            return all.keys.sorted()
        }
        draft.add("encoder", Self.buckets(front, cores))
        draft.add("encoder", Self.buckets(back, cores))
        return front.keys.sorted()
    }

    private static func buckets(_ windows: [Int: String], _ cores: [Int]?) -> [SeedDraft.Part] {
        windows.map { SeedDraft.Part(file: $1, runtime: .rknn, frames: framesPerSecond * $0, cores: cores) }
    }

    private mutating func sizes() throws(InferenceError) -> [Int]? {
        guard !asr.encoderSizes.isEmpty else { return nil }
        var sizes: [Int] = []
        for word in asr.encoderSizes {
            guard let seconds = Int(word), (1...30).contains(seconds) else {
                throw InferenceError(
                    .badModel,
                    "asr.encoder_sizes: \"\(word)\" is no whole number of seconds from 1 to 30"
                )
            }
            if !sizes.contains(seconds) { sizes.append(seconds) }
        }
        draft.tell("asr.encoder_sizes", sizes) { "windows of \($0.sorted().map { "\($0) s" }.joined(separator: ", "))" }
        return sizes
    }

    /// Seconds in a file's name, `.4s.`; 30 where it says none, as the seed reads it.
    private static func seconds(of file: String) -> Int {
        let parts = SeedDirectory.name(file).split(separator: ".")
        return parts.lazy.compactMap { $0.last == "s" ? Int($0.dropLast()) : nil }.first ?? 30
    }

    // MARK: Decoder

    private mutating func decoder() {
        guard asr.decoderType != .matmul else {
            draft.add("decoder", "decoder/matmul/config.json", .rknn)
            draft.tell("asr.decoder_type", asr.decoderType) { _ in "the decoder is matrix products of the NPU" }
            return
        }
        let usual = board.id == "rk3588" ? "w8a8" : "w4a16_g128"
        let file = directory.first(in: ["decoder", "rkllm"]) { name in
            let words = name.split(separator: ".").map(String.init)
            return words.last == "rkllm" && words.contains(board.id)
                && asr.decoderQuantization.map(words.contains) != false
        }
        let expected = "decoder/decoder_qwen3.\(asr.decoderQuantization ?? usual).\(board.id).rkllm"
        // A file for RKLLM is made for a number of cores, and takes them all.
        draft.add("decoder", file ?? expected, .rkllm)
        draft.tell("asr.decoder_type", asr.decoderType) { _ in "the decoder runs by RKLLM" }
        draft.tell("asr.decoder_quant", asr.decoderQuantization) { "\($0): \(file ?? expected)" }
        draft.tell("asr.max_context_len", asr.maxContextLength) { "the KV cache holds \($0) tokens" }
        draft.tell("asr.max_new_tokens", asr.maxNewTokens) { "an answer ends after \($0) tokens" }
        draft.tell("asr.repeat_penalty", asr.repeatPenalty) { "repeated tokens count 1/\($0)" }
        draft.tell("asr.embed_flash", asr.embedsFromFlash) { "embeddings stay \($0 ? "in the file" : "in memory")" }
        draft.tell("asr.enabled_cpus", asr.enabledCPUs) { count in
            "the decoder uses CPUs \(Self.cpus(count).map(String.init).joined(separator: ", ")) (mask \(Self.hex(count)))"
        }
    }

    // MARK: Checks

    /// Tokens around the audio: 15 before, 11 behind (upstream.md D.1).
    private static let promptTokens = 26

    private mutating func check(windows: [Int]) {
        guard asr.decoderType != .matmul else { return }
        let context = asr.maxContextLength ?? 512
        let answer = asr.maxNewTokens ?? 64
        for seconds in windows {
            let audio = Self.tokens(seconds: seconds)
            let sum = Self.promptTokens + audio + answer
            guard sum > context else { continue }
            draft.object(
                seconds == windows.first ? .error : .warning,
                "\(Self.promptTokens) tokens of prompt + \(audio) of \(seconds) s of audio + \(answer) of answer "
                    + "(asr.max_new_tokens) = \(sum), more than the \(context) of asr.max_context_len",
                remedy: "set asr.max_context_len to \(sum) or more, or asr.max_new_tokens to at most "
                    + "\(max(1, context - Self.promptTokens - audio)), or leave \(seconds) out of asr.encoder_sizes"
            )
        }
        guard let count = asr.enabledCPUs else { return }
        let takes = [1, 2, 3, 4, 8]
        guard takes.contains(count), count >= board.cores else {
            let least = takes.first { $0 >= board.cores } ?? board.cores
            draft.object(
                .error,
                "asr.enabled_cpus \(count): RKLLM takes \(takes.map(String.init).joined(separator: ", ")) CPUs, and no "
                    + "fewer than the \(board.cores) NPU cores of \(board.name) that the decoder is made for",
                remedy: "set asr.enabled_cpus to \(least), or 4: more CPUs than cores were faster"
            )
            return
        }
    }

    /// Tokens of so many seconds of audio: 13 for each second (upstream.md D.1).
    private static func tokens(seconds: Int) -> Int { 13 * seconds }

    /// The last CPUs are the fast ones on both boards.
    private static func cpus(_ count: Int) -> [Int] { Array(max(0, 8 - count)..<8) }

    private static func hex(_ count: Int) -> String {
        "0x" + String(cpus(count).reduce(UInt32(0)) { $0 | 1 << UInt32($1) }, radix: 16)
    }

    static func words(_ cores: [Int]?) -> String {
        guard let cores else { return "any free core" }
        return (cores.count == 1 ? "core " : "cores ") + cores.map(String.init).joined(separator: " and ")
    }
}
