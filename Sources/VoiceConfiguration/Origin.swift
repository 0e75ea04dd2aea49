/// Where an effective value came from.
package enum Origin: Sendable, Hashable, CustomStringConvertible {
    /// Nobody said anything.
    case builtIn
    /// A line of a profile, counted from 1.
    case profile(path: String, line: Int)
    /// A variable of the environment.
    case environment(name: String)
    /// A flag of the command, with its dashes.
    case flag(name: String)
    /// Follows from another setting: `key` says so.
    indirect case follows(key: String, Origin)

    package var description: String {
        switch self {
        case .builtIn: "default"
        case .profile(let path, let line): "\(path):\(line)"
        case .environment(let name): "environment \(name)"
        case .flag(let name): name
        case .follows(let key, let origin): "\(key) (\(origin))"
        }
    }

    /// Sources that are asked first have the greater number.
    var precedence: Int {
        switch self {
        case .builtIn: 0
        case .profile: 1
        case .environment: 2
        case .flag: 3
        case .follows(_, let origin): origin.precedence
        }
    }

    /// What a mistake there is called.
    var errorCode: ConfigurationError.Code { if case .profile = self { .malformed } else { .invalid } }
}
