import ArgumentParser
import ModelStore
import RKVoice

/// `rkvoice models path`
struct PathCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "path",
        abstract: "Print the directory of an installed model.",
        discussion: """
            Exit status 66 when it is not installed.

            Examples:
              ls "$(rkvoice models path whisper-base)"
            """
    )

    @Argument(help: "An id, see: rkvoice models list --installed")
    var id: String

    func run() async throws {
        try await reportingErrors {
            try Terminal.result(Settings.checked().modelStore().path(id))
        }
    }
}
