extension Configuration {
    /// What the environment alone says, for programs that take no profile.
    ///
    /// - Parameters:
    ///   - variables: the environment.
    ///   - keys: beginnings of the keys that count; the others keep their defaults.
    /// - Returns: the configuration, and the mistakes: those settings have their defaults.
    package static func ofEnvironment(
        _ variables: [String: String],
        keys: [String]
    ) -> (configuration: Configuration, mistakes: [ConfigurationError]) {
        let sources = ConfigurationSources(environment: variables)
        var configuration = Configuration()
        configuration.store.home = Store.home(of: sources.userHome)
        var mistakes: [ConfigurationError] = []
        let layer = EnvironmentLayer(variables, backends: Backends(profile: [], flags: []))
        for assignment in layer.assignments where keys.contains(where: assignment.key.hasPrefix) {
            do { try configuration.apply(assignment) } catch { mistakes.append(error) }
        }
        return (configuration, mistakes)
    }
}
