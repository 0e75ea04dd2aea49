/// One setting: everything there is to know about it. The schema is a list of these.
package struct Setting: Sendable {
    /// Its place in a profile: `limits.body_bytes`.
    package let key: String
    /// What it does, in a sentence.
    package let summary: String
    /// What is taken, in words.
    package let taken: String
    /// What numbers count.
    package let unit: SettingUnit?
    /// Names in the environment; the first is the program's own, the others are the seed's.
    package private(set) var environment: [EnvironmentName]
    /// The flag that sets it beside `--set`, with its dashes.
    package private(set) var flag: String?
    /// What else there is to know.
    package private(set) var traits: Traits = []
    /// Backends that it means something to; empty where it always does.
    package private(set) var backends: [String] = []
    private let access: Access

    /// - Parameters:
    ///   - key: its place in a profile.
    ///   - path: its place in the configuration.
    ///   - format: how values are read and shown.
    ///   - summary: what it does, in a sentence.
    init<Value: Sendable>(
        _ key: String,
        _ path: any WritableKeyPath<Configuration, Value> & Sendable,
        _ format: ValueFormat<Value>,
        _ summary: String
    ) {
        self.key = key
        self.summary = summary
        taken = format.taken
        unit = format.unit
        environment = [EnvironmentName("RKVOICE_" + key.uppercased().replacing(".", with: "_"))]
        access = Access(
            read: { format.show($0[keyPath: path]) },
            write: { configuration, raw, unit in
                guard let value = format.parse(raw, unit) else { return false }
                configuration[keyPath: path] = value
                return true
            },
            copy: { $1[keyPath: path] = $0[keyPath: path] }
        )
    }

    /// The same for a setting that may have no value.
    init<Value: Sendable>(
        _ key: String,
        _ path: any WritableKeyPath<Configuration, Value?> & Sendable,
        _ format: ValueFormat<Value>,
        _ summary: String
    ) {
        self.init(key, path, format.optional, summary)
    }

    /// The value in a configuration.
    package func value(in configuration: Configuration) -> SettingValue { access.read(configuration) }

    /// The value in the words of a profile; nil when there is none.
    package func text(in configuration: Configuration) -> String? { value(in: configuration).text(unit: unit) }

    /// Puts a value into a configuration; false when it is no value of this setting.
    ///
    /// `unit` is that of a bare number, where the source has another than the setting.
    func write(_ raw: RawValue, unit: SettingUnit? = nil, to configuration: inout Configuration) -> Bool {
        access.write(&configuration, raw, unit)
    }

    /// Takes the value of another configuration.
    func copy(from source: Configuration, to target: inout Configuration) { access.copy(source, &target) }

    /// The section of a profile that it is in; empty at the top.
    package var section: String { key.split(separator: ".").dropLast().joined(separator: ".") }

    private struct Access: Sendable {
        var read: @Sendable (Configuration) -> SettingValue
        var write: @Sendable (inout Configuration, RawValue, SettingUnit?) -> Bool
        var copy: @Sendable (Configuration, inout Configuration) -> Void
    }
}

extension Setting {
    /// What else there is to know about a setting.
    package struct Traits: OptionSet, Sendable {
        package let rawValue: Int
        package init(rawValue: Int) { self.rawValue = rawValue }

        /// The value is never shown.
        package static let secret = Traits(rawValue: 1)
        /// A change is put in force while the server runs.
        package static let reloadable = Traits(rawValue: 2)
    }

    /// A name in the environment.
    package struct EnvironmentName: Sendable, Hashable {
        package let name: String
        /// Unit of a bare number, where it is another than the setting's.
        var unit: SettingUnit?
        /// Backends that the name belongs to; none means any.
        var backends: [String] = []
        /// Whether being set at all means yes (as in no-color.org).
        var isSwitch = false

        init(_ name: String) { self.name = name }
    }

    /// The same under another name of its own.
    func named(_ name: String) -> Setting {
        var copy = self
        copy.environment[0] = EnvironmentName(name)
        return copy
    }

    /// The same with a name of the seed: its bare numbers are in `unit`, it belongs to `backends`, and with `isSwitch`
    /// being set at all means yes.
    func alias(
        _ name: String,
        in unit: SettingUnit? = nil,
        with backends: [String] = [],
        isSwitch: Bool = false
    ) -> Setting {
        var alias = EnvironmentName(name)
        alias.unit = unit
        alias.backends = backends
        alias.isSwitch = isSwitch
        var copy = self
        copy.environment.append(alias)
        return copy
    }

    /// The same with a flag.
    func flagged(_ flag: String) -> Setting {
        var copy = self
        copy.flag = flag
        return copy
    }

    var reloadable: Setting { with(.reloadable) }
    var secret: Setting { with(.secret) }

    /// The same for some backends alone.
    func of(_ backends: String...) -> Setting {
        var copy = self
        copy.backends = backends
        return copy
    }

    private func with(_ trait: Traits) -> Setting {
        var copy = self
        copy.traits.insert(trait)
        return copy
    }
}
