import Foundation

/// Where the profile is that a flag or the environment names.
struct ProfileSearch {
    /// The name, and who gave it.
    let name: String
    let origin: Origin
    private let places: [String]

    /// Who names a profile: a flag, `RKVOICE_PROFILE`, the seed's `CONFIG`; nil when nobody does.
    init?(_ sources: ConfigurationSources) {
        if let profile = sources.profile {
            (name, origin) = (profile, .flag(name: "--profile"))
        } else if let variable = ["RKVOICE_PROFILE", "CONFIG"].first(where: { sources.variable($0) != nil }),
            let profile = sources.variable(variable)
        {
            (name, origin) = (profile, .environment(name: variable))
        } else {
            return nil
        }
        let home = sources.variable("RKVOICE_HOME") ?? Configuration.Store.home(of: sources.userHome)
        places = ["profiles", "configs", home + "/profiles"]
    }

    /// The file. A name with a slash or the ending of YAML is a path; any other is looked for in the directories of profiles.
    func path() throws(ConfigurationError) -> String {
        guard !name.isEmpty else { throw ConfigurationError(.invalid, at: "\(origin)", "a profile has a name") }
        let isPath = name.contains("/") || name.hasSuffix(".yaml") || name.hasSuffix(".yml")
        guard !isPath else { return name }
        let candidates = places.map { "\($0)/\(name).yaml" }
        if let found = candidates.first(where: { FileManager.default.fileExists(atPath: $0) }) { return found }
        let nearest = Spelling.nearest(to: name, in: available())
        throw ConfigurationError(
            .notFound,
            at: "\(origin)",
            "no profile \(RawValue.text(name).quoted): looked for \(candidates.joined(separator: ", "))"
                + (nearest.map { "; did you mean \($0)?" } ?? "")
        )
    }

    private func available() -> [String] {
        places.flatMap { (try? FileManager.default.contentsOfDirectory(atPath: $0)) ?? [] }
            .filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }
    }
}
