import Foundation
import ShippedProfiles

/// Where the profile is that a flag or the environment names.
struct ProfileSearch {
    /// The name, and who gave it.
    let name: String
    let origin: Origin
    private let places: [String]

    /// Who names a profile: a flag, `RKVOICE_PROFILE`, the seed's `CONFIG`; nil when nobody does.
    init?(_ sources: ConfigurationSources) {
        if let profile = sources.profile {
            (name, origin) = (profile, .flag(name: "--profile"))
        } else if let variable = ["RKVOICE_PROFILE", "CONFIG"].first(where: { sources.variable($0) != nil }),
            let profile = sources.variable(variable)
        {
            (name, origin) = (profile, .environment(name: variable))
        } else {
            return nil
        }
        places = Self.places(sources)
    }

    /// Directories of profiles, the first to be asked first.
    static func places(_ sources: ConfigurationSources) -> [String] {
        let home = sources.variable("RKVOICE_HOME") ?? Configuration.Store.home(of: sources.userHome)
        return ["profiles", "configs", home + "/profiles"]
    }

    /// The profile. A name with a slash or the ending of YAML is a path; any other is looked for in the directories of
    /// profiles, then among those that come with the program.
    func profile() throws(ConfigurationError) -> ProfileFile {
        guard !name.isEmpty else { throw ConfigurationError(.invalid, at: "\(origin)", "a profile has a name") }
        let isPath = name.contains("/") || name.hasSuffix(".yaml") || name.hasSuffix(".yml")
        guard !isPath else { return try ProfileFile(path: name) }
        let candidates = places.map { "\($0)/\(name).yaml" }
        if let found = candidates.first(where: { FileManager.default.fileExists(atPath: $0) }) {
            return try ProfileFile(path: found)
        }
        if let shipped = ShippedProfiles.files[name] {
            return try ProfileFile(String(decoding: shipped, as: UTF8.self), path: "\(name) (shipped)")
        }
        let nearest = Spelling.nearest(to: name, in: available())
        throw ConfigurationError(
            .notFound,
            at: "\(origin)",
            "no profile \(RawValue.text(name).quoted): looked for \(candidates.joined(separator: ", ")) and among those of "
                + "`rkvoice config --profiles`" + (nearest.map { "; did you mean \($0)?" } ?? "")
        )
    }

    private func available() -> [String] { ProfileListing.all(in: places).map(\.name) }
}

/// A profile that a name finds.
package struct ProfileListing: Sendable, Encodable {
    /// The name to give to `--profile`.
    package let name: String
    /// The file; nil for one that comes with the program.
    package let path: String?
    /// What the first line of the file says, when it is a comment.
    package let summary: String?

    /// Profiles by name; those that a file hides are left out.
    package static func all(_ sources: ConfigurationSources) -> [ProfileListing] {
        all(in: ProfileSearch.places(sources))
    }

    fileprivate static func all(in places: [String]) -> [ProfileListing] {
        var found: [String: ProfileListing] = [:]
        for (name, text) in ShippedProfiles.files {
            found[name] = ProfileListing(name: name, path: nil, text: String(decoding: text, as: UTF8.self))
        }
        for place in places.reversed() {
            for file in (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
            where file.hasSuffix(".yaml") {
                let path = "\(place)/\(file)"
                let text = (try? TextFile.read(path)) ?? ""
                let name = String(file.dropLast(5))
                found[name] = ProfileListing(name: name, path: path, text: text)
            }
        }
        return found.values.sorted { $0.name < $1.name }
    }

    private init(name: String, path: String?, text: String) {
        self.name = name
        self.path = path
        let first = text.prefix { !$0.isNewline }
        summary = first.hasPrefix("# ") ? String(first.dropFirst(2)) : nil
    }
}
