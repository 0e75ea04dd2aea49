/// Everything that `rkvoice doctor` looks at, by the id of its findings.
package enum Check: String, Sendable, Hashable, CaseIterable {
    case board
    case kernel
    case container
    case driver = "npu.driver"
    case device = "npu.device"
    case rknn = "npu.library"
    case rknnCopies = "npu.library.copies"
    case rkllm = "llm.library"
    case rkllmCopies = "llm.library.copies"
    case npuMemory = "npu.memory"
    case npuClock = "clock.npu"
    case cpuClock = "clock.cpu"
    case memoryClock = "clock.memory"
    case temperature
    case throttling
    case memory
    case onnx = "onnxruntime"
    case codecs
    case espeak
    case configuration
    case port
    case exposure
    case model
    case placement

    /// What it is about, for people.
    package var subject: String {
        switch self {
        case .board, .kernel, .container, .temperature, .throttling, .memory, .codecs, .configuration, .model: rawValue
        case .driver: "NPU driver"
        case .device: "NPU device"
        case .rknn: "librknnrt"
        case .rknnCopies: "copies of librknnrt"
        case .rkllm: "librkllmrt"
        case .rkllmCopies: "copies of librkllmrt"
        case .npuMemory: "NPU memory"
        case .npuClock: "NPU clock"
        case .cpuClock: "CPU clocks"
        case .memoryClock: "memory clock"
        case .onnx: "ONNX Runtime"
        case .espeak: "phoneme process"
        case .port: "server port"
        case .exposure: "server exposure"
        case .placement: "placements"
        }
    }

    /// Why it is looked at.
    package var why: String {
        switch self {
        case .board: "the board decides which NPU and which files of a model are used"
        case .kernel: "the NPU driver is part of the vendor's kernel"
        case .container: "a container shows only those devices that were passed to it"
        case .driver: "librknnrt and librkllmrt talk to the vendor's rknpu driver and to no other"
        case .device: "without permission to read and write the device, no model loads on the NPU"
        case .rknn: "it loads and runs .rknn models; a model that is newer than it is refused"
        case .rknnCopies: "which copy is loaded depends on the search path, so results differ between programs"
        case .rkllm: "it runs language models; its releases have the same function names but different layouts"
        case .rkllmCopies: "a copy of another generation than expected would read our structures wrongly"
        case .npuMemory: "RKLLM and RKNN in one IOMMU domain hang, and a domain addresses 4 GiB"
        case .npuClock: "at a low clock the same model takes several times as long"
        case .cpuClock: "the stages around the NPU run on the CPU and wait for its clock to rise"
        case .memoryClock: "language models on an NPU are limited by the memory's speed"
        case .temperature: "above its trip point the system lowers the clocks"
        case .throttling: "a board that is throttled computes more slowly than it can, and unevenly"
        case .memory: "models are held in memory; when it runs out, the kernel ends a process"
        case .onnx: "it runs the stages of a model that are on the CPU"
        case .codecs: "uploads and answers that are not WAV are decoded and encoded by libsndfile"
        case .espeak: "it turns text into phonemes for the Piper voices"
        case .configuration: "with a mistake in it, the server does not start"
        case .port: "the server cannot listen on a port that another program holds"
        case .exposure: "who can reach the server without a key can use it"
        case .model:
            "a damaged file, or one for another chip or a newer runtime, is refused; an older bundle lacks placements"
        case .placement: "what does not fit on the NPU is refused when the server starts"
        }
    }
}
