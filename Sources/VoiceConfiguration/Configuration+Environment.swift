extension Configuration {
    /// What flags and the environment say, for programs that take no profile.
    ///
    /// - Parameters:
    ///   - variables: the environment.
    ///   - keys: beginnings of the keys that count; the others keep their defaults.
    ///   - flags: what wins over the environment.
    /// - Returns: the configuration, and the mistakes: those settings have their defaults.
    package static func ofEnvironment(
        _ variables: [String: String],
        keys: [String],
        flags: [ConfigurationSources.Flag] = []
    ) -> (configuration: Configuration, mistakes: [ConfigurationError]) {
        let sources = ConfigurationSources(environment: variables)
        var configuration = Configuration()
        configuration.store.home = Store.home(of: sources.userHome)
        var mistakes: [ConfigurationError] = []
        let layer = EnvironmentLayer(variables, backends: Backends(profile: [], flags: []))
        for assignment in layer.assignments where keys.contains(where: assignment.key.hasPrefix) {
            do { try configuration.apply(assignment) } catch { mistakes.append(error) }
        }
        for flag in flags {
            let assignment = Assignment(flag.key, flag.value, .flag(name: flag.name))
            do { try configuration.apply(assignment) } catch { mistakes.insert(error, at: 0) }
        }
        return (configuration, mistakes)
    }
}
