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
            return Finding(check, .warn, "\(text), held at \(megahertz(limit)) MHz at most", fix: raise)
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
        let clocks = policies.map { CPUClock(path + "/" + $0, machine) }
        // On a host with many CPUs one of a kind is enough.
        let texts = clocks.prefix(4).map(\.text) + (clocks.count > 4 ? ["and \(clocks.count - 4) more"] : [])
        let shown = texts.joined(separator: "; ")
        if clocks.contains(where: \.isCapped) {
            let raise = "sudo sh -c 'for p in \(path)/policy*; do cat $p/cpuinfo_max_freq >$p/scaling_max_freq; done'"
            return Finding(.cpuClock, .warn, shown, fix: raise)
        }
        let pin = "echo performance | sudo tee \(path)/policy*/scaling_governor"
        return Finding(.cpuClock, clocks.contains(where: \.isSlow) ? .warn : .ok, shown, fix: pin)
    }
}

/// Clock of CPUs that share one, in kHz.
private struct CPUClock {
    let isSlow: Bool
    /// Whether it may not rise as high as it could.
    let isCapped: Bool
    /// Such as `CPU 4,5 schedutil up to 2256 MHz`.
    let text: String

    init(_ place: String, _ machine: Machine) {
        let governor = machine.text(place + "/scaling_governor") ?? "unknown"
        let driver = machine.text(place + "/scaling_driver") ?? ""
        // Drivers that choose the clock themselves take "powersave" for "balanced".
        isSlow = governor == "powersave" && !driver.contains("pstate") && !driver.contains("epp")
        let top = machine.number(place + "/cpuinfo_max_freq")
        let limit = machine.number(place + "/scaling_max_freq") ?? top
        isCapped = limit.map { limit in top.map { limit < $0 } ?? false } ?? false
        let cpus = machine.text(place + "/affected_cpus") ?? machine.text(place + "/related_cpus") ?? "?"
        let most = isCapped ? top.map { " of \($0 / 1000)" } ?? "" : ""
        let megahertz = limit.map { " up to \($0 / 1000)\(most) MHz" } ?? ""
        text = "CPU \(cpus.replacing(" ", with: ",")) \(governor)\(megahertz)"
    }
}
