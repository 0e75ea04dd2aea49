/// Which stage of which model would run where, and whether that fits: known before anything is loaded.
package struct Plan: Sendable, Encodable {
    /// The board's word, and its name for people.
    package var board: String
    package var boardName: String
    /// The NPU; nil where there is none.
    package var device: Device?
    package var models: [Model]
    /// Which of them work at the same time.
    package var pairings: [Pairing] = []
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
        /// The same for each IOMMU domain in use, the lowest first.
        package var domains: [Domain]
        /// Files whose need is not known.
        package var unknownFiles: Int
        /// CPUs by kind, fastest first.
        package var clusters: [Board.CPUCluster]
    }

    /// An IOMMU domain: what it addresses is all the memory that the models in it have.
    package struct Domain: Sendable, Encodable {
        package var number: Int
        /// Sum of what is known.
        package var memoryUsed: Int
        /// Bytes it addresses.
        package var memoryLimit: Int
    }

    /// What a setting of the profile comes to.
    package struct Effect: Sendable, Encodable {
        package var key: String
        package var effect: String
    }

    /// One model.
    package struct Model: Sendable, Encodable {
        /// Id or directory, as it was asked for.
        package var id: String
        package var family: String?
        /// Where its files are; nil when that is not known.
        package var directory: String?
        /// Whether there is a bundle to read.
        package var isInstalled: Bool
        /// The placement that would be taken.
        package var placement: String?
        /// Those before it that would not, and why.
        package var rejections: [PlacementChoice.Rejection] = []
        package var parts: [Part] = []
        /// What the settings of the profile come to.
        package var effects: [Effect] = []
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
        /// IOMMU domain of that memory; nil on the CPU.
        package var domain: Int?
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
            case placement, settings, model
        }
        package var severity: Severity
        package var kind: Kind
        /// Models it is about.
        package var models: [String]
        /// What is wrong, with the arithmetic.
        package var message: String
        /// What to do about it.
        package var remedy: String

        package init(severity: Severity, kind: Kind, models: [String], message: String, remedy: String) {
            self.severity = severity
            self.kind = kind
            self.models = models
            self.message = message
            self.remedy = remedy
        }
    }

    /// Two models, and whether they work at the same time.
    package struct Pairing: Sendable, Encodable {
        package enum Mode: String, Sendable, Encodable { case parallel, sequential }
        package var models: [String]
        package var mode: Mode
        /// Why.
        package var reason: String
    }
}
