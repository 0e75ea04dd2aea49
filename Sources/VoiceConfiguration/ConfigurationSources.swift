import Foundation

/// Everything that a configuration is made of, in the order of who wins: flags, environment, profile.
package struct ConfigurationSources: Sendable {
    /// A flag that sets something.
    package struct Flag: Sendable, Hashable {
        /// Key of the setting.
        package var key: String
        /// Its value in words; several for a list.
        package var value: RawValue
        /// The flag with its dashes, for people.
        package var name: String

        package init(_ key: String, _ value: String, name: String) {
            self.init(key, .text(value), name: name)
        }

        package init(_ key: String, _ value: RawValue, name: String) {
            self.key = key
            self.value = value
            self.name = name
        }
    }

    /// The environment of the process.
    package var environment: [String: String]
    /// `--profile`: a path, or the name of a profile.
    package var profile: String?
    /// What flags set.
    package var flags: [Flag]

    package init(environment: [String: String] = [:], profile: String? = nil, flags: [Flag] = []) {
        self.environment = environment
        self.profile = profile
        self.flags = flags
    }

    /// A variable that is set and not empty.
    func variable(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }

    /// The user's home directory.
    var userHome: String { variable("HOME") ?? NSHomeDirectory() }
}

extension ConfigurationSources.Flag {
    /// What `--set key=value` sets.
    /// - Throws: ``ConfigurationError`` when there is no `=`.
    package init(setting text: String) throws(ConfigurationError) {
        guard let split = text.firstIndex(of: "="), split > text.startIndex else {
            throw ConfigurationError(.invalid, at: "--set", "key=value is needed, as in --set limits.body_bytes=32MiB")
        }
        self.init(text[..<split].trimmingWhitespace(), String(text[text.index(after: split)...]), name: "--set")
    }
}

extension ConfigurationSources {
    /// What flags say. - Throws: for keys that are none, or are given twice.
    func flagAssignments() throws(ConfigurationError) -> [Assignment] {
        var assignments: [Assignment] = []
        for flag in flags {
            guard Schema.setting(flag.key) != nil else {
                throw ConfigurationError(.invalid, at: flag.name, Schema.unknown(flag.key))
            }
            if let other = assignments.first(where: { $0.key == flag.key }) {
                throw ConfigurationError(.invalid, at: flag.name, "\(flag.key) is given twice, also by \(other.origin)")
            }
            assignments.append(Assignment(flag.key, flag.value, .flag(name: flag.name)))
        }
        return assignments
    }
}
