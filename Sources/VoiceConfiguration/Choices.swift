/// One of a few words.
package protocol Choice: RawRepresentable<String>, CaseIterable, Hashable, Sendable {
    /// Other words for a choice that are taken as well.
    static var synonyms: [String: Self] { get }
}

extension Choice {
    package static var synonyms: [String: Self] { [:] }
}

/// The system on chip, or the coprocessor, that a profile is for.
package enum Platform: String, Choice {
    case rk3562, rk3566, rk3568, rk3576, rk3588, rk3588s, rk1820, rk1828
}

/// Boards that stages can be placed on; `cpu` is a machine without an NPU.
package enum BoardChoice: String, Choice { case rk3576, rk3588, rk1828, cpu }

/// Boards whose NPU the simulator can stand in for.
package enum SimulatedBoard: String, Choice { case rk3576, rk3588 }

/// What the seed calls its plans of what is served (`SPEECH_MODE`).
package enum SpeechMode: String, Choice {
    case dialogue, interpret
    case chineseEnglish = "zh_en_rknn"
    case recognitionOnly = "asr_only"
    case synthesisOnly = "tts_only"
}

/// Recognizers by the identifiers of the seed: a family and where it runs.
package enum RecognizerChoice: String, Choice {
    case whisper
    case qwen3 = "qwen3_asr_rk"
    case paraformerRKNN = "paraformer_rknn"
    case paraformerCPU = "paraformer_sherpa"
    case senseVoiceRKNN = "sensevoice_rknn"
    case senseVoiceCPU = "sensevoice_sherpa"
    case disabled

    /// The model family, for people.
    package var family: String {
        switch self {
        case .whisper: "Whisper"
        case .qwen3: "Qwen3-ASR"
        case .paraformerRKNN, .paraformerCPU: "Paraformer"
        case .senseVoiceRKNN, .senseVoiceCPU: "SenseVoice"
        case .disabled: "none"
        }
    }
}

/// Whether numbers, dates and money come as one writes them. `auto`: where the model does it, and where the rules for it are
/// installed.
package enum WrittenFormChoice: String, Choice { case auto, on, off }

/// Voices by the identifiers of the seed: a family and where it runs.
package enum SynthesizerChoice: String, Choice {
    case piper
    case matchaRKNN = "matcha_rknn"
    case piperRKNN = "piper_rknn"
    case kokoroRKNN = "kokoro_rknn"
    case kokoroConvolutions = "kokoro_convonly"
    case qwen3RKNN = "qwen3_rknn"
    case qwen3RK1828 = "qwen3_tts_rk1828"
    case mossORT = "moss_ort"
    case mossRKNN = "moss_rknn"
    case disabled

    package static var synonyms: [String: SynthesizerChoice] { ["kokora_rknn": .kokoroRKNN] }

    /// The model family, for people.
    package var family: String {
        switch self {
        case .piper, .piperRKNN: "Piper"
        case .matchaRKNN: "Matcha"
        case .kokoroRKNN, .kokoroConvolutions: "Kokoro"
        case .qwen3RKNN, .qwen3RK1828: "Qwen3-TTS"
        case .mossORT, .mossRKNN: "MOSS"
        case .disabled: "none"
        }
    }
}

/// Language models that hear, by the identifiers of the seed.
package enum AudioLLMChoice: String, Choice {
    case gemma4 = "gemma4_rk1828"
    case disabled
}

/// Number format of a graph on the NPU.
package enum GraphPrecision: String, Choice { case fp16, bf16, tf32, int8, auto }

/// What runs the decoder of Qwen3: the vendor's language-model library, or matrix products of our own.
package enum Qwen3DecoderType: String, Choice { case rkllm, matmul }

/// How much of an encoder runs on the NPU.
package enum EncoderMode: String, Choice { case auto, full, hybrid }

/// Where a decoder runs.
package enum DecoderPlace: String, Choice { case cpu, rknn }

/// Optimization of graphs by ONNX Runtime.
package enum GraphOptimization: String, Choice { case disable, basic, extended, all }

/// Cores of an NPU as RKNN counts them: a bit for each; none means that the driver chooses.
package struct NPUCores: Hashable, Sendable {
    /// Bit n stands for core n; 0xFFFF for all there are.
    package var mask: UInt32

    package init(mask: UInt32) { self.mask = mask }

    /// Reads the vendor's names: `NPU_CORE_AUTO`, `NPU_CORE_ALL`, and `NPU_CORE_` with the cores' numbers, as in
    /// `NPU_CORE_1_2`.
    package init?(_ name: String) {
        let name = name.uppercased()
        guard name.hasPrefix(Self.prefix) else { return nil }
        let rest = name.dropFirst(Self.prefix.count)
        if rest == "AUTO" { self.init(mask: 0); return }
        if rest == "ALL" { self.init(mask: 0xFFFF); return }
        var mask: UInt32 = 0
        for part in rest.split(separator: "_", omittingEmptySubsequences: false) {
            guard let core = Int(part), (0..<8).contains(core), mask & 1 << core == 0 else { return nil }
            mask |= 1 << core
        }
        self.init(mask: mask)
    }

    /// The vendor's name.
    package var name: String {
        if mask == 0 { return Self.prefix + "AUTO" }
        if mask == 0xFFFF { return Self.prefix + "ALL" }
        return Self.prefix + (0..<8).filter { mask & 1 << $0 != 0 }.map(String.init).joined(separator: "_")
    }

    private static let prefix = "NPU_CORE_"
}

/// What answers in dialogues.
package enum ChatChoice: String, Choice {
    /// What was said, said again.
    case echo
    /// An OpenAI-compatible endpoint.
    case openai
}

/// What of the user's ends a reply.
package enum BargeInChoice: String, Choice { case speech, words, never }
