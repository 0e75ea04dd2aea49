extension Host {
    /// Governors and clocks of NPU, CPU and memory.
    var clockFindings: [Finding] { npuClocks + [cpuClock] + memoryClocks }

    private var npuClocks: [Finding] {
        guard needsNPU else { return [Finding(.npuClock, .ok, noNPU)] }
        let names = machine.names("/sys/class/devfreq").filter { $0.hasSuffix(".npu") || $0 == "rknpu" }
        guard !names.isEmpty else {
            return [Finding(.npuClock, .ok, "unknown: the system shows no clock of the NPU (/sys/class/devfreq/*.npu)")]
        }
        return names.map { clock($0, .npuClock) }
    }

    private var memoryClocks: [Finding] {
        machine.names("/sys/class/devfreq").filter { $0 == "dmc" || $0.hasSuffix(".dmc") }.map {
            clock($0, .memoryClock)
        }
    }

    /// One device of devfreq (sysfs-class-devfreq); its clocks are in Hz.
    private func clock(_ name: String, _ check: Check) -> Finding {
        let path = "/sys/class/devfreq/\(name)"
        guard let governor = machine.text(path + "/governor") else {
            return Finding(check, .ok, "unknown: \(path)/governor cannot be read", fix: "sudo cat \(path)/governor")
        }
        let pin = "echo performance | sudo tee \(path)/governor"
        let now = machine.number(path + "/cur_freq")
        let list = machine.text(path + "/available_frequencies")?.split(separator: " ").compactMap { Int($0) }
        let top = list?.max() ?? machine.number(path + "/max_freq")
        let megahertz = { (hertz: Int?) in hertz.map { "\($0 / 1_000_000)" } ?? "?" }
        let text = "governor \(governor), \(megahertz(now)) of \(megahertz(top)) MHz"
        if let top, let limit = machine.number(path + "/max_freq"), limit < top {
            let raise = "echo \(top) | sudo tee \(path)/max_freq"
            return Finding(check, .warn, "\(text), held below \(megahertz(limit)) MHz", fix: raise)
        }
        let isHeldLow = governor == "userspace" && now.map { now in top.map { now < $0 } ?? false } ?? false
        let isSlow = governor == "powersave" || isHeldLow
        return Finding(check, isSlow ? .warn : .ok, text, fix: governor == "performance" ? nil : pin)
    }

    /// All CPUs (cpufreq in the kernel's admin-guide); their clocks are in kHz.
    private var cpuClock: Finding {
        let path = "/sys/devices/system/cpu/cpufreq"
        let policies = machine.names(path).filter { $0.hasPrefix("policy") }
            .sorted { (Int($0.dropFirst(6)) ?? 0) < (Int($1.dropFirst(6)) ?? 0) }
        guard !policies.isEmpty else {
            return Finding(.cpuClock, .ok, "unknown: the system shows no clocks of its CPUs")
        }
        var slow = false
        var texts: [String] = []
        for policy in policies {
            let place = "\(path)/\(policy)"
            let governor = machine.text(place + "/scaling_governor") ?? "unknown"
            // Drivers that choose the clock themselves take "powersave" for "balanced".
            let isOwn =
                machine.text(place + "/scaling_driver").map { $0.contains("pstate") || $0.contains("epp") } ?? false
            let top = machine.number(place + "/cpuinfo_max_freq")
            let limit = machine.number(place + "/scaling_max_freq") ?? top
            let isCapped = limit.map { limit in top.map { limit < $0 } ?? false } ?? false
            slow = slow || (governor == "powersave" && !isOwn) || isCapped
            let cpus = machine.text(place + "/affected_cpus")?.replacing(" ", with: ",") ?? String(policy.dropFirst(6))
            let megahertz = limit.map { " up to \($0 / 1000) MHz" } ?? ""
            texts.append("CPU \(cpus) \(governor)\(megahertz)")
        }
        // On a host with many CPUs one of a kind is enough.
        let shown = texts.prefix(4).joined(separator: "; ") + (texts.count > 4 ? "; and \(texts.count - 4) more" : "")
        return Finding(
            .cpuClock,
            slow ? .warn : .ok,
            shown,
            fix: "echo performance | sudo tee \(path)/policy*/scaling_governor"
        )
    }
}
