import Foundation
import Inference

/// A model of the seed while its layout is read.
struct SeedDraft {
    /// One file of a stage.
    struct Part {
        var file: String
        var runtime: Placement.Runtime
        /// Length along time; nil where it has none.
        var frames: Int?
        /// Exact cores; nil for any.
        var cores: [Int]?
        /// Bytes on the device, where they are known.
        var bytes: Int?
        /// The ONNX file that it was converted from and the shapes there, from which a simulator's file can be made.
        var source: (file: String, shapes: [String: [Int]])?
    }

    let backend: String
    let family: String
    let directory: SeedDirectory
    let board: Board
    /// Samples per second (Hz).
    var sampleRate = 16000
    /// Which boards the files are for; nil for all.
    var boards: [String]?
    /// Languages understood, as in a bundle.
    var languages: [String] = []
    /// What the family's code reads, as in a bundle; nil where nothing loads the family yet.
    var config: [String: Any]?
    private var stages: [String: [[Part]]] = [:]
    private var effects: [String: String] = [:]
    private var conflicts: [Plan.Conflict] = []
    private var missing: [String] = []

    init(_ backend: String, family: String, in directory: SeedDirectory, on board: Board) {
        self.backend = backend
        self.family = family
        self.directory = directory
        self.board = board
    }

    /// Another link of a stage: the same graph at one or more lengths.
    mutating func add(_ stage: String, _ buckets: [Part]) {
        let buckets = buckets.sorted { ($0.frames ?? 0) < ($1.frames ?? 0) }
        stages[stage, default: []].append(
            buckets.map { part in
                var part = part
                part.file = directory.path(part.file)
                if let source = part.source { part.source?.file = directory.path(source.file) }
                return part
            }
        )
    }

    /// Another link of a stage: one file.
    mutating func add(_ stage: String, _ file: String, _ runtime: Placement.Runtime, cores: [Int]? = nil) {
        add(stage, [Part(file: file, runtime: runtime, cores: cores)])
    }

    /// What a setting comes to; one that nobody made has nothing to tell.
    mutating func tell<Value>(_ key: String, _ value: Value?, _ effect: (Value) -> String) {
        if let value { effects[key] = effect(value) }
    }

    /// A file beside the graphs that has to be there.
    mutating func need(_ files: String...) {
        guard directory.isPresent, !files.contains(where: directory.exists) else { return }
        missing.append(files.map(directory.path).joined(separator: " or "))
    }

    /// What cannot be, or is unwise.
    mutating func object(_ severity: Plan.Conflict.Severity, _ message: String, remedy: String) {
        conflicts.append(
            Plan.Conflict(severity: severity, kind: .settings, models: [backend], message: message, remedy: remedy)
        )
    }

    /// Exact cores of a mask of the vendor; nil where the driver may choose.
    func cores(_ mask: UInt32) -> [Int]? {
        if mask == 0 { return nil }
        return (0..<(mask == 0xFFFF ? board.cores : 8)).filter { mask & 1 << UInt32($0) != 0 }
    }

    /// The model.
    /// - Throws: `badModel` when a path of the profile leads nowhere a bundle may look.
    func model() throws(InferenceError) -> SeedModel {
        var model = SeedModel(id: backend, bundle: try ModelBundle(directory: directory.root, json: json))
        if config == nil { model.unavailable = "the family \(family) is not in this version: nothing loads it yet" }
        model.effects = effects
        model.conflicts = conflicts
        model.missing = missing
        model.isPresent = directory.isPresent
        model.directory = directory.path
        return model
    }

    private var json: Data {
        var placement: [String: Any] = stages.mapValues { $0.map { $0.map(Self.fields) } }
        if let boards { placement["boards"] = boards }
        let runtimes = Set(stages.values.joined().joined().map(\.runtime))
        let name = runtimes.contains(where: \.usesNPU) ? "rknn" : runtimes.contains(.worker) ? "worker" : "cpu"
        var document: [String: Any] = [
            "schema": ModelBundle.schema, "family": family, "name": backend, "sampleRate": sampleRate,
            "languages": languages, "placements": [name: placement],
        ]
        document["config"] = config
        // Nothing in it but words and numbers.
        return (try? JSONSerialization.data(withJSONObject: document)) ?? Data()
    }

    private static func fields(of part: Part) -> [String: Any] {
        var fields: [String: Any] = ["file": part.file, "runtime": part.runtime.rawValue]
        fields["frames"] = part.frames
        fields["cores"] = part.cores
        fields["bytes"] = part.bytes
        fields["source"] = part.source?.file
        fields["shapes"] = part.source?.shapes
        return fields
    }
}
