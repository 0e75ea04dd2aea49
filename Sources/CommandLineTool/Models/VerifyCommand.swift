import ArgumentParser
import ModelStore
import RKVoice

/// `rkvoice models verify`
struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check the size and SHA-256 of every installed file.",
        discussion: """
            Without ids, everything that is installed is checked. Exit status 65 when a file is missing or changed.

            Examples:
              rkvoice models verify
              rkvoice models verify whisper-base --json
            """
    )

    @Argument(help: "Ids; all installed ones when left out.")
    var ids: [String] = []

    @Flag(help: "Print a JSON array of reports.")
    var json = false

    func run() async throws {
        let reports = try await reportingErrors {
            let settings = try Settings.checked()
            let store = try settings.modelStore()
            let chosen = ids.isEmpty ? store.list().filter { $0.state != .available }.map(\.id) : ids
            let bar = ProgressBar(noColor: settings.noColor)
            defer { bar.clear() }
            return try await interruptible {
                var reports: [VerifyReport] = []
                for id in chosen { reports.append(try await store.verify(id) { bar.show($0) }) }
                return reports
            }
        }
        if json {
            try Terminal.result(jsonText(reports))
        } else {
            for report in reports { try print(report) }
        }
        let damaged = reports.filter { !$0.isIntact }.map(\.id)
        guard !damaged.isEmpty else { return }
        Terminal.error(
            "damaged: \(damaged.joined(separator: ", ")); run: rkvoice models pull \(damaged.joined(separator: " "))"
        )
        throw ExitStatus.badData.exitCode
    }

    private func print(_ report: VerifyReport) throws {
        for file in report.files {
            switch file.state {
            case .intact:
                try Terminal.result("\(report.id)\t\(file.path)\tok\t\(file.expectedBytes)\t\(file.expectedSHA256)")
            case .missing:
                try Terminal.result("\(report.id)\t\(file.path)\tmissing")
            case .wrongSize:
                let actual = file.actualBytes ?? 0
                try Terminal.result(
                    "\(report.id)\t\(file.path)\twrong size: expected \(file.expectedBytes), got \(actual)"
                )
            case .wrongHash:
                let actual = file.actualSHA256 ?? ""
                try Terminal.result(
                    "\(report.id)\t\(file.path)\twrong SHA-256: expected \(file.expectedSHA256), got \(actual)"
                )
            }
        }
    }
}
