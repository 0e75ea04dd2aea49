import ArgumentParser
import Glibc
import RKVoice
import VoiceConfiguration

struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Show every setting, its value and where that comes from.",
        discussion: """
            Flags win over variables of the environment, those over the profile, that over defaults. A profile is named \
            by --profile, RKVOICE_PROFILE or CONFIG: a path, or a name that is looked for in profiles/, configs/ and \
            RKVOICE_HOME/profiles/, then among those that come with the program. Keys are counted, never shown.

            Examples:
              rkvoice config --profiles
              rkvoice config --profile kitchen
              rkvoice config --set limits.body_bytes=8MiB --json
              rkvoice config --example > profiles/kitchen.yaml
              rkvoice config --check profiles/kitchen.yaml
            """
    )

    @Flag(help: "One JSON object.")
    var json = false

    @Flag(help: "Also settings of models on boards, and names in the environment that do nothing.")
    var all = false

    @Flag(help: "Print a profile with every setting in a comment.")
    var example = false

    @Flag(help: "List the profiles that a name finds.")
    var profiles = false

    @Flag(help: .hidden)
    var markdown = false

    @Option(help: ArgumentHelp("Say whether a profile is right, and nothing else.", valueName: "file"))
    var check: String?

    @OptionGroup var options: ConfigurationOptions

    func validate() throws {
        guard [json, example, markdown, check != nil].filter({ $0 }).count <= 1 else {
            throw ValidationError("--json, --example and --check exclude each other")
        }
        guard !profiles || !(example || markdown || check != nil) else {
            throw ValidationError("--profiles, --example and --check exclude each other")
        }
        guard check == nil || options.profile == nil else { throw ValidationError("--check names the profile") }
    }

    func run() async throws {
        try await reportingErrors {
            if example {
                try Terminal.result(Schema.exampleProfile, terminator: "")
            } else if markdown {
                try Terminal.result(Schema.markdown, terminator: "")
            } else if profiles {
                try list(ProfileListing.all(options.sources()))
            } else if let check {
                try say(ofProfile: check)
            } else {
                try show(options.load())
            }
        }
    }

    private func show(_ loaded: LoadedConfiguration) throws {
        let report = ConfigurationReport(loaded, all: all)
        let console = Console(isQuiet: false, noColor: loaded.configuration.noColor)
        if json { return try console.printJSON(report) }
        for warning in report.warnings { console.warn(warning) }
        for line in report.lines(hasColor: isatty(1) == 1 && !loaded.configuration.noColor) { try console.print(line) }
        guard all else { return }
        for name in report.unapplied { try console.print("\(name.name): accepted, not applied: \(name.reason)") }
    }

    private func list(_ profiles: [ProfileListing]) throws {
        let console = Console(isQuiet: false, noColor: true)
        if json { return try console.printJSON(profiles) }
        let width = profiles.map(\.name.count).max() ?? 0
        for profile in profiles {
            let name = profile.name + String(repeating: " ", count: width - profile.name.count)
            try console.print("\(name)  \(profile.summary ?? "-")\(profile.path.map { " (\($0))" } ?? "")")
        }
    }

    /// The profile as it would be served: with the environment and the flags.
    private func say(ofProfile path: String) throws {
        var sources = try options.sources()
        sources.profile = path.contains("/") ? path : "./" + path
        let loaded = try LoadedConfiguration(sources)
        let report = ConfigurationReport(loaded, all: true)
        // A lexicon belongs to the profile: a server would not come up with one that is wrong.
        _ = try VoiceTailoring(loaded.configuration.tts.tailoring)
        for warning in report.warnings { Terminal.note("warning: " + warning) }
        let count = report.settings.filter { if case .profile = $0.origin { true } else { false } }.count
        try Terminal.result("\(path): valid, \(count) settings")
    }
}
