/// What the environment says.
struct EnvironmentLayer {
    private(set) var assignments: [Assignment] = []
    /// Names that are known and do nothing, each with the reason.
    private(set) var unapplied: [UnappliedName] = []
    private(set) var warnings: [String] = []
    private let variables: [String: String]
    private let backends: [String: String]

    /// - Parameters:
    ///   - variables: the environment; empty values count as unset.
    ///   - backends: backends chosen by other sources, by section; those of flags win over the environment's.
    init(_ variables: [String: String], backends: Backends) {
        self.variables = variables.filter { !$0.value.isEmpty }
        self.backends = backends.merged(with: self.variables)
        for setting in Schema.settings { read(setting) }
        let known = Set(Schema.settings.flatMap { $0.environment.map(\.name) })
        for name in self.variables.keys.sorted() where !known.contains(name) { judge(name, known: known) }
    }

    private mutating func read(_ setting: Setting) {
        var chosen: Setting.EnvironmentName?
        for name in setting.environment {
            guard let text = variables[name.name] else { continue }
            if let reason = reasonAgainst(name, of: setting) {
                // Another setting may go by the same name.
                let isTold = unapplied.contains { $0.name == name.name }
                if !isTold, !isApplied(name.name) { unapplied.append(UnappliedName(name: name.name, reason: reason)) }
            } else if let winner = chosen {
                guard text != variables[winner.name] else { continue }
                warnings.append("\(winner.name) and \(name.name) say different things; \(winner.name) wins")
            } else {
                chosen = name
                let raw = RawValue.text(name.isSwitch ? "true" : text)
                assignments.append(Assignment(setting.key, raw, .environment(name: name.name), unit: name.unit))
            }
        }
    }

    private func reasonAgainst(_ name: Setting.EnvironmentName, of setting: Setting) -> String? {
        guard !name.backends.isEmpty else { return nil }
        let section = setting.section.isEmpty ? "asr" : setting.section
        guard let chosen = backends[section] else { return "\(section).backend is not \(orList(name.backends))" }
        return name.backends.contains(chosen) ? nil : "\(section).backend is \(chosen)"
    }

    /// Whether some setting takes a name as things are.
    private func isApplied(_ name: String) -> Bool {
        Schema.settings.contains { setting in
            setting.environment.contains { $0.name == name && reasonAgainst($0, of: setting) == nil }
        }
    }

    private mutating func judge(_ name: String, known: Set<String>) {
        if SeedNames.all.contains(name) {
            unapplied.append(UnappliedName(name: name, reason: "without meaning in this version"))
        } else if name.hasPrefix("RKVOICE_"), !SeedNames.isOwn(name) {
            let nearest = Spelling.nearest(to: name, in: known.filter { $0.hasPrefix("RKVOICE_") })
            warnings.append("\(name) is no setting" + (nearest.map { "; did you mean \($0)?" } ?? ""))
        }
    }

    private func orList(_ words: [String]) -> String { words.joined(separator: " or ") }
}

/// A name in the environment that is known and does nothing.
package struct UnappliedName: Sendable, Hashable, Encodable {
    package let name: String
    /// Why it does nothing.
    package let reason: String
}

/// The backends that sources choose, by section.
struct Backends {
    private let profile: [String: String]
    private let flags: [String: String]

    init(profile: [Assignment], flags: [Assignment]) {
        self.profile = Self.chosen(profile)
        self.flags = Self.chosen(flags)
    }

    /// The backends in force when the environment has its say.
    func merged(with variables: [String: String]) -> [String: String] {
        var backends = profile
        for setting in Schema.settings where setting.key.hasSuffix(".backend") {
            for name in setting.environment.reversed() {
                if let word = variables[name.name] { backends[setting.section] = Self.normal(word) }
            }
        }
        return backends.merging(flags) { $1 }
    }

    private static func chosen(_ assignments: [Assignment]) -> [String: String] {
        var backends: [String: String] = [:]
        for assignment in assignments where assignment.key.hasSuffix(".backend") {
            let section = assignment.key.dropLast(".backend".count)
            backends[String(section)] = assignment.raw.word.map(normal)
        }
        return backends
    }

    private static func normal(_ word: String) -> String {
        let word = word.trimmingWhitespace().lowercased()
        return SynthesizerChoice.synonyms[word]?.rawValue ?? word
    }
}
