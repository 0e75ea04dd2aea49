import Inference
import Runtimes

extension Host {
    /// Board, kernel and container.
    var boardFindings: [Finding] { [boardFinding, kernelFinding, containerFinding] }

    private var boardFinding: Finding {
        if question.isSimulated { return Finding(.board, .ok, "\(board.name), simulated on the CPU") }
        if let chosen = question.board, chosen != detection.board {
            let found = detection.board.hasNPU ? detection.board.name : "no board with an NPU"
            return Finding(
                .board,
                .warn,
                "counts as \(chosen.name) by choice, but \(found) was found",
                fix: "leave out --board (npu.board) to take what is found"
            )
        }
        let model = machine.text("/proc/device-tree/model").map { $0.filter { $0 != "\0" } }
        if let notice = detection.notice {
            return Finding(.board, .warn, notice, fix: "nothing to do for models on the CPU")
        }
        if board.hasNPU {
            let named = model.map { " (\($0))" } ?? ""
            let more = detection.coprocessors.map { ", with an \($0.name)" }.joined()
            return Finding(.board, .ok, "\(board.name)\(named): \(board.cores) NPU cores\(more)")
        }
        if let hidden = hiddenBoard {
            return Finding(
                .board,
                .warn,
                "no device tree is shown here, but there is the NPU of an \(hidden.name)",
                fix: "say --board \(hidden.id), or start the container with --security-opt systempaths=unconfined"
            )
        }
        let kind = model ?? "a host with a CPU for \(machine.architecture.name)"
        let more = detection.coprocessors.map { "; an \($0.name) is plugged in, which this version cannot use" }
            .joined()
        return Finding(.board, .ok, "\(kind): no NPU, models run on the CPU\(more)")
    }

    /// The board of an NPU that devfreq shows while the device tree is hidden, as Docker does. The names are the
    /// addresses of the first core (rk3588s.dtsi, rk3576.dtsi of the vendor's kernel).
    private var hiddenBoard: Board? {
        guard !machine.exists("/proc/device-tree/compatible") else { return nil }
        let names = machine.names("/sys/class/devfreq")
        return names.contains("fdab0000.npu") ? .rk3588 : names.contains("27700000.npu") ? .rk3576 : nil
    }

    private var kernelFinding: Finding {
        let words = machine.text("/proc/version")?.split(separator: " ").map(String.init) ?? []
        // "Linux version 6.1.75-vendor (builder@host) …": the release alone, nothing of its builder.
        guard words.count > 2, let release = Release(words[2]) else {
            return Finding(.kernel, .ok, "its release is unknown: /proc/version is not there")
        }
        guard needsNPU else { return Finding(.kernel, .ok, "Linux \(words[2])") }
        let isVendor = release.numbers.prefix(2) == [5, 10] || release.numbers.prefix(2) == [6, 1]
        guard isVendor || machine.exists("/sys/module/rknpu") || driverRelease != nil else {
            return Finding(
                .kernel,
                .warn,
                "Linux \(words[2]) is not of the vendor's series 5.10 or 6.1",
                fix: "boot an image with the vendor's kernel 6.1, which has the rknpu driver"
            )
        }
        return Finding(.kernel, .ok, "Linux \(words[2])\(isVendor ? ", of a series the vendor keeps" : "")")
    }

    private var containerFinding: Finding {
        guard let name = containerName else { return Finding(.container, .ok, "none is recognized") }
        return Finding(.container, .ok, "runs in a container (\(name))")
    }

    /// The kind of container this is; nil for none.
    var containerName: String? {
        if machine.exists("/.dockerenv") { return "docker" }
        if machine.exists("/run/.containerenv") { return "podman" }
        if let word = machine.text("/run/systemd/container"), !word.isEmpty {
            return String(word.prefix(32).filter { $0.isLetter || $0 == "-" })
        }
        let groups = machine.text("/proc/1/cgroup") ?? ""
        return ["docker", "kubepods", "containerd", "lxc"].first { groups.contains($0) }
    }
}
