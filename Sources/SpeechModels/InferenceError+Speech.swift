package import Inference
package import Speech

extension SpeechError {
    /// A failure below the seam, said at the boundary of the library.
    package init(_ error: InferenceError) {
        let code: SpeechError.Code =
            switch error.code {
            case .cancelled: .cancelled
            case .missingFile, .badModel, .runtimeUnavailable, .deviceUnavailable, .outOfMemory: .unavailable
            default: .modelFailed
            }
        self.init(code, error.description, cause: error)
    }
}

/// Runs graph work and turns its errors into the library's.
func speaking<R>(_ body: () async throws(InferenceError) -> R) async throws(SpeechError) -> R {
    do { return try await body() } catch { throw SpeechError(error) }
}
