import Inference
import Runtimes

extension Host {
    /// Memory of the system and of the NPU.
    var memoryFindings: [Finding] { [memoryFinding, npuMemoryFinding] }

    /// Bytes under which the smallest models hardly fit beside a system: a choice, not a measurement.
    private static let leastBytes = 512 << 20

    var available: Int? { HostMemory.availableBytes(root: machine.root.isEmpty ? "/" : machine.root) }

    private var memoryFinding: Finding {
        guard let available else {
            return Finding(.memory, .ok, "unknown: /proc/meminfo does not say what is available")
        }
        let total = machine.text("/proc/meminfo")?.split(separator: "\n").first { $0.hasPrefix("MemTotal:") }
            .flatMap { $0.split(separator: " ").dropFirst().first }.flatMap { Int($0) }
        let text = "\(Self.text(available)) available" + (total.map { " of \(Self.text($0 << 10))" } ?? "")
        let fix = "end other programs, or choose smaller models (rkvoice models list)"
        // A control group's limit is what a container really has.
        if let limit = machine.number("/sys/fs/cgroup/memory.max"), limit < available {
            let note = "\(text), but this group of processes may have \(Self.text(limit))"
            return Finding(
                .memory,
                limit < Self.leastBytes ? .warn : .ok,
                note,
                fix: limit < Self.leastBytes ? fix : nil
            )
        }
        return available < Self.leastBytes
            ? Finding(.memory, .warn, text, fix: fix) : Finding(.memory, .ok, text)
    }

    private var npuMemoryFinding: Finding {
        guard board.hasNPU else { return Finding(.npuMemory, .ok, noNPU) }
        guard let limit = question.memoryLimit ?? board.memoryLimit(freeBytes: available) else {
            return Finding(.npuMemory, .ok, "unknown: the system does not say what is available")
        }
        let domain = board.languageModelDomain.map { "; RKLLM gets IOMMU domain \($0), RKNN domain 0" } ?? ""
        let text = "\(Self.text(limit)) for models\(domain)"
        if needsNPU, lacksIOMMU {
            return Finding(
                .npuMemory,
                .warn,
                "the NPU has no IOMMU group: it takes contiguous memory alone, and RKLLM has no domain of its own",
                fix:
                    "enable the NPU's IOMMU in the device tree; sudo dmesg | grep -i 'rknpu iommu' says what the driver uses"
            )
        }
        if !question.isSimulated, let release = driverRelease, release < Self.driverForDomains {
            return Finding(
                .npuMemory,
                .warn,
                "\(text); the driver \(release) has 4 GiB in all",
                fix: "update the board's image or kernel to one with rknpu 0.9.8"
            )
        }
        return Finding(.npuMemory, .ok, text)
    }

    /// Whether the system shows the NPU, and no IOMMU before it (sysfs-kernel-iommu_groups).
    private var lacksIOMMU: Bool {
        let folder = "/sys/bus/platform/devices"
        let devices = machine.names(folder).filter { $0.hasSuffix(".npu") }
        return !devices.isEmpty && !devices.contains { machine.exists("\(folder)/\($0)/iommu_group") }
    }

    /// Bytes for people, in GiB or MiB.
    private static func text(_ bytes: Int) -> String {
        guard bytes >= 1 << 30 else { return "\(bytes >> 20) MiB" }
        let tenths = Int((Double(bytes) / Double(1 << 30) * 10).rounded(.down))
        return "\(tenths / 10).\(tenths % 10) GiB"
    }
}
