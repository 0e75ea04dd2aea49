/// What is wrong with the settings of a front end, or with the numbers it normalizes by.
package struct KaldiFrontEndError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kinds of trouble a caller may treat differently.
    package enum Code: String, Sendable, CaseIterable {
        /// A setting that makes no sense, alone or beside the others.
        case badSettings
        /// Means and deviations that cannot be read, or are of another width than the features.
        case badStatistics
    }

    /// The kind of trouble.
    package var code: Code
    /// One line: what is wrong.
    package var message: String

    /// An error of the given kind.
    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The message alone: the code is for programs.
    package var description: String { message }
}
