// What the profiles of the seed say about models on boards. Nil: the profile does not say.

extension Configuration.ASR {
    /// Settings of the Qwen3 recognizer.
    package struct Qwen3: Sendable, Hashable {
        /// What runs the decoder.
        package var decoderType: Qwen3DecoderType?
        /// Cores of the encoder.
        package var cores: NPUCores?
        /// CPUs the decoder may use.
        package var enabledCPUs: Int?
        /// Tokens of the decoder's memory.
        package var maxContextLength: Int?
        /// Tokens of an answer at most.
        package var maxNewTokens: Int?
        /// Factor against repetition; 1 means none.
        package var repeatPenalty: Double?
        /// Whether the instruction after the audio is the short one.
        package var compactSuffix: Bool?
        /// What the name of the decoder's file says of its numbers.
        package var decoderQuantization: String?
        /// Seconds of the encoder's windows to load; empty takes all.
        package var encoderSizes: [String] = []
        /// Whether the table of embeddings stays in its file.
        package var embedsFromFlash: Bool?

        package init() {}
    }

    /// Settings of the Paraformer recognizers.
    package struct Paraformer: Sendable, Hashable {
        /// Directory with the graphs for the NPU.
        package var rknnDirectory: String?
        /// Number format of both graphs.
        package var precision: GraphPrecision?
        /// Number format of the encoder, over `precision`.
        package var encoderPrecision: GraphPrecision?
        /// Number format of the decoder, over `precision`.
        package var decoderPrecision: GraphPrecision?
        /// How much of the encoder runs on the NPU.
        package var encoderMode: EncoderMode?
        /// Where the decoder runs.
        package var decoderPlace: DecoderPlace?
        /// Graph of the encoder's end that stays on the CPU.
        package var encoderSuffixPath: String?
        /// Graph of the decoder on the CPU.
        package var decoderPath: String?
        /// Cores of the encoder.
        package var encoderCores: NPUCores?
        /// Cores of the decoder.
        package var decoderCores: NPUCores?

        package init() {}
    }
}

/// Settings of voices that run on boards.
package struct BoardVoice: Sendable, Hashable {
    /// Languages and speakers.
    package var speech = Speech()
    /// Graphs, libraries and programs by path.
    package var files = Files()
    /// Lengths the graphs are made for.
    package var shape = Shape()
    /// Threads of every stage.
    package var threads = Threads()
    /// ONNX Runtime's ways with memory.
    package var onnx = ONNX()
    /// Settings of MOSS on ONNX Runtime.
    package var moss = Moss()
    /// MOSS with some layers on the NPU.
    package var hybrid = Hybrid()
    /// PCI address of a coprocessor.
    package var deviceID: String?
    /// Where Kokoro's graphs run: auto, full, hybrid.
    package var mode: EncoderMode?
    /// Platform of the voice where it is not the profile's.
    package var platform: Platform?
    /// Whether Matcha runs on the CPU.
    package var usesONNX: Bool?

    package init() {}

    /// Languages and speakers.
    package struct Speech: Sendable, Hashable {
        /// Locales of Piper voices to load at the start.
        package var languages: [String] = []
        /// Locale of texts that name no language.
        package var defaultLanguage: String?
        /// Kokoro voice for languages that Piper has none for.
        package var kokoroVoice: String?
        /// Speaker to sound like.
        package var referenceSpeaker: String?

        package init() {}
    }

    /// Graphs, libraries and programs by path.
    package struct Files: Sendable, Hashable {
        package var prefix: String?
        package var front: String?
        package var tail: String?
        package var vocoder: String?
        package var codePredictorLibrary: String?
        package var codePredictorWeights: String?
        package var binary: String?
        package var worker: String?
        package var manifest: String?
        /// SHA-256 of the manifest, in hexadecimal digits.
        package var manifestHash: String?
        package var bundle: String?
        /// Graph of Matcha.
        package var matcha: String?
        /// Graph of Vocos.
        package var vocos: String?

        package init() {}
    }

    /// Lengths the graphs are made for.
    package struct Shape: Sendable, Hashable {
        /// Tokens of a sequence.
        package var sequence: Int?
        /// Tokens of a sequence at most.
        package var maxSequence: Int?
        /// Tokens of the first pass.
        package var prefillSequence: Int?
        /// Hertz.
        package var sampleRate: Int?
        package var channels: Int?
        /// Frames of sound computed at a time.
        package var chunkFrames: Int?
        /// Frames of sound before a voice is cut off.
        package var maxNewFrames: Int?
        /// Frames of codes decoded at a time.
        package var codecBatchFrames: Int?

        package init() {}
    }

    /// Threads of every stage.
    package struct Threads: Sendable, Hashable {
        package var all: Int?
        package var prefill: Int?
        package var decode: Int?
        package var sampler: Int?
        package var codec: Int?
        package var frontendIntra: Int?
        package var frontendInter: Int?
        package var prefixIntra: Int?
        package var prefixInter: Int?
        package var tailIntra: Int?
        package var tailInter: Int?

        package init() {}
    }

    /// ONNX Runtime's ways with memory.
    package struct ONNX: Sendable, Hashable {
        package var optimization: GraphOptimization?
        package var memoryArena: Bool?
        package var memoryPattern: Bool?
        package var memoryReuse: Bool?

        package init() {}
    }

    /// Settings of MOSS on ONNX Runtime.
    package struct Moss: Sendable, Hashable {
        /// Whether codes become sound while more are computed.
        package var streamsCodec: Bool?
        /// Whether the codec's encoder is loaded as well.
        package var loadsFullCodec: Bool?
        /// Whether the codec runs beside the model.
        package var runsCodecAside: Bool?
        /// Whether the voice's prompt is computed once.
        package var cachesVoicePrefix: Bool?
        /// Text spoken once after loading.
        package var warmupText: String?
        /// Whether sampling may turn greedy where it fails.
        package var allowsDeterministicFallback: Bool?
        /// Whether a worker that is no production build is refused.
        package var requiresProductionDefault: Bool?

        package init() {}
    }

    /// MOSS with some layers on the NPU.
    package struct Hybrid: Sendable, Hashable {
        package var isOn: Bool?
        /// Whether a layer that cannot run on the NPU is an error.
        package var isStrict: Bool?
        package var directory: String?
        package var modelDirectory: String?
        package var rknnDirectory: String?
        package var manifest: String?
        package var sequence: Int?
        /// Where layers are split.
        package var split: String?
        /// Numbers of the layers on the NPU, or `all`.
        package var layers: [String] = []

        package init() {}
    }
}
