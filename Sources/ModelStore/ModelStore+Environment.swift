extension ModelStore {
    /// A private Python environment with the packages of a list; made on first use, there ever after.
    ///
    /// - Parameters:
    ///   - requirements: a pip requirements file with the whole set of packages, pinned, numpy among them; with hashes
    ///     where it has any.
    ///   - progress: called on a working thread.
    /// - Returns: the path of its interpreter.
    /// - Throws: ``StoreError``: `unavailable` (no network, no Python), `badData` (wrong hash), `inputOutput` (disk
    ///   full), `locked`, `cancelled`.
    package func python(
        requirements: [UInt8],
        progress: @escaping ProgressHandler = { _ in }
    ) async throws(StoreError) -> String {
        try await blocking { (cancellation) throws(StoreError) in
            let meter = ProgressMeter(id: "peers", handler: progress)
            var interpreter = ""
            try withWorkDirectory(id: "peers", kind: .model, cancellation, meter) { (context) throws(StoreError) in
                interpreter = try PythonEnvironment(context: context).prepared(requirements: requirements)
            }
            meter.begin(.installed, interpreter)
            return interpreter
        }
    }
}
