import ArgumentParser
import ModelStore
import RKVoice

/// `rkvoice models remove`
struct RemoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Remove installed models.",
        discussion: """
            Examples:
              rkvoice models remove whisper-tiny.en
            """
    )

    @Argument(help: "Ids, see: rkvoice models list --installed")
    var ids: [String]

    func run() async throws {
        let ids = ids
        try await reportingErrors {
            let store = try Settings.checked().modelStore()
            try await interruptible {
                for id in ids {
                    try await store.remove(id)
                    Terminal.note("removed \(id)")
                }
            }
        }
    }
}
