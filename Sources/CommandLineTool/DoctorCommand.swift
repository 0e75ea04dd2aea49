import ArgumentParser
import Glibc
import RKVoice
import VoiceConfiguration

/// `rkvoice doctor`
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Look at this machine and say what is wrong, why it matters and what to do.",
        discussion: """
            Board, kernel and NPU driver, permissions, libraries, clocks, temperature, memory, codecs, the server's port \
            and key, every installed model. Nothing is changed or downloaded. It works without any model, in a container \
            and without root; what cannot be read is said to be unknown. User names, home directories, serial numbers \
            and addresses are left out, so that the report can be shown to others.

            Exit status: 0 nothing fails (warnings may be there), 69 something does.

            Examples:
              rkvoice doctor
              rkvoice doctor --all
              rkvoice doctor --json > doctor.json
              rkvoice doctor --profile my.yaml --port 8080
              rkvoice doctor --simulate rk3588
            """
    )

    @Flag(help: "One JSON object.")
    var json = false

    @Flag(help: "Also why and how for what is well, such as the command that pins a clock.")
    var all = false

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        try await reportingErrors {
            // A mistake in a flag for the NPU ends the command; any other is a finding.
            let accelerator = try Settings.checked([:], flags: options.npu.flags).accelerator
            let sources = try options.sources()
            var loaded: Configuration?
            var problem: String?
            var settings = Settings.fromEnvironment()
            do throws(ConfigurationError) {
                let configuration = try LoadedConfiguration(sources).configuration
                settings = Settings(configuration)
                loaded = configuration
            } catch {
                problem = "\(error)"
                if !options.npu.flags.isEmpty { settings.accelerator = accelerator }
            }
            let bar = ProgressBar(noColor: settings.noColor)
            let report = await Doctor(loaded, problem: problem, settings: settings).report { bar.show($0) }
            bar.clear()
            if json {
                try Console(isQuiet: true, noColor: true).printJSON(report)
            } else {
                let text = DoctorText(report, isFull: all, hasColor: isatty(1) == 1 && !settings.noColor)
                for line in text.lines { try Terminal.result(line) }
            }
            if report.verdict == .fail { throw ExitStatus.unavailable.exitCode }
        }
    }
}

/// A report in lines for people.
struct DoctorText {
    private let report: DoctorReport
    private let isFull: Bool
    private let hasColor: Bool

    init(_ report: DoctorReport, isFull: Bool, hasColor: Bool) {
        self.report = report
        self.isFull = isFull
        self.hasColor = hasColor
    }

    var lines: [String] { report.findings.flatMap(lines(of:)) + ["", sum] }

    private func lines(of finding: Finding) -> [String] {
        let verdict = finding.verdict
        let word = verdict.rawValue + String(repeating: " ", count: 4 - verdict.rawValue.count)
        let code = verdict == .ok ? 32 : verdict == .warn ? 33 : 31
        var lines = ["\(color(word, code))  \(finding.subject): \(finding.message)"]
        guard isFull || verdict != .ok else { return lines }
        lines.append("      why: \(finding.why)")
        if let fix = finding.fix { lines.append("      \(verdict == .ok ? "how" : "fix"): \(fix)") }
        return lines
    }

    private var sum: String {
        let count = { (verdict: Finding.Verdict) in report.findings.count { $0.verdict == verdict } }
        let simulated = report.isSimulated ? " The NPU is simulated: nothing here tells of a real one." : ""
        return "\(count(.ok)) ok, \(count(.warn)) to look at, \(count(.fail)) failed.\(simulated)"
    }

    private func color(_ text: String, _ code: Int) -> String { hasColor ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text }
}
