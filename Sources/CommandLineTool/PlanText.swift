import Inference

/// A plan in lines for people.
struct PlanText {
    private let plan: Plan
    private let hasColor: Bool

    init(_ plan: Plan, hasColor: Bool) {
        self.plan = plan
        self.hasColor = hasColor
    }

    var lines: [String] { head + plan.models.flatMap(lines(of:)) + sum + pairings + conflicts }

    private var head: [String] {
        guard let device = plan.device else { return [bold("\(plan.boardName): no NPU, every stage runs on the CPU")] }
        let cores = device.cores == 1 ? "1 NPU core" : "\(device.cores) NPU cores"
        let memory = device.memoryLimit.map { "\(ByteCount.text($0)) for models" } ?? "memory unknown"
        let clusters = device.clusters.map { "\($0.design) \($0.cpus.first ?? 0)-\($0.cpus.last ?? 0)" }
        let numbers = device.masks.map { $0 == CoreMask.all.rawValue ? "0xffff" : "\($0)" }
        let masks = "core masks " + numbers.joined(separator: ", ")
        let second = clusters.isEmpty ? masks : "\(masks); CPUs \(clusters.joined(separator: ", "))"
        return [bold("\(plan.boardName): \(cores), \(memory)"), "  \(second)"]
    }

    private func lines(of model: Plan.Model) -> [String] {
        var lines = ["", bold(title(of: model))]
        if let problem = model.problem { lines.append("  \(problem)") }
        lines += model.rejections.map { "  not taken: placement \($0.placement): \($0.reason)" }
        if !model.parts.isEmpty {
            lines += table(
                [["STAGE", "FILE", "RUNTIME", "FRAMES", "CORES", "CONTEXTS", "ON DISK", "NPU MEMORY"]]
                    + model.parts.map(cells(of:))
            )
        }
        return lines + model.effects.map { "  \($0.key): \($0.effect)" }
    }

    private func title(of model: Plan.Model) -> String {
        let family = model.family.map { " (\($0))" } ?? ""
        return model.id + family + (model.placement.map { ": placement \($0)" } ?? "")
    }

    private func cells(of part: Plan.Part) -> [String] {
        let isOnNPU = part.domain != nil
        let free = part.runtime == .rkllm ? "all cores" : isOnNPU ? "any core" : "-"
        let cores = part.cores.map { "\(CoreMask(cores: $0))" } ?? free
        let memory: String =
            switch part.memoryBasis {
            case .stated: ByteCount.text(part.memory ?? 0)
            case .file: "at least \(ByteCount.text(part.memory ?? 0))"
            case nil: isOnNPU ? "unknown" : "-"
            }
        return [
            part.link == 0 ? part.stage : "\(part.stage) +\(part.link)", part.file, part.runtime.rawValue,
            part.frames.map(String.init) ?? "-", cores, part.contexts.map(String.init) ?? "-",
            part.fileBytes.map(ByteCount.text) ?? (part.isPresent ? "from source" : "missing"), memory,
        ]
    }

    private var sum: [String] {
        guard let device = plan.device else { return [] }
        let unknown = device.unknownFiles
        guard device.memoryUsed > 0 || unknown > 0 else { return ["", "No stage runs on the NPU."] }
        let more = unknown == 0 ? "" : ", and \(unknown) file\(unknown == 1 ? "" : "s") of unknown size"
        let limit = device.memoryLimit.map { " of \(ByteCount.text($0))" } ?? ""
        let isLeast = plan.models.contains { $0.parts.contains { $0.memoryBasis == .file } }
        let sum = "NPU memory: \(isLeast ? "at least " : "")\(ByteCount.text(device.memoryUsed))\(limit)\(more)"
        guard device.domains.count > 1 else { return ["", sum] }
        let domains = device.domains.map {
            "  IOMMU domain \($0.number): \(ByteCount.text($0.memoryUsed)) of \(ByteCount.text($0.memoryLimit))"
        }
        return ["", sum] + domains
    }

    private var pairings: [String] {
        guard !plan.pairings.isEmpty else { return [] }
        return [""]
            + plan.pairings.map { pairing in
                let names = pairing.models.joined(separator: " and ")
                return "\(names) \(pairing.mode == .parallel ? "work side by side" : "take turns"): \(pairing.reason)"
            }
    }

    private var conflicts: [String] {
        let missing = plan.models.count { !$0.isInstalled }
        guard !plan.conflicts.isEmpty else {
            guard missing > 0 else { return ["", "It fits."] }
            let isListed = plan.models.allSatisfy { $0.isInstalled || !$0.parts.isEmpty }
            let what = isListed ? "What it takes is not known of" : "Nothing can be said of"
            return ["", "\(what) \(missing) of \(plan.models.count) models: not installed or not readable."]
        }
        return [""]
            + plan.conflicts.flatMap { conflict in
                [
                    color("\(conflict.severity.rawValue): ", conflict.severity == .error ? 31 : 33)
                        + "\(conflict.models.joined(separator: ", ")): \(conflict.message)",
                    "  way out: \(conflict.remedy)",
                ]
            }
    }

    private func table(_ rows: [[String]]) -> [String] {
        let widths = (0..<8).map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
            return "  " + (cells.dropLast() + [row[7]]).joined(separator: "  ")
        }
    }

    private func bold(_ text: String) -> String { color(text, 1) }

    private func color(_ text: String, _ code: Int) -> String { hasColor ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text }
}
