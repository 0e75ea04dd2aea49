import Foundation
import Inference
import RKVoice
import Testing

/// Each tree is reported whole: nothing that is well may be complained of beside what is wrong.
@Suite("Doctor: boards")
struct DoctorTests {
    @Test(
        "A board as it should be has nothing to complain of",
        arguments: [("rk3588", "5.10.160"), ("rk3588", "6.1.75-vendor"), ("rk3576", "6.1.84"), ("rk3576", "5.10.226")]
    )
    func healthy(chip: String, kernel: String) throws {
        let tree = try FixtureTree.board(chip, kernel: kernel)
        expect(tree.report(), is: FixtureTree.expected(chip, kernel: kernel))
    }

    @Test("The mainline driver has the NPU: the vendor's libraries cannot use it")
    func rocket() throws {
        let tree = try FixtureTree.board("rk3588", kernel: "6.18.2")
        for name in ["/sys/module", "/sys/class/drm", "/dev/dri", "/sys/class/devfreq"] { try tree.remove(name) }
        try tree.write("", to: "/dev/accel/accel0", mode: 0o666)
        try tree.link("/sys/class/accel/accel0", to: "../../devices/platform/rknn/accel/accel0")
        try tree.link("/sys/bus/platform/drivers/rocket/fdab0000.npu", to: "../../../../devices/platform/fdab0000.npu")
        let expected = FixtureTree.expected(except: [
            "kernel warn: Linux 6.18.2 is not of the vendor's series 5.10 or 6.1",
            "npu.driver fail: the mainline driver rocket has the NPU (/dev/accel/accel0); librknnrt and librkllmrt cannot "
                + "use it",
            "npu.device fail: there is neither /dev/rknpu nor an NPU's /dev/dri/renderD*",
            "clock.npu ok: unknown: the system shows no clock of the NPU (/sys/class/devfreq/*.npu)",
        ])
        expect(tree.report(), is: expected.filter { !$0.hasPrefix("clock.memory") })
        #expect(tree.fix(.driver)?.contains("--board cpu") == true)
    }

    @Test("A device that the user may not open is told with the group to join")
    func noPermission() throws {
        let tree = try FixtureTree.board()
        try tree.write("", to: "/dev/dri/renderD129", mode: 0o660)
        try tree.write("video:x:44:\nrender:x:\(getgid()):\n", to: "/etc/group")
        let message = "this user, who is in neither of the groups render and video, may not read and write it"
        let denied = ["npu.device fail: /dev/dri/renderD129 is there, but \(message)"]
        expect(tree.report(), is: FixtureTree.expected(except: denied))
        #expect(tree.fix(.device) == "sudo usermod -aG render \"$USER\", then log in again")
    }

    @Test("A device that root alone may open is told with the rule that shares it")
    func noGroup() throws {
        let tree = try FixtureTree.board()
        try tree.remove("/sys/class/drm")
        try tree.write("", to: "/dev/rknpu", mode: 0o600)
        let message = "this user, who is in neither of the groups render and video, may not read and write it"
        expect(
            tree.report(),
            is: FixtureTree.expected(except: ["npu.device fail: /dev/rknpu is there, but \(message)"])
        )
        #expect(tree.fix(.device)?.contains("KERNEL==\"rknpu\", GROUP=\"render\", MODE=\"0660\"") == true)
    }

    @Test("A driver whose release may not be read is unknown, with what would let it be read")
    func unknownRelease() throws {
        let tree = try FixtureTree.board()
        try tree.write("0.9.8\n", to: "/sys/module/rknpu/version", mode: 0)
        let unknown = "npu.driver warn: rknpu is there, its release is unknown: none of its files may be read"
        expect(tree.report(), is: FixtureTree.expected(except: [unknown]))
        #expect(tree.fix(.driver)?.contains("sudo cat /sys/kernel/debug/rknpu/version") == true)
    }

    @Test("A driver that is too old for RKLLM, and one that is too old for large models")
    func oldDriver() throws {
        let old = "npu.driver warn: rknpu 0.9.6: librkllmrt asks for 0.9.7 or later"
        expect(try FixtureTree.board(driver: "0.9.6").report(), is: FixtureTree.expected(except: [old]))
        let older = FixtureTree.expected(except: [
            "npu.driver warn: rknpu 0.8.2: before 0.9.6, models cannot have more than 4 GiB",
            "npu.memory warn: 4.0 GiB for models; RKLLM gets IOMMU domain 1, RKNN domain 0; "
                + "the driver 0.8.2 has 4 GiB in all",
        ])
        expect(try FixtureTree.board(driver: "0.8.2").report(), is: older)
    }

    @Test("The driver's release is found in debugfs first")
    func debugfs() throws {
        let tree = try FixtureTree.board(driver: "none")
        try tree.write("RKNPU driver: v0.9.7\n", to: "/sys/kernel/debug/rknpu/version")
        expect(tree.report(), is: FixtureTree.expected(except: ["npu.driver ok: rknpu 0.9.7"]))
    }

    @Test("An NPU without its IOMMU")
    func noIOMMU() throws {
        let tree = try FixtureTree.board()
        try tree.remove("/sys/bus/platform/devices/fdab0000.npu/iommu_group")
        let warning =
            "npu.memory warn: the NPU has no IOMMU group: it takes contiguous memory alone, and RKLLM has no domain of its own"
        expect(tree.report(), is: FixtureTree.expected(except: [warning]))
    }

    private let noDevice = "npu.device fail: there is neither /dev/rknpu nor an NPU's /dev/dri/renderD*"

    @Test("A board without the driver")
    func noDriver() throws {
        let tree = try FixtureTree.board()
        for name in ["/sys/module", "/sys/class/drm", "/dev"] { try tree.remove(name) }
        let missing = ["npu.driver fail: no NPU driver is loaded", noDevice]
        expect(tree.report(), is: FixtureTree.expected(except: missing))
    }

    @Test("A container that got no device says how to pass it")
    func container() throws {
        let tree = try FixtureTree.board()
        for name in ["/sys/module", "/sys/class/drm", "/dev"] { try tree.remove(name) }
        try tree.write("", to: "/.dockerenv")
        let expected = FixtureTree.expected(except: [
            "container ok: runs in a container (docker)",
            "npu.driver warn: unknown: a container does not show the kernel's drivers", noDevice,
        ])
        expect(tree.report(), is: expected)
        #expect(tree.fix(.device)?.contains("--device /dev/dri --group-add") == true)
    }

    @Test("A container without a device tree still sees the NPU's clock, and asks which board it is")
    func hiddenDeviceTree() throws {
        let tree = try FixtureTree.board("rk3576")
        try tree.remove("/proc/device-tree")
        let no = "not needed: this machine has no NPU"
        let expected = FixtureTree.expected(except: [
            "board warn: no device tree is shown here, but there is the NPU of an RK3576",
            "kernel ok: Linux 6.1.75-vendor", "npu.driver ok: \(no)", "npu.device ok: \(no)", "npu.library ok: \(no)",
            "llm.library ok: \(no)", "npu.memory ok: \(no)", "clock.npu ok: \(no)",
        ])
        expect(tree.report(), is: expected)
        #expect(tree.fix(.board)?.contains("--board rk3576") == true)
    }
}

@Suite("Doctor: other machines")
struct DoctorHostTests {
    /// Everything of an NPU for the same reason, and little else to see.
    private func report(board: String, reason: String, npuMemory: String? = nil) -> [String] {
        [
            board, "kernel ok: Linux 6.8.0-45-generic", "container ok: none is recognized",
            "npu.driver ok: \(reason)", "npu.device ok: \(reason)", "npu.library ok: \(reason)",
            "llm.library ok: \(reason)", "memory ok: unknown: /proc/meminfo does not say what is available",
            "npu.memory ok: \(npuMemory ?? reason)", "clock.npu ok: \(reason)",
            "clock.cpu ok: unknown: the system shows no clocks of its CPUs",
            "temperature ok: unknown: the system shows no temperature",
            "throttling ok: unknown: the system shows no cooling", "port ok: unknown: /proc/net/tcp cannot be read",
        ]
    }

    private func host(_ more: [String: String] = [:]) throws -> FixtureTree {
        let tree = try FixtureTree(["/proc/version": "Linux version 6.8.0-45-generic (b@c) #1\n"])
        for (name, text) in more { try tree.write(text, to: name) }
        return tree
    }

    @Test("A host without an NPU is well as it is")
    func x86() throws {
        let board = "board ok: a host with a CPU for x86-64: no NPU, models run on the CPU"
        let expected = report(board: board, reason: "not needed: this machine has no NPU")
        expect(try host().report(architecture: .x86_64), is: expected)
    }

    @Test("A coprocessor in a slot is named")
    func coprocessor() throws {
        let slot = "/sys/bus/pci/devices/0000:01:00.0"
        let tree = try host(["\(slot)/vendor": "0x1d87\n", "\(slot)/device": "0x182a\n"])
        let board =
            "board ok: a host with a CPU for x86-64: no NPU, models run on the CPU; "
            + "an RK1828 is plugged in, which this version cannot use"
        let expected = report(board: board, reason: "not needed: this machine has no NPU")
        expect(tree.report(architecture: .x86_64), is: expected)
    }

    @Test("An unknown chip of the maker is named")
    func unknownRockchip() throws {
        let tree = try host(["/proc/device-tree/compatible": "pine64,quartz64\0rockchip,rk3566\0"])
        let board =
            "board warn: this is a Rockchip rk3566, whose NPU this version does not know (it knows rk3588, rk3576, rk1828); "
            + "models run on the CPU"
        expect(tree.report(), is: report(board: board, reason: "not needed: this machine has no NPU"))
    }

    @Test("A simulated board needs neither driver nor library")
    func simulated() throws {
        var question = HostQuestion()
        question.board = .rk3588
        question.isSimulated = true
        let expected = report(
            board: "board ok: RK3588, simulated on the CPU",
            reason: "not needed: the NPU of rk3588 is simulated",
            npuMemory: "4.0 GiB for models; RKLLM gets IOMMU domain 1, RKNN domain 0"
        )
        expect(try host().report(question, architecture: .x86_64), is: expected)
    }

    @Test("A board that this machine is not has nothing of what it needs")
    func chosen() throws {
        var question = HostQuestion()
        question.board = .rk3576
        let found = try host().report(question, architecture: .x86_64).filter { !$0.contains(" ok: ") }
        let expected = [
            "board warn: counts as RK3576 by choice, but no board with an NPU was found",
            "kernel warn: Linux 6.8.0-45-generic is not of the vendor's series 5.10 or 6.1",
            "npu.driver fail: no NPU driver is loaded",
            "npu.device fail: there is neither /dev/rknpu nor an NPU's /dev/dri/renderD*",
            "npu.library fail: it is in none of the usual places",
        ]
        expect(found, is: expected)
    }

    @Test("Nothing is known of an empty machine, and nothing fails")
    func empty() throws {
        let found = Machine(root: try FixtureTree().path).findings()
        #expect(found.allSatisfy { $0.verdict == .ok })
    }
}
