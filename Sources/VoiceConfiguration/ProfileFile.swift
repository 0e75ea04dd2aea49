import Yams

/// A profile: YAML whose keys are those of the schema.
struct ProfileFile {
    /// Where it was found.
    let path: String
    /// What it sets, in its order.
    private(set) var assignments: [Assignment] = []

    /// Reads a file.
    init(path: String) throws(ConfigurationError) {
        try self.init(TextFile.read(path), path: path)
    }

    /// Reads the text of a file; the path is for errors.
    init(_ text: String, path: String) throws(ConfigurationError) {
        self.path = path
        try ReferenceCount.check(text, path: path)
        guard let root = try Self.compose(text, path: path), !root.isNull else { return }
        guard case .mapping(let mapping) = root else {
            throw malformed(root, "a profile is a mapping of sections, such as `server:`, to settings")
        }
        try read(mapping, section: "")
    }

    private static func compose(_ text: String, path: String) throws(ConfigurationError) -> Node? {
        do {
            // The resolver that leaves words alone: what they mean is the schema's business.
            return try Parser(yaml: text, resolver: .basic).singleRoot()
        } catch let error as YamlError {
            throw ConfigurationError(yaml: error, path: path)
        } catch {
            throw ConfigurationError(.malformed, at: path, "is no YAML")
        }
    }

    private mutating func read(_ mapping: Node.Mapping, section: String) throws(ConfigurationError) {
        for (name, value) in mapping {
            guard case .scalar(let word) = name, !word.string.isEmpty else {
                throw malformed(name, "a key is a word")
            }
            let key = section.isEmpty ? word.string : "\(section).\(word.string)"
            if Schema.setting(key) != nil {
                guard !value.isNull else { continue }
                let raw = try raw(value, key: key)
                assignments.append(Assignment(key, raw, .profile(path: path, line: name.mark?.line ?? 1)))
            } else if Schema.isSection(key) {
                guard !value.isNull else { continue }
                guard case .mapping(let inner) = value else {
                    throw malformed(value, "\(key) is a section with settings")
                }
                try read(inner, section: key)
            } else {
                throw malformed(name, Schema.unknown(key))
            }
        }
    }

    private func raw(_ node: Node, key: String) throws(ConfigurationError) -> RawValue {
        switch node {
        case .scalar(let scalar):
            return .text(scalar.string)
        case .sequence(let sequence):
            var words: [String] = []
            for entry in sequence { words.append(try word(entry, key: key)) }
            return .list(words)
        case .mapping(let mapping):
            var entries: [String: String] = [:]
            for (name, value) in mapping { entries[try word(name, key: key)] = try word(value, key: key) }
            return .map(entries)
        case .alias:
            throw malformed(node, "\(key): a reference that leads nowhere")
        }
    }

    private func word(_ node: Node, key: String) throws(ConfigurationError) -> String {
        guard case .scalar(let scalar) = node else {
            throw malformed(node, "\(key): only words and numbers are taken inside")
        }
        return scalar.string
    }

    private func malformed(_ node: Node, _ message: String) -> ConfigurationError {
        ConfigurationError(.malformed, at: node.mark.map { "\(path):\($0.line)" } ?? path, message)
    }
}

extension Node {
    /// Nothing, or one of YAML's words for it: leaves a setting alone.
    fileprivate var isNull: Bool {
        guard case .scalar(let scalar) = self, scalar.style == .plain || scalar.style == .any else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(scalar.string)
    }
}

extension ConfigurationError {
    /// What the parser said, without the text around it: that may hold a secret.
    fileprivate init(yaml error: YamlError, path: String) {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            self.init(.malformed, at: "\(path):\(mark.line)", "is no YAML: \(problem)")
        case .duplicatedKeysInMapping(let keys, let context):
            self.init(
                .malformed,
                at: "\(path):\(context.mark.line)",
                "\(keys.first ?? "a key") is given twice in the same section"
            )
        case .reader(let problem, _, _, _):
            self.init(.malformed, at: path, "is no YAML: \(problem)")
        default:
            self.init(.malformed, at: path, "is no YAML")
        }
    }
}

/// Holds references in YAML down: a few lines of them can stand for more than any memory holds.
private enum ReferenceCount {
    private static let anchors = 8
    private static let aliases = 32

    /// Counts what looks like a reference before the parser follows any.
    static func check(_ text: String, path: String) throws(ConfigurationError) {
        var (named, used) = (0, 0)
        for line in text.utf8.split(separator: UInt8(ascii: "\n")) where !isComment(line) {
            var before = UInt8(ascii: " ")
            for (byte, next) in zip(line, line.dropFirst()) {
                defer { before = byte }
                guard Self.separators.contains(before), !Self.spaces.contains(next) else { continue }
                if byte == UInt8(ascii: "&") { named += 1 }
                if byte == UInt8(ascii: "*") { used += 1 }
            }
        }
        guard named <= anchors, used <= aliases else {
            throw ConfigurationError(
                .malformed,
                at: path,
                "has more references than a profile may: \(anchors) names (&) and \(aliases) uses (*)"
            )
        }
    }

    private static let spaces = Set(" \t\r".utf8)
    private static let separators = Set(" \t\r[{,:?-!".utf8)

    private static func isComment(_ line: Substring.UTF8View.SubSequence) -> Bool {
        line.first { !spaces.contains($0) } == UInt8(ascii: "#")
    }
}
