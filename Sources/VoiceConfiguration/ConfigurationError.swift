/// A configuration that cannot be used: where it says so, and what to do.
package struct ConfigurationError: Error, Hashable, CustomStringConvertible {
    /// What kind of mistake it is.
    package enum Code: Sendable, Hashable {
        /// A setting given as a flag or in the environment is wrong, or settings contradict each other.
        case invalid
        /// The profile, or a file it names, is damaged or says something that is wrong.
        case malformed
        /// A file that was named is not there.
        case notFound
        /// A file cannot be read.
        case unreadable
        /// What the configuration asks for is not in this version of the program.
        case unavailable
    }

    package let code: Code
    /// The place in words: `profile.yaml:3`, `environment RKVOICE_THREADS`, `--port`.
    package let place: String?
    package let message: String

    /// - Parameters:
    ///   - code: the kind of mistake.
    ///   - place: where it was made, where that is one place.
    ///   - message: what is wrong, and what would be right.
    package init(_ code: Code, at place: String? = nil, _ message: String) {
        self.code = code
        self.place = place
        self.message = message
    }

    package var description: String { place.map { "\($0): \(message)" } ?? message }
}
