/// A configuration, and where every value of it came from.
package struct LoadedConfiguration: Sendable {
    /// The values in force.
    package private(set) var configuration: Configuration
    /// Where values came from; keys that nobody set are not in it.
    package private(set) var origins: [String: Origin]
    /// What people should know: names that are none, listening without a key.
    package private(set) var warnings: [String]
    /// Names in the environment that are known and do nothing.
    package private(set) var unapplied: [UnappliedName]
    /// Where the profile was found; nil without one.
    package private(set) var profilePath: String?
    private let sources: ConfigurationSources

    /// Reads the sources: flags over environment over profile over defaults.
    ///
    /// - Throws: ``ConfigurationError`` for the first thing that is wrong.
    package init(_ sources: ConfigurationSources) throws(ConfigurationError) {
        self.sources = sources
        let profile: ProfileFile? =
            if let search = ProfileSearch(sources) { try search.profile() } else { nil }
        let flags = try sources.flagAssignments()
        let backends = Backends(profile: profile?.assignments ?? [], flags: flags)
        let environment = EnvironmentLayer(sources.environment, backends: backends)

        profilePath = profile?.path
        unapplied = environment.unapplied
        warnings = environment.warnings
        configuration = Configuration()
        configuration.store.home = Configuration.Store.home(of: sources.userHome)
        origins = [:]
        for assignment in (profile?.assignments ?? []) + environment.assignments + flags {
            try configuration.apply(assignment)
            origins[assignment.key] = assignment.origin
        }
        var derivation = Derivation(configuration, origins)
        try derivation.run()
        (configuration, origins) = (derivation.configuration, derivation.origins)
        warnings += derivation.notes
        warnings += try configuration.validate()
    }

    /// Where the value of a setting came from.
    package func origin(of key: String) -> Origin { origins[key] ?? .builtIn }
}

extension LoadedConfiguration {
    /// What a reload did.
    package struct Reload: Sendable {
        /// The configuration now in force.
        package let new: Configuration
        /// Keys whose change is in force.
        package let changed: [String]
        /// Keys whose change waits for a restart.
        package let needRestart: [String]
        /// What people should know.
        package let warnings: [String]
    }

    /// Reads the sources again and puts in force what may change while the server runs.
    ///
    /// - Throws: ``ConfigurationError`` when something is wrong; what was in force stays in force.
    package mutating func reload() throws(ConfigurationError) -> Reload {
        let fresh = try LoadedConfiguration(sources)
        var new = self
        var changed: [String] = []
        var needRestart: [String] = []
        for setting in Schema.settings {
            let isSame = setting.value(in: fresh.configuration) == setting.value(in: configuration)
            if isSame || setting.traits.contains(.reloadable) {
                setting.copy(from: fresh.configuration, to: &new.configuration)
                new.origins[setting.key] = fresh.origins[setting.key]
                if !isSame { changed.append(setting.key) }
            } else {
                needRestart.append(setting.key)
            }
        }
        // What is fine as a whole may not be in part: keys gone together with the address that needed them.
        _ = try new.configuration.validate()
        new.warnings = fresh.warnings
        new.unapplied = fresh.unapplied
        new.profilePath = fresh.profilePath
        self = new
        return Reload(new: new.configuration, changed: changed, needRestart: needRestart, warnings: fresh.warnings)
    }
}
