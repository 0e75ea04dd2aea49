import Foundation
import RKVoice
import Testing

/// A machine's `/proc`, `/sys`, `/dev` and libraries below a directory that lasts as long as the value.
final class FixtureTree: Sendable {
    let path: String

    init(_ files: [String: String] = [:]) throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("doctor-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for (name, text) in files { try write(Data(text.utf8), to: name) }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ data: Data, to name: String, mode: Int = 0o644) throws {
        let url = URL(fileURLWithPath: path + name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: url)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: url.path)
    }

    func write(_ text: String, to name: String, mode: Int = 0o644) throws {
        try write(Data(text.utf8), to: name, mode: mode)
    }

    func link(_ name: String, to target: String) throws {
        let url = URL(fileURLWithPath: path + name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: url.path, withDestinationPath: target)
    }

    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: path + name) }

    /// The whole report, a line each, such as `npu.driver ok: rknpu 0.9.8`.
    func report(
        _ question: HostQuestion = HostQuestion(),
        architecture: Machine.Architecture = .aarch64
    ) -> [String] {
        Machine(root: path, architecture: architecture).findings(question)
            .map { "\($0.check.rawValue) \($0.verdict.rawValue): \($0.message)" }
    }

    /// What to do, as the report says it of one thing.
    func fix(_ check: Check, _ question: HostQuestion = HostQuestion()) -> String? {
        Machine(root: path, architecture: .aarch64).findings(question).first { $0.check == check }?.fix
    }

    /// The whole report of ``board(_:kernel:driver:)``, with other lines in place of those about the same things.
    static func expected(
        _ chip: String = "rk3588",
        kernel: String = "6.1.75-vendor",
        except others: [String] = []
    ) -> [String] {
        let cores = chip == "rk3588" ? 3 : 2
        let version = "2.3.2 (429f97ae6b@2025-04-09T09:09:27)"
        let lines = [
            "board ok: \(chip.uppercased()) (Radxa Board): \(cores) NPU cores",
            "kernel ok: Linux \(kernel), of a series the vendor keeps",
            "container ok: none is recognized",
            "npu.driver ok: rknpu 0.9.8",
            "npu.device ok: /dev/dri/renderD129 can be read and written",
            "npu.library ok: /usr/lib/librknnrt.so is \(version), for aarch64",
            "llm.library ok: not installed; only language models on the NPU need it",
            "memory ok: 5.7 GiB available of 7.6 GiB",
            "npu.memory ok: 4.0 GiB for models; RKLLM gets IOMMU domain 1, RKNN domain 0",
            "clock.npu ok: governor rknpu_ondemand, 300 of 1000 MHz",
            "clock.cpu ok: CPU 0,1,2,3 schedutil up to 1800 MHz",
            "clock.memory ok: governor dmc_ondemand, 528 of 2112 MHz",
            "temperature ok: soc-thermal has 45 °C, clocks are lowered from 85 °C",
            "throttling ok: no clock is lowered",
            "port ok: 8621 is free",
        ]
        let changed = Set(others.map(id))
        return lines.filter { !changed.contains(id($0)) } + others
    }

    private static func id(_ line: String) -> Substring { line.prefix { $0 != " " } }

    /// A shared library by its header, with a text in it.
    func library(_ name: String, says text: String, machine: UInt8 = 183) throws {
        var bytes = [UInt8](repeating: 0, count: 64)
        bytes.replaceSubrange(0..<7, with: [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1])
        bytes[18] = machine
        try write(Data(bytes + [0] + Array(text.utf8) + [0]), to: name, mode: 0o755)
    }
}

extension FixtureTree {
    /// A board with an RK3588 or RK3576 on the vendor's kernel, everything as it should be, seen by an ordinary user.
    static func board(_ chip: String = "rk3588", kernel: String = "6.1.75-vendor", driver: String = "0.9.8") throws
        -> FixtureTree
    {
        let npu = chip == "rk3588" ? "fdab0000.npu" : "27700000.npu"
        let devfreq = "/sys/class/devfreq/\(npu)"
        let tree = try FixtureTree([
            "/proc/device-tree/compatible": "radxa,board\0rockchip,\(chip)\0",
            "/proc/device-tree/model": "Radxa Board\0",
            "/proc/device-tree/serial-number": "c0ffee1234\0",
            "/proc/version": "Linux version \(kernel) (anna@buildhost) (gcc 12) #1 SMP\n",
            "/proc/self/status":
                "Name:\tx\nUid:\t4242\t4242\t4242\t4242\nGid:\t4242\t4242\t4242\t4242\nGroups:\t4242\n",
            "/proc/meminfo": "MemTotal: 8000000 kB\nMemFree: 100 kB\nMemAvailable: 6000000 kB\n",
            "/proc/net/tcp": "  sl  local_address rem_address   st\n   0: 0100007F:0016 00000000:0000 0A 0\n",
            "/etc/group": "root:x:0:\nvideo:x:44:anna\nrender:x:105:anna\n",
            "/etc/passwd": "root:x:0:0::/root:/bin/sh\nanna:x:4242:4242:Anna:/srv/anna:/bin/sh\n",
            "/sys/module/rknpu/version": "\(driver)\n",
            "\(devfreq)/governor": "rknpu_ondemand\n", "\(devfreq)/cur_freq": "300000000\n",
            "\(devfreq)/max_freq": "1000000000\n", "\(devfreq)/available_frequencies": "300000000 1000000000\n",
            "/sys/class/devfreq/dmc/governor": "dmc_ondemand\n", "/sys/class/devfreq/dmc/cur_freq": "528000000\n",
            "/sys/class/devfreq/dmc/max_freq": "2112000000\n",
            "/sys/class/devfreq/dmc/available_frequencies": "528000000 2112000000\n",
            "/sys/devices/system/cpu/cpufreq/policy0/scaling_governor": "schedutil\n",
            "/sys/devices/system/cpu/cpufreq/policy0/cpuinfo_max_freq": "1800000\n",
            "/sys/devices/system/cpu/cpufreq/policy0/scaling_max_freq": "1800000\n",
            "/sys/devices/system/cpu/cpufreq/policy0/affected_cpus": "0 1 2 3\n",
            "/sys/class/thermal/thermal_zone0/type": "soc-thermal\n",
            "/sys/class/thermal/thermal_zone0/temp": "45300\n",
            "/sys/class/thermal/thermal_zone0/trip_point_0_type": "passive\n",
            "/sys/class/thermal/thermal_zone0/trip_point_0_temp": "85000\n",
            "/sys/class/thermal/cooling_device0/type": "devfreq-\(npu)\n",
            "/sys/class/thermal/cooling_device0/cur_state": "0\n",
            "/sys/class/thermal/cooling_device0/max_state": "6\n",
        ])
        try tree.link("/sys/bus/platform/devices/\(npu)/iommu_group", to: "../../../../kernel/iommu_groups/0")
        try tree.link("/sys/class/drm/renderD129/device/driver", to: "/sys/bus/platform/drivers/RKNPU")
        try tree.write("", to: "/dev/dri/renderD129", mode: 0o666)
        try tree.library("/usr/lib/librknnrt.so", says: "librknnrt version: 2.3.2 (429f97ae6b@2025-04-09T09:09:27)")
        return tree
    }
}

/// The report is the expected one: no finding more, none less, the same verdicts and words.
func expect(
    _ report: [String],
    is expected: [String],
    at location: SourceLocation = #_sourceLocation
) {
    let (surplus, missing) = (report.filter { !expected.contains($0) }, expected.filter { !report.contains($0) })
    #expect(surplus == [] && missing == [] && report.count == expected.count, sourceLocation: location)
}
