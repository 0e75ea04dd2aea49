import ArgumentParser
import ModelStore
import RKVoice

/// `rkvoice models list`
struct ListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Show what can be installed and what is.",
        discussion: """
            States: available (can be pulled), installed, outdated (usable; the catalog has something newer), damaged \
            (files are missing; pull again).

            Examples:
              rkvoice models list
              rkvoice models list --installed --json
            """
    )

    @Flag(help: "Print a JSON array.")
    var json = false

    @Flag(help: "Leave out what is not installed.")
    var installed = false

    func run() async throws {
        try await reportingErrors {
            let all = try Settings.checked().modelStore().list()
            let shown = installed ? all.filter { $0.state != .available } : all
            if json {
                try Terminal.result(jsonText(shown))
            } else {
                for line in table(shown) { try Terminal.result(line) }
            }
        }
    }

    private func table(_ listings: [StoreListing]) -> [String] {
        let rows = listings.map { listing in
            [
                listing.id, listing.state.rawValue, sizeText(listing.installedBytes), languageText(listing.languages),
                listing.license, listing.summary,
            ]
        }
        let all = [["ID", "STATE", "SIZE", "LANGUAGES", "LICENSE", "WHAT"]] + rows
        let widths = (0..<5).map { column in all.map { $0[column].count }.max() ?? 0 }
        return all.map { row in
            let cells = zip(row, widths).map { $0.padding(to: $1) }
            return (cells + [row[5]]).joined(separator: "  ")
        }
    }

    private func languageText(_ languages: [String]) -> String {
        guard languages.count > 3 else { return languages.isEmpty ? "-" : languages.joined(separator: ",") }
        return "\(languages.count) languages"
    }
}

extension String {
    fileprivate func padding(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
