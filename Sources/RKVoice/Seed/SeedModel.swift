package import Inference

/// A directory in the layout of the seed, described as a bundle: where its files are, which of them run where, and what
/// the profile's settings come to.
package struct SeedModel: Sendable {
    /// What it is called: the backend, and a part of it where there are several, as in `piper_rknn de_DE`.
    package var id: String
    /// Its files as stages and placements.
    package var bundle: ModelBundle
    /// What it cannot do, one sentence each.
    package var problems: [String]
    /// Why this version does not run it; nil when it does.
    package var unavailable: String?
    /// What each setting comes to, by its key.
    package var effects: [String: String] = [:]
    /// What cannot be, with the arithmetic.
    package var conflicts: [Plan.Conflict] = []
    /// Files that it needs beside its graphs and that are not there.
    package var missing: [String] = []
    /// Whether its directory is there at all.
    package var isPresent = true
    /// Its own directory, inside that of the bundle.
    package var directory: String

    package init(id: String, bundle: ModelBundle, problems: [String] = []) {
        self.id = id
        self.bundle = bundle
        self.problems = problems
        directory = bundle.directory
    }
}
