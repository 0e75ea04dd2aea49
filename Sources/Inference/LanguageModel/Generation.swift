/// The tokens of a generation, computed as they are asked for.
package struct Generation: AsyncSequence, Sendable {
    /// One generation that runs. It ends when the last reference to it is gone.
    package protocol Source: AnyObject, Sendable {
        /// The next token; nil at the end. Never called twice at the same time.
        func next() async throws(InferenceError) -> GeneratedToken?
    }

    /// Asks for one token after the other. Dropping it ends the generation.
    package struct Iterator: AsyncIteratorProtocol {
        fileprivate var source: (any Source)?

        package mutating func next(
            isolation actor: isolated (any Actor)? = #isolation
        ) async throws(InferenceError) -> GeneratedToken? {
            guard let source else { return nil }
            do throws(InferenceError) {
                let token = try await source.next()
                if token == nil { self.source = nil }
                return token
            } catch {
                self.source = nil
                throw error
            }
        }

        package mutating func next() async throws(InferenceError) -> GeneratedToken? {
            try await next(isolation: nil)
        }
    }

    private let begin: @Sendable () -> any Source

    /// - Parameter begin: makes a generation that has not begun yet.
    package init(_ begin: @escaping @Sendable () -> any Source) { self.begin = begin }

    package func makeAsyncIterator() -> Iterator { Iterator(source: begin()) }
}
