/// Which stage of which model would run where, and whether that fits: known before anything is loaded.
package struct Plan: Sendable, Encodable {
    /// The board's word, and its name for people.
    package var board: String
    package var boardName: String
    /// The NPU; nil where there is none.
    package var device: Device?
    package var models: [Model]
    /// What does not fit, worst first.
    package var conflicts: [Conflict]

    /// Whether everything that is known fits.
    package var fits: Bool { !conflicts.contains { $0.severity == .error } }

    /// The NPU of a board.
    package struct Device: Sendable, Encodable {
        package var cores: Int
        /// Core masks the driver is documented to take.
        package var masks: [UInt32]
        /// Bytes that models may hold; nil where that is not known.
        package var memoryLimit: Int?
        /// Sum of what is known.
        package var memoryUsed: Int
        /// Files whose need is not known.
        package var unknownFiles: Int
        /// CPUs by kind, fastest first.
        package var clusters: [Board.CPUCluster]
    }

    /// One model.
    package struct Model: Sendable, Encodable {
        /// Id or directory, as it was asked for.
        package var id: String
        package var family: String?
        /// Whether there is a bundle to read.
        package var isInstalled: Bool
        /// The placement that would be taken.
        package var placement: String?
        /// Those before it that would not, and why.
        package var rejections: [PlacementChoice.Rejection] = []
        package var parts: [Part] = []
        /// Why nothing more can be said of it.
        package var problem: String?
    }

    /// One file of a stage.
    package struct Part: Sendable, Encodable {
        package var stage: String
        /// Place in the chain of the stage, from 0.
        package var link: Int
        package var file: String
        package var runtime: Placement.Runtime
        /// Length along the time axis; nil where it has none.
        package var frames: Int?
        /// Exact cores; nil means any one, or none at all on the CPU.
        package var cores: [Int]?
        /// Contexts side by side; nil on the CPU.
        package var contexts: Int?
        /// Whether the file is there, or can be made from one that is.
        package var isPresent: Bool
        /// Bytes on disk; nil when the file is missing.
        package var fileBytes: Int?
        /// Bytes of NPU memory; nil when not known, and on the CPU.
        package var memory: Int?
        /// Where `memory` is from.
        package var memoryBasis: MemoryBasis?
    }

    /// Where a figure for memory is from.
    package enum MemoryBasis: String, Sendable, Encodable {
        /// The bundle says so.
        case stated
        /// The size of the file: the least it can be.
        case file
    }

    /// Something that does not fit.
    package struct Conflict: Sendable, Encodable {
        /// `error`: loading would fail. `warning`: it works, slower or perhaps not on every driver.
        package enum Severity: String, Sendable, Encodable { case error, warning }
        package enum Kind: String, Sendable, Encodable {
            case memory, sharedCore = "shared_core", noSuchCore = "no_such_core", mask, missingFile = "missing_file"
            case placement
        }
        package var severity: Severity
        package var kind: Kind
        /// Models it is about.
        package var models: [String]
        /// What is wrong, with the arithmetic.
        package var message: String
        /// What to do about it.
        package var remedy: String
    }
}
