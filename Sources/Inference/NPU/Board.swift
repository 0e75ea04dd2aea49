/// A system on chip, a coprocessor or a plain host, as data: what a scheduler and a loader have to know of it.
package struct Board: Sendable, Hashable {
    /// Word in placements and file names, such as `rk3588`.
    package var id: String
    /// Name for people.
    package var name: String
    /// Cores of the NPU; 0 where there is none.
    package var cores: Int
    /// What the driver is documented to take as a core mask; others may be refused.
    package var masks: [CoreMask]
    /// What NPU memory comes from; nil where there is no NPU.
    package var memory: Memory?
    /// CPUs by kind, fastest first; empty where that is not known.
    package var clusters: [CPUCluster]
    /// IOMMU domain for RKLLM, because RKLLM and RKNN in one domain hang; nil where RKLLM does not run.
    package var languageModelDomain: Int?
    /// How the device is found.
    package var attachment: Attachment

    /// CPUs of one kind.
    package struct CPUCluster: Sendable, Hashable, Encodable {
        /// The core's design, such as `Cortex-A76`.
        package var design: String
        /// Numbers of the CPUs, as the system counts them.
        package var cpus: [Int]

        package init(_ design: String, _ cpus: ClosedRange<Int>) {
            self.design = design
            self.cpus = Array(cpus)
        }

        /// Bit n is CPU n, as RKLLM takes it.
        package var mask: UInt32 { cpus.reduce(0) { $0 | 1 << UInt32($1) } }
    }

    /// What NPU memory comes from.
    package enum Memory: Sendable, Hashable {
        /// The system's RAM, through IOMMU domains that address so many bytes each.
        case system(domainBytes: Int)
        /// Memory of the device's own, in bytes.
        case own(Int)
    }

    /// How the device is found.
    package enum Attachment: Sendable, Hashable {
        /// Words in `/proc/device-tree/compatible`.
        case deviceTree([String])
        /// Vendor and device of the PCI function, as `/sys` writes them.
        case pci(vendor: String, device: String)
        /// Any machine.
        case host
    }

    /// Whether there is an NPU.
    package var hasNPU: Bool { cores > 0 }

    /// Every core there is, as a set.
    package var allCores: CoreMask { CoreMask(first: cores) }

    /// Bytes that models may hold on the NPU: min(free RAM, 4 GB per IOMMU domain), or the device's own memory.
    ///
    /// - Parameters:
    ///   - freeBytes: what the system says is available; nil when it does not say.
    ///   - domains: IOMMU domains in use.
    /// - Returns: nil where there is no NPU.
    package func memoryLimit(freeBytes: Int?, domains: Int = 1) -> Int? {
        switch memory {
        case nil: nil
        case .own(let bytes): bytes
        case .system(let domainBytes): min(freeBytes ?? .max, domainBytes * max(1, domains))
        }
    }

    /// The mask for the driver when a run holds these cores.
    ///
    /// - Throws: `deviceUnavailable` when the board has no such cores.
    package func check(_ cores: CoreMask) throws(InferenceError) {
        guard !cores.isEmpty, cores.isSubset(of: allCores) else {
            let there = self.cores == 0 ? "no NPU" : self.cores == 1 ? "core 0 alone" : "cores 0 to \(self.cores - 1)"
            throw InferenceError(.deviceUnavailable, "\(cores) asked for, but \(name) has \(there)")
        }
    }

    /// Whether the driver is documented to take a mask.
    package func documents(_ mask: CoreMask) -> Bool { masks.contains(mask) }

    /// The documented masks in words, for messages.
    package var maskList: String {
        masks.map { "\($0.rawValue) (\($0))" }.joined(separator: ", ")
    }
}

extension Board {
    /// Four gigabytes: what one IOMMU domain of the NPU addresses.
    private static let domain = 4 << 30

    package static let rk3588 = Board(
        id: "rk3588",
        name: "RK3588",
        cores: 3,
        masks: [0, 1, 2, 4, 3, 7, 0xFFFF].map { CoreMask(rawValue: $0) },
        memory: .system(domainBytes: domain),
        clusters: [CPUCluster("Cortex-A76", 4...7), CPUCluster("Cortex-A55", 0...3)],
        languageModelDomain: 1,
        attachment: .deviceTree(["rockchip,rk3588", "rockchip,rk3588s", "rockchip,rk3588s2"])
    )

    package static let rk3576 = Board(
        id: "rk3576",
        name: "RK3576",
        cores: 2,
        masks: [0, 1, 2, 3, 0xFFFF].map { CoreMask(rawValue: $0) },
        memory: .system(domainBytes: domain),
        clusters: [CPUCluster("Cortex-A72", 4...7), CPUCluster("Cortex-A53", 0...3)],
        languageModelDomain: 1,
        attachment: .deviceTree(["rockchip,rk3576", "rockchip,rk3576s"])
    )

    /// A coprocessor on PCIe with 5120 MB of its own; its CPUs are the host's.
    package static let rk1828 = Board(
        id: "rk1828",
        name: "RK1828",
        cores: 1,
        masks: [0, 1, 0xFFFF].map { CoreMask(rawValue: $0) },
        memory: .own(5120 << 20),
        clusters: [],
        languageModelDomain: nil,
        attachment: .pci(vendor: "0x1d87", device: "0x182a")
    )

    /// A machine without an NPU.
    package static let cpu = Board(
        id: "cpu",
        name: "CPU",
        cores: 0,
        masks: [],
        memory: nil,
        clusters: [],
        languageModelDomain: nil,
        attachment: .host
    )

    /// Every board that this version knows.
    package static let known = [rk3588, rk3576, rk1828, cpu]

    /// A board by its word; `rk3588s` and other names of a chip that differs in its package are taken as well.
    ///
    /// - Throws: `deviceUnavailable` naming the boards there are.
    package static func named(_ word: String) throws(InferenceError) -> Board {
        let wanted = word.lowercased()
        let match = known.first { board in
            if case .deviceTree(let words) = board.attachment, words.contains("rockchip," + wanted) { return true }
            return board.id == wanted
        }
        guard let match else {
            let near = Spelling.nearest(to: wanted, in: known.map(\.id)).map { "; did you mean \($0)?" } ?? ";"
            let words = known.map(\.id).joined(separator: ", ")
            throw InferenceError(.deviceUnavailable, "no board \"\(word)\" is known\(near) there are \(words)")
        }
        return match
    }
}
