import ArgumentParser

/// The program.
@main
struct RKVoiceCommand: AsyncParsableCommand {
    /// Semantic version of the program.
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "rkvoice",
        abstract: "Streaming speech recognition and synthesis for small boards.",
        discussion: """
            Models, runtimes and caches live below RKVOICE_HOME (default ~/.local/share/rkvoice). Results go to standard \
            output, progress and errors to standard error.

            Exit status: 0 done, 64 wrong arguments, 65 corrupt data, 66 no such file or model, 69 not available (network, \
            program, library), 73 cannot create a file, 74 input or output (disk full), 75 locked by another process, \
            130 interrupted, 141 the reader of the output is gone.
            """,
        version: version,
        groupedSubcommands: [
            CommandGroup(name: "Speech", subcommands: [Serve.self, Talk.self, Say.self, Transcribe.self]),
            CommandGroup(name: "Models and settings", subcommands: [ModelsCommand.self, ConfigCommand.self]),
            CommandGroup(name: "This machine", subcommands: [DoctorCommand.self, PlanCommand.self, Bench.self]),
        ]
    )

    /// Wrong arguments become one `error:` line like every other failure; the parser's own way is a page of usage.
    static func main() async {
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let error as CommandError {
            if error.status != .readerGone { Terminal.error(error.message) }
            exit(withError: error.status.exitCode)
        } catch  where !(error is ExitCode) && exitCode(for: error) == .validationFailure {
            Terminal.error("\(message(for: error)) (see `\(helpCommand)`)")
            exit(withError: ExitStatus.usage.exitCode)
        } catch {
            exit(withError: error)
        }
    }

    /// What explains the arguments that were given.
    private static var helpCommand: String {
        let first = CommandLine.arguments.dropFirst().first ?? ""
        let isCommand = configuration.subcommands.contains { $0._commandName == first }
        return isCommand ? "rkvoice \(first) --help" : "rkvoice --help"
    }
}
