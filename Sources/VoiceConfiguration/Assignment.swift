/// A value that a source gives to a setting.
struct Assignment: Sendable, Hashable {
    var key: String
    var raw: RawValue
    var origin: Origin
    /// Unit of a bare number there, where it is another than the setting's.
    var unit: SettingUnit?

    init(_ key: String, _ raw: RawValue, _ origin: Origin, unit: SettingUnit? = nil) {
        self.key = key
        self.raw = raw
        self.origin = origin
        self.unit = unit
    }
}

extension Configuration {
    /// Puts a value in force.
    /// - Throws: ``ConfigurationError`` when the setting does not take it.
    mutating func apply(_ assignment: Assignment) throws(ConfigurationError) {
        guard let setting = Schema.setting(assignment.key) else { return }
        guard !setting.write(assignment.raw, unit: assignment.unit, to: &self) else { return }
        let given = setting.traits.contains(.secret) ? "the value" : assignment.raw.quoted
        throw ConfigurationError(
            assignment.origin.errorCode,
            at: "\(assignment.origin)",
            "\(setting.key): \(given) is not \(setting.taken)"
        )
    }
}
