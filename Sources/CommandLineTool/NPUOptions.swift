import ArgumentParser
import VoiceConfiguration

/// Flags for the board and its NPU.
struct NPUOptions: ParsableArguments, Sendable {
    @Option(
        help: ArgumentHelp(
            "Simulate the NPU of a board on the CPU: rk3588 or rk3576. For trying and testing, never for speed.",
            valueName: "board"
        )
    )
    var simulate: String?

    @Option(
        help: ArgumentHelp(
            "Board that this machine counts as: rk3588, rk3576, rk1828 or cpu (default: it is looked up).",
            valueName: "board"
        )
    )
    var board: String?

    @Option(help: ArgumentHelp("Write a trace of every run, for Perfetto or chrome://tracing.", valueName: "path"))
    var trace: String?

    var flags: [ConfigurationSources.Flag] {
        var flags: [ConfigurationSources.Flag] = []
        if let simulate { flags.append(.init("npu.simulate", simulate, name: "--simulate")) }
        if let board { flags.append(.init("npu.board", board, name: "--board")) }
        if let trace { flags.append(.init("npu.trace", trace, name: "--trace")) }
        return flags
    }
}
