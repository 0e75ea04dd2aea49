package import Foundation

/// A model on disk: a directory with `bundle.json` and the files it names.
package struct ModelBundle: Sendable {
    /// Where it is.
    package let directory: String
    /// Which model code reads it, such as `whisper`.
    package let family: String
    /// Name of this model, such as `whisper-base`.
    package let name: String
    /// Samples per second (Hz) of the audio it hears or makes.
    package let sampleRate: Int
    /// Languages as written in the file (ISO 639-1 or locale codes).
    package let languages: [String]
    /// By name; `cpu` is the one that every host can run.
    package let placements: [String: Placement]
    private let json: Data

    /// Layout version that this code reads.
    package static let schema = 1
    /// Bytes of the largest `bundle.json` that is read.
    private static let sizeLimit = 16 << 20

    private struct Header: Decodable {
        var schema: Int
        var family: String
        var name: String
        var sampleRate: Int
        var languages: [String]?
        var placements: [String: Placement]
    }

    private struct Envelope<Config: Decodable>: Decodable {
        var config: Config
    }

    private static let keys: Set = [
        "schema", "family", "name", "sampleRate", "languages", "license", "placements", "config",
    ]

    /// Reads `bundle.json`.
    /// - Throws: `missingFile`, or `badModel` saying what is wrong with it.
    package init(directory: String) throws(InferenceError) {
        guard let json = FileManager.default.contents(atPath: directory + "/bundle.json") else {
            throw InferenceError(.missingFile, "no bundle.json there; is the model installed?", graph: directory)
        }
        try self.init(directory: directory, json: json)
    }

    /// A directory that has no `bundle.json` of its own, described by somebody who knows its layout.
    /// - Parameters:
    ///   - directory: where the files are.
    ///   - json: what would be in `bundle.json`.
    /// - Throws: `badModel` saying what is wrong with the description.
    package init(directory: String, json: Data) throws(InferenceError) {
        let path = directory + "/bundle.json"
        guard json.count <= Self.sizeLimit else {
            throw InferenceError(.badModel, "\(json.count) bytes are too many for a bundle", graph: path)
        }
        let header: Header
        do {
            let object = try JSONSerialization.jsonObject(with: json) as? [String: Any] ?? [:]
            if let unknown = object.keys.sorted().first(where: { !Self.keys.contains($0) }) {
                let near = Spelling.nearest(to: unknown, in: Self.keys).map { "; did you mean \"\($0)\"?" } ?? ""
                throw InferenceError(.badModel, "unknown key \"\(unknown)\"\(near)", graph: path)
            }
            if let twice = DuplicateKeys.first(in: json) {
                throw InferenceError(.badModel, "the key \"\(twice)\" is there twice", graph: path)
            }
            header = try JSONDecoder().decode(Header.self, from: json)
        } catch let error as InferenceError {
            throw error
        } catch {
            throw InferenceError(.badModel, "not a valid bundle: \(Self.describe(error))", graph: path)
        }
        guard header.schema == Self.schema else {
            throw InferenceError(.badModel, "schema \(header.schema); this version reads \(Self.schema)", graph: path)
        }
        self.directory = directory
        family = header.family
        name = header.name
        sampleRate = header.sampleRate
        languages = header.languages ?? []
        placements = header.placements
        self.json = json
    }

    /// The family's own settings, the object under `config`.
    /// - Throws: `badModel` naming the key that is missing or wrong.
    package func config<Config: Decodable>(_ type: Config.Type) throws(InferenceError) -> Config {
        do { return try JSONDecoder().decode(Envelope<Config>.self, from: json).config } catch {
            throw InferenceError(.badModel, Self.describe(error), graph: directory + "/bundle.json")
        }
    }

    /// - Throws: `badModel` when there is no such placement.
    package func placement(_ name: String) throws(InferenceError) -> Placement {
        guard let placement = placements[name] else {
            let known = placements.isEmpty ? "none" : placements.keys.sorted().joined(separator: ", ")
            throw InferenceError(.badModel, "no placement \"\(name)\"; it has \(known)", graph: directory)
        }
        return placement
    }

    private static func describe(_ error: any Error) -> String {
        switch error {
        case let error as Misfit: error.description
        case DecodingError.keyNotFound(let key, let context):
            Misfit(path: context.codingPath, message: "\"\(key.stringValue)\" is missing").description
        case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
            "\"\(context.codingPath.map(\.stringValue).joined(separator: "."))\": \(context.debugDescription)"
        case is DecodingError: "\(error)"
        default: "it is no JSON; run `rkvoice models verify`"
        }
    }
}
