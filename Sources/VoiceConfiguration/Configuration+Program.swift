import Foundation

extension Configuration {
    /// Where models live and how they come there.
    package struct Store: Sendable, Hashable {
        /// Absolute path of the directory with models, runtimes and caches.
        package var home = Store.home(of: NSHomeDirectory())
        /// `https://host[/prefix]` in place of the hosts of URL sources.
        package var mirror: String?
        /// Whether nothing is downloaded.
        package var isOffline = false
        /// A second catalog file.
        package var catalogPath: String?
        /// Whether verified downloads stay after an installation.
        package var keepDownloads = false
        /// Seconds to wait for another process; nil takes the store's default.
        package var lockSeconds: Double?

        package init() {}

        /// Where the home is unless a setting says otherwise, in the home directory of a user.
        static func home(of user: String) -> String { user + "/.local/share/rkvoice" }
    }

    /// What runs the graphs.
    package struct Runtime: Sendable, Hashable {
        /// Threads that work on one graph, 1 … 64. By default every core up to four: the graphs are too small for more.
        package var threads = min(4, ProcessInfo.processInfo.activeProcessorCount)
        /// ONNX Runtime library to use before any other.
        package var onnxRuntimePath: String?
        /// Phoneme process; nil takes the one beside the executable.
        package var espeakPath: String?
        /// RKLLM library to use before any other.
        package var rkllmPath: String?
        /// Release of that library, such as `1.2.3`; nil reads it from the file. A simulator becomes this release.
        package var rkllmVersion: String?
        /// What the NPU is, and how it is used.
        package var npu = NPU()

        package init() {}
    }

    /// What the NPU is, and how it is used.
    package struct NPU: Sendable, Hashable {
        /// The board that this machine counts as; nil looks.
        package var board: BoardChoice?
        /// The board whose NPU is simulated; nil simulates none.
        package var simulated: SimulatedBoard?
        /// RKNN library (librknnrt.so) to use before any other.
        package var rknnPath: String?
        /// Library of the simulator; nil takes the one beside the executable.
        package var simulatorPath: String?
        /// Bytes that models may take; nil takes what the board has.
        package var memoryBytes: Int?
        /// Seconds after which a run on the NPU counts as hung.
        package var runSeconds = 10.0
        /// File for a trace of every run.
        package var tracePath: String?

        package init() {}
    }

    /// How sound is answered by a language model that hears.
    package struct AudioLLM: Sendable, Hashable {
        /// Model family and placement, in the words of the seed; nil means none.
        package var backend: AudioLLMChoice?
        /// Whether the program ends when the model cannot be loaded.
        package var isRequired = false
        /// Program that runs the model on its device.
        package var binaryPath: String?
        /// Directory with the model's files.
        package var modelDirectory: String?
        /// PCI address of the device.
        package var deviceID: String?
        /// Tokens of an answer at most.
        package var maxNewTokens: Int?
        /// Variables for the program that runs the model.
        package var variables: [String: String] = [:]

        package init() {}
    }
}
