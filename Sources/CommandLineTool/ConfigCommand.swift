import ArgumentParser
import VoiceConfiguration

struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Show every setting, its value and where that comes from."
    )

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        try await reportingErrors {
            let loaded = try options.load()
            for warning in loaded.warnings { Terminal.note("warning: " + warning) }
            for setting in Schema.settings {
                let value = setting.traits.contains(.secret) ? "***" : setting.text(in: loaded.configuration) ?? "-"
                try Terminal.result("\(setting.key) = \(value)  (\(loaded.origin(of: setting.key)))")
            }
        }
    }
}
