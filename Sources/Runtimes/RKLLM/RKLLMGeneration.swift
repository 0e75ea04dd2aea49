package import Inference

/// Releases of RKLLM that share their declarations. The library has the same symbols in each, with other layouts behind
/// them: calling one by another's declarations corrupts memory.
package enum RKLLMGeneration: String, Sendable, Hashable, CaseIterable {
    /// 1.1.0 to 1.1.4.
    case v110 = "1.1.0"
    case v120 = "1.2.0"
    /// 1.2.1 to 1.2.3.
    case v121 = "1.2.1"
    case v130 = "1.3.0"

    /// The releases of each.
    package var releases: [String] {
        switch self {
        case .v110: ["1.1.0", "1.1.1", "1.1.2", "1.1.3", "1.1.4"]
        case .v120: ["1.2.0"]
        case .v121: ["1.2.1", "1.2.2", "1.2.3"]
        case .v130: ["1.3.0"]
        }
    }

    /// The generation of a release.
    /// - Parameter version: as a setting or the library says it, such as `1.2.3 (2025-11-01)`.
    /// - Throws: `runtimeUnavailable` naming the version, for betas and releases that are not known.
    package init(version: String) throws(InferenceError) {
        let release = String(version.prefix { !$0.isWhitespace && $0 != "," && $0 != "(" })
        guard let known = Self.allCases.first(where: { $0.releases.contains(release) }) else {
            let all = Self.allCases.flatMap(\.releases).joined(separator: ", ")
            let isBeta = release.contains { $0.isLetter }
            throw InferenceError(
                .runtimeUnavailable,
                "RKLLM \"\(version)\" is \(isBeta ? "a beta" : "not known"): its structures may be others, and calling it "
                    + "could corrupt memory; supported are \(all)"
            )
        }
        self = known
    }

    /// Whether a run can go on from the one before.
    var keepsHistory: Bool { self != .v110 }
    /// Whether each run may have its own sampling.
    var samplesPerRun: Bool { self == .v130 }
    /// Whether logits can be had.
    var givesLogits: Bool { self != .v110 }
}
