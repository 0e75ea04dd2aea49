import ArgumentParser

/// `rkvoice models`
struct ModelsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models",
        abstract: "List, install, check and remove models.",
        discussion: """
            Examples:
              rkvoice models list
              rkvoice models pull whisper-base en_US-joe-medium
              rkvoice models verify
            """,
        subcommands: [
            ListCommand.self, PullCommand.self, VerifyCommand.self, RemoveCommand.self, ImportCommand.self,
            PathCommand.self, InspectCommand.self,
        ],
        defaultSubcommand: ListCommand.self
    )
}
