/// Cores of one NPU as RKNN counts them: bit n is core n.
package struct CoreMask: OptionSet, Sendable, Hashable, Codable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// The driver chooses (`AUTO`).
    package static let automatic: CoreMask = []
    package static let core0 = CoreMask(rawValue: 1)
    package static let core1 = CoreMask(rawValue: 2)
    package static let core2 = CoreMask(rawValue: 4)
    /// Every core there is (`ALL`); no set of cores, but a word of the driver's.
    package static let all = CoreMask(rawValue: 0xFFFF)

    /// - Parameter cores: numbers of cores, from 0; those above 31 are left out.
    package init(cores: some Sequence<Int>) {
        self.init(rawValue: cores.reduce(0) { (0..<32).contains($1) ? $0 | 1 << UInt32($1) : $0 })
    }

    /// The first cores of a device.
    package init(first count: Int) { self.init(cores: 0..<count) }

    /// Numbers of the cores, ascending.
    package var cores: [Int] { (0..<32).filter { rawValue & 1 << UInt32($0) != 0 } }

    /// How many cores.
    package var count: Int { rawValue.nonzeroBitCount }

    /// The lowest core alone; nothing when there is none.
    package var lowest: CoreMask { CoreMask(rawValue: rawValue & (~rawValue &+ 1)) }
}

extension CoreMask: CustomStringConvertible {
    /// `core 1`, `cores 0 and 1`, `any core`, `all cores`.
    package var description: String {
        switch self {
        case .automatic: "any core"
        case .all: "all cores"
        default: (count == 1 ? "core " : "cores ") + cores.map(String.init).joined(separator: " and ")
        }
    }
}

/// Which cores a run needs.
package enum CoreRequest: Sendable, Hashable {
    /// One core, whichever is free.
    case any
    /// Exactly these, together.
    case exactly(CoreMask)

    /// The cores of a placement's part: nil and an empty list mean any one.
    package init(cores: [Int]?) {
        if let cores, !cores.isEmpty { self = .exactly(CoreMask(cores: cores)) } else { self = .any }
    }
}

/// Who goes first when cores are short.
package enum RunPriority: String, Sendable, Hashable, CaseIterable, Codable {
    /// Somebody is listening or speaking now.
    case live
    /// Files and other work that nobody waits for from word to word.
    case background

    /// The priority of the current task's runs.
    @TaskLocal package static var current = RunPriority.live
}
