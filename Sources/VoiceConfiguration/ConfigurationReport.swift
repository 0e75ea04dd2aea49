/// Every setting with its effective value and where that came from. Secrets are counted, never shown.
package struct ConfigurationReport: Sendable, Encodable {
    /// One setting.
    package struct Row: Sendable, Encodable {
        package let key: String
        /// The value, numbers in `unit`; `***` for a secret.
        package let value: SettingValue
        package let unit: SettingUnit?
        /// How many secrets there are; nil where nothing is secret.
        package let count: Int?
        package let origin: Origin
        /// The value for people, `-` when there is none.
        package let text: String

        private enum CodingKeys: CodingKey { case key, value, unit, count, origin }

        init(_ setting: Setting, in loaded: LoadedConfiguration) {
            key = setting.key
            unit = setting.unit
            origin = loaded.origin(of: setting.key)
            let value = setting.value(in: loaded.configuration)
            guard setting.traits.contains(.secret) else {
                (self.value, count) = (value, nil)
                text = value.text(unit: setting.unit) ?? "-"
                return
            }
            let count = if case .list(let entries) = value { entries.count } else { value == .none ? 0 : 1 }
            self.count = count
            self.value = count == 0 ? .none : .text("***")
            text = count == 0 ? "-" : "*** (\(count))"
        }
    }

    /// Path of the profile; nil without one.
    package let profile: String?
    package let settings: [Row]
    package let warnings: [String]
    /// Names in the environment that are known and do nothing.
    package let unapplied: [UnappliedName]

    /// - Parameters:
    ///   - loaded: what to tell of.
    ///   - all: also what nobody set for models on boards.
    package init(_ loaded: LoadedConfiguration, all: Bool) {
        profile = loaded.profilePath
        warnings = loaded.warnings + loaded.configuration.missingModels
        unapplied = loaded.unapplied
        settings = Schema.settings.filter {
            all || $0.backends.isEmpty || loaded.origin(of: $0.key) != .builtIn
        }.map { Row($0, in: loaded) }
    }

    /// Lines for people: key, value, origin in columns.
    /// - Parameter hasColor: whether what somebody set stands out, by codes of ECMA-48.
    /// - Returns: one line for each setting.
    package func lines(hasColor: Bool) -> [String] {
        let keyWidth = settings.map(\.key.count).max() ?? 0
        let textWidth = min(40, settings.map(\.text.count).max() ?? 0)
        return settings.map { row in
            let key = row.key.padded(to: keyWidth)
            let text = row.text.padded(to: textWidth)
            guard hasColor else { return "\(key)  \(text)  \(row.origin)" }
            let isGiven = row.origin != .builtIn
            return "\(key)  "
                + (isGiven ? "\u{1B}[1m\(text)\u{1B}[0m  \(row.origin)" : "\(text)  \u{1B}[2m\(row.origin)\u{1B}[0m")
        }
    }
}

extension Configuration {
    /// What is chosen and is not in this version.
    var missingModels: [String] {
        var missing: [String] = []
        do { _ = try asr.modelToLoad() } catch { missing.append("\(error)") }
        do { _ = try tts.modelToLoad() } catch { missing.append("\(error)") }
        do { try audioLLM.requireAvailable() } catch { missing.append("\(error)") }
        return missing
    }
}

extension Origin: Encodable {
    private enum CodingKeys: CodingKey { case from, name, file, line, through }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .builtIn: try container.encode("default", forKey: .from)
        case .profile(let path, let line):
            try container.encode("profile", forKey: .from)
            try container.encode(path, forKey: .file)
            try container.encode(line, forKey: .line)
        case .environment(let name):
            try container.encode("environment", forKey: .from)
            try container.encode(name, forKey: .name)
        case .flag(let name):
            try container.encode("flag", forKey: .from)
            try container.encode(name, forKey: .name)
        case .follows(let key, let origin):
            try container.encode("setting", forKey: .from)
            try container.encode(key, forKey: .name)
            try container.encode(origin, forKey: .through)
        }
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        count < width ? self + String(repeating: " ", count: width - count) : self
    }
}
