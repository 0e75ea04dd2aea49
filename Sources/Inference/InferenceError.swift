/// What went wrong in a graph or in loading one.
package struct InferenceError: Error, Sendable, CustomStringConvertible {
    /// The kind of failure.
    package struct Code: Sendable, Hashable {
        enum Value {
            case missingFile, badModel, invalidTensor, runtimeUnavailable, runtimeFailed, cancelled
            case timedOut, deviceUnavailable, outOfMemory
        }
        let value: Value

        /// A file that the bundle names is not there.
        package static let missingFile = Code(value: .missingFile)
        /// A file is there but cannot be used: corrupt, for another runtime, with other inputs or outputs.
        package static let badModel = Code(value: .badModel)
        /// A tensor has another type, rank or shape than the graph expects.
        package static let invalidTensor = Code(value: .invalidTensor)
        /// The runtime's library is missing or too old.
        package static let runtimeUnavailable = Code(value: .runtimeUnavailable)
        /// The runtime reported an error while running.
        package static let runtimeFailed = Code(value: .runtimeFailed)
        /// The task was cancelled.
        package static let cancelled = Code(value: .cancelled)
        /// A run did not come back in time.
        package static let timedOut = Code(value: .timedOut)
        /// The device is not there, has no such core, or its cores hang in runs that did not come back.
        package static let deviceUnavailable = Code(value: .deviceUnavailable)
        /// The device's memory does not hold what is asked for.
        package static let outOfMemory = Code(value: .outOfMemory)
    }

    /// The kind of failure.
    package var code: Code
    /// What happened and what to do, with the runtime's own words.
    package var message: String
    /// The graph's file or stage, where known.
    package var graph: String?
    /// The runtime's own status number.
    package var status: Int32?

    package init(_ code: Code, _ message: String, graph: String? = nil, status: Int32? = nil) {
        self.code = code
        self.message = message
        self.graph = graph
        self.status = status
    }

    package var description: String { graph.map { "\($0): \(message)" } ?? message }
}
