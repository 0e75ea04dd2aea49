/// What went wrong in the model store, with a message that says what to do about it.
package struct StoreError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kinds of failure a caller may want to tell apart.
    package enum Code: String, Sendable, CaseIterable {
        /// The id is neither in the catalog nor installed.
        case unknownModel
        /// The request itself is wrong: a malformed id, a mirror that is not https.
        case invalidRequest
        /// Data is not what it should be: wrong hash, corrupt archive, hostile archive, unreadable catalog.
        case badData
        /// A file or model that was named does not exist.
        case notFound
        /// Something outside is missing: no network, no such release on the index, no `python3` or `curl`.
        case unavailable
        /// A directory or file of the home cannot be created.
        case cannotCreate
        /// Reading or writing failed, or the disk is full.
        case inputOutput
        /// Another process holds the lock and did not let go in time.
        case locked
        /// The task was cancelled.
        case cancelled
    }

    package var code: Code
    /// One line, without credentials; ends with the remedy where there is one.
    package var message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }

    static let cancelled = StoreError(.cancelled, "interrupted; run the same command again to go on")
}
