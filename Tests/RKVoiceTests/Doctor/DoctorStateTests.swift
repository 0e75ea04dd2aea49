import Foundation
import Inference
import RKVoice
import Testing

@Suite("Doctor: state of the machine")
struct DoctorStateTests {
    private func found(_ check: Check, _ tree: FixtureTree, port: Int = 8621) -> Finding? {
        var question = HostQuestion()
        question.port = port
        return Machine(root: tree.path, architecture: .aarch64).findings(question).first { $0.check == check }
    }

    @Test("A hot board whose clocks are lowered")
    func throttled() throws {
        let tree = try FixtureTree.board()
        try tree.write("91200\n", to: "/sys/class/thermal/thermal_zone0/temp")
        try tree.write("3\n", to: "/sys/class/thermal/cooling_device0/cur_state")
        let expected = FixtureTree.expected(except: [
            "temperature warn: soc-thermal has 91 °C, clocks are lowered from 85 °C",
            "throttling warn: lowered now: devfreq-fdab0000.npu by 3 of 6 steps",
        ])
        expect(tree.report(), is: expected)
    }

    @Test("A fan that turns is no throttling, and an absurd temperature no temperature")
    func fan() throws {
        let tree = try FixtureTree.board()
        try tree.write("pwm-fan\n", to: "/sys/class/thermal/cooling_device1/type")
        try tree.write("2\n", to: "/sys/class/thermal/cooling_device1/cur_state")
        try tree.write("-274000\n", to: "/sys/class/thermal/thermal_zone0/temp")
        #expect(found(.throttling, tree)?.verdict == .ok)
        #expect(found(.temperature, tree)?.message.hasPrefix("unknown") == true)
    }

    @Test("Governors that keep clocks low are told with the command that pins them")
    func powersave() throws {
        let tree = try FixtureTree.board()
        try tree.write("powersave\n", to: "/sys/class/devfreq/fdab0000.npu/governor")
        try tree.write("powersave\n", to: "/sys/class/devfreq/dmc/governor")
        try tree.write("powersave\n", to: "/sys/devices/system/cpu/cpufreq/policy0/scaling_governor")
        let expected = FixtureTree.expected(except: [
            "clock.npu warn: governor powersave, 300 of 1000 MHz",
            "clock.cpu warn: CPU 0,1,2,3 powersave up to 1800 MHz",
            "clock.memory warn: governor powersave, 528 of 2112 MHz",
        ])
        expect(tree.report(), is: expected)
        let fix = "echo performance | sudo tee /sys/class/devfreq/fdab0000.npu/governor"
        #expect(found(.npuClock, tree)?.fix == fix)
        // Drivers that choose the clock themselves call "balanced" so.
        try tree.write("intel_pstate\n", to: "/sys/devices/system/cpu/cpufreq/policy0/scaling_driver")
        #expect(found(.cpuClock, tree)?.verdict == .ok)
    }

    @Test("Clocks that are held below what there is")
    func heldLow() throws {
        let tree = try FixtureTree.board()
        try tree.write("300000000\n", to: "/sys/class/devfreq/fdab0000.npu/max_freq")
        try tree.write("1200000\n", to: "/sys/devices/system/cpu/cpufreq/policy0/scaling_max_freq")
        let expected = FixtureTree.expected(except: [
            "clock.npu warn: governor rknpu_ondemand, 300 of 1000 MHz, held at 300 MHz at most",
            "clock.cpu warn: CPU 0,1,2,3 schedutil up to 1200 of 1800 MHz",
        ])
        expect(tree.report(), is: expected)
        #expect(tree.fix(.npuClock)?.contains("echo 1000000000") == true)
        #expect(tree.fix(.cpuClock)?.contains("cpuinfo_max_freq") == true)
    }

    @Test("Little memory, and a container that may have little of much")
    func lowMemory() throws {
        let tree = try FixtureTree.board()
        try tree.write("268435456\n", to: "/sys/fs/cgroup/memory.max")
        let limited = "5.7 GiB available of 7.6 GiB, but this group of processes may have 256 MiB"
        expect(tree.report(), is: FixtureTree.expected(except: ["memory warn: \(limited)"]))
        try tree.remove("/sys/fs")
        try tree.write("MemTotal: 1000000 kB\nMemAvailable: 200000 kB\n", to: "/proc/meminfo")
        let expected = FixtureTree.expected(except: [
            "memory warn: 195 MiB available of 976 MiB",
            "npu.memory ok: 195 MiB for models; RKLLM gets IOMMU domain 1, RKNN domain 0",
        ])
        expect(tree.report(), is: expected)
    }

    @Test("A port that another program listens on")
    func port() throws {
        let tree = try FixtureTree.board()
        #expect(found(.port, tree)?.message == "8621 is free")
        #expect(found(.port, tree, port: 22)?.verdict == .warn)
        #expect(found(.port, tree, port: 0)?.verdict == .ok)
        // A connection is no listener; one on IPv6 is.
        try tree.write("   1: 0100007F:21AD 0100007F:0016 01 0\n", to: "/proc/net/tcp")
        #expect(found(.port, tree)?.verdict == .ok)
        try tree.write("   1: \(String(repeating: "0", count: 32)):21AD 0:0 0A 0\n", to: "/proc/net/tcp6")
        #expect(found(.port, tree)?.verdict == .warn)
    }

    @Test("Files full of nonsense do no harm")
    func nonsense() throws {
        let tree = try FixtureTree.board()
        let noise = String(repeating: "\u{FFFD}\0-9999999999999999999 ", count: 40_000)
        for name in [
            "/proc/version", "/proc/meminfo", "/proc/net/tcp", "/sys/module/rknpu/version",
            "/sys/class/devfreq/dmc/cur_freq", "/sys/class/thermal/thermal_zone0/temp", "/etc/group",
        ] { try tree.write(noise, to: name) }
        let found = Machine(root: tree.path, architecture: .aarch64).findings()
        #expect(found.contains { $0.check == .port })
    }

    @Test("The report holds nothing of the user or of the single device")
    func noPrivateData() throws {
        let tree = try FixtureTree.board()
        var question = HostQuestion()
        question.rknnPath = "/srv/anna/lib/librknnrt.so"
        let found = Machine(root: tree.path, architecture: .aarch64).findings(question)
        let text = String(decoding: try JSONEncoder().encode(found), as: UTF8.self)
        for word in ["anna", "buildhost", "c0ffee", tree.path] { #expect(!text.contains(word), "\(word)") }
        #expect(found.contains { $0.message.contains("~/lib/librknnrt.so") })
    }

    @Test("Every finding is explained in docs/doctor.md")
    func documented() throws {
        var folder = URL(fileURLWithPath: #filePath)
        while folder.lastPathComponent != "Tests" { folder.deleteLastPathComponent() }
        let path = folder.deletingLastPathComponent().appendingPathComponent("docs/doctor.md").path
        let text = try #require(FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) })
        let findings = try #require(text.components(separatedBy: "\n## ").first { $0.hasPrefix("Findings") })
        let listed = findings.matches(of: /\n\| `([a-z.]+)` \|/).map { String($0.output.1) }
        #expect(Set(listed) == Set(Check.allCases.map(\.rawValue)))
    }
}
