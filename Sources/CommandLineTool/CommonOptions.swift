import ArgumentParser
import Glibc
import RKVoice
import Speech
import VoiceConfiguration

/// Options of every command that runs a model.
struct CommonOptions: ParsableArguments, Sendable {
    @Option(help: "Threads that work on one graph (default: every core up to four).")
    var threads: Int?

    @Option(help: "Path of an ONNX Runtime library to use before any other.")
    var onnxRuntime: String?

    @Option(help: "Placement of the model's stages, such as cpu or rknn (default: the first that can run here).")
    var placement: String?

    @OptionGroup var npu: NPUOptions

    @Flag(name: [.short, .long], help: "Say nothing but results and errors.")
    var quiet = false

    func validate() throws {
        if let threads, !(1...64).contains(threads) { throw ValidationError("--threads is a number from 1 to 64") }
    }

    /// Flags over the environment.
    /// - Parameter more: flags of one command alone.
    /// - Returns: the settings of the run.
    /// - Throws: an error that names a variable or flag whose value is none.
    func settings(_ more: [ConfigurationSources.Flag] = []) throws -> Settings {
        var flags = npu.flags + more
        if let placement {
            flags.append(.init("asr.placement", placement, name: "--placement"))
            flags.append(.init("tts.placement", placement, name: "--placement"))
        }
        var settings = try Settings.checked(flags: flags)
        if let threads { settings.threads = threads }
        if let onnxRuntime { settings.onnxRuntimePath = onnxRuntime }
        return settings
    }

    /// Runs the body of a command: cancelled in order by Ctrl-C, a failure becomes one line and an exit status.
    func run(_ body: @escaping @Sendable (Console) async throws -> Void) async throws {
        // A reader that goes away is an error of the write, not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        let console = Console(isQuiet: quiet, noColor: Settings.fromEnvironment().noColor)
        try await reportingErrors { try await interruptible { try await body(console) } }
    }
}
