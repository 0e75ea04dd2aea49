import Foundation
import Inference
import RKVoice
import Testing

/// Verdicts other than `ok`, such as `npu.driver fail`: what a user has to act on, and nothing else.
private func complaints(_ tree: FixtureTree, _ question: HostQuestion = HostQuestion()) -> [String] {
    findings(tree, question).filter { $0.verdict != .ok }.map { "\($0.check.rawValue) \($0.verdict.rawValue)" }
}

private func findings(_ tree: FixtureTree, _ question: HostQuestion = HostQuestion()) -> [Finding] {
    Machine(root: tree.path, architecture: .aarch64).findings(question)
}

/// What is said of one thing, with the fix.
private func text(_ check: Check, _ tree: FixtureTree, _ question: HostQuestion = HostQuestion()) -> String {
    findings(tree, question).filter { $0.check == check }.map { "\($0.message) | \($0.fix ?? "")" }
        .joined(separator: "\n")
}

@Suite("Doctor: NPU")
struct DoctorNPUTests {
    @Test(
        "A board as it should be has nothing to complain of",
        arguments: [("rk3588", "5.10.160"), ("rk3588", "6.1.75-vendor"), ("rk3576", "6.1.84"), ("rk3576", "5.10.226")]
    )
    func healthy(chip: String, kernel: String) throws {
        let tree = try FixtureTree.board(chip, kernel: kernel)
        #expect(complaints(tree) == [])
        #expect(text(.board, tree).contains(chip.uppercased() + " (Radxa Board)"))
        #expect(text(.kernel, tree).contains("Linux \(kernel), of a series the vendor keeps"))
        #expect(text(.driver, tree).hasPrefix("rknpu 0.9.8"))
        #expect(text(.rknn, tree).contains("2.3.2 (429f97ae6b@2025-04-09T09:09:27), for aarch64"))
    }

    @Test("The mainline driver has the NPU: the vendor's libraries cannot use it")
    func rocket() throws {
        let tree = try FixtureTree.board("rk3588", kernel: "6.18.2")
        try tree.remove("/sys/module/rknpu")
        try tree.remove("/sys/class/drm")
        try tree.remove("/dev/dri")
        try tree.write("", to: "/dev/accel/accel0", mode: 0o666)
        try tree.link("/sys/class/accel/accel0/device/driver", to: "../../../bus/platform/drivers/rocket")
        #expect(complaints(tree) == ["kernel warn", "npu.driver fail", "npu.device fail"])
        #expect(text(.driver, tree).contains("rocket") && text(.driver, tree).contains("rknpu"))
    }

    @Test("A device that the user may not open is told with the groups to join")
    func noPermission() throws {
        let tree = try FixtureTree.board()
        try tree.write("", to: "/dev/dri/renderD129", mode: 0)
        #expect(complaints(tree) == ["npu.device fail"])
        #expect(text(.device, tree).contains("in neither of the groups render and video"))
        #expect(text(.device, tree).contains("usermod -aG render,video"))
    }

    @Test("A driver whose release may not be read is unknown, with what would let it be read")
    func unknownRelease() throws {
        let tree = try FixtureTree.board()
        try tree.write("0.9.8\n", to: "/sys/module/rknpu/version", mode: 0)
        #expect(complaints(tree) == ["npu.driver warn"])
        #expect(text(.driver, tree).contains("sudo cat /sys/kernel/debug/rknpu/version"))
    }

    @Test(
        "An old driver",
        arguments: [("0.8.2", ["npu.driver warn", "npu.memory warn"]), ("0.9.6", ["npu.driver warn"])]
    )
    func oldDriver(release: String, expected: [String]) throws {
        #expect(complaints(try FixtureTree.board(driver: release)) == expected)
    }

    @Test("The driver's release is found in debugfs first")
    func debugfs() throws {
        let tree = try FixtureTree.board(driver: "none")
        try tree.write("RKNPU driver: v0.9.7\n", to: "/sys/kernel/debug/rknpu/version")
        #expect(text(.driver, tree).hasPrefix("rknpu 0.9.7"))
    }

    @Test("A board without the driver")
    func noDriver() throws {
        let tree = try FixtureTree.board()
        for name in ["/sys/module", "/sys/class/drm", "/dev"] { try tree.remove(name) }
        #expect(complaints(tree) == ["npu.driver fail", "npu.device fail"])
    }

    @Test("A container that got no device says how to pass it")
    func container() throws {
        let tree = try FixtureTree.board()
        for name in ["/sys/module", "/sys/class/drm", "/dev"] { try tree.remove(name) }
        try tree.write("", to: "/.dockerenv")
        #expect(complaints(tree) == ["npu.driver warn", "npu.device fail"])
        #expect(text(.device, tree).contains("--device /dev/dri"))
        #expect(text(.container, tree).contains("docker"))
    }

    @Test("A container without a device tree still sees the NPU's clock, and asks which board it is")
    func hiddenDeviceTree() throws {
        let tree = try FixtureTree.board("rk3576")
        try tree.remove("/proc/device-tree")
        #expect(complaints(tree) == ["board warn"])
        #expect(text(.board, tree).contains("--board rk3576"))
    }

    @Test("A simulated board needs neither driver nor library")
    func simulated() throws {
        var question = HostQuestion()
        question.board = .rk3588
        question.isSimulated = true
        let tree = try FixtureTree(["/proc/version": "Linux version 6.8.0 (a@b)\n"])
        #expect(complaints(tree, question) == [])
        #expect(text(.board, tree, question).contains("simulated"))
        #expect(text(.driver, tree, question).contains("simulated"))
    }

    @Test("A host without an NPU is well as it is")
    func host() throws {
        let tree = try FixtureTree(["/proc/version": "Linux version 6.8.0-45-generic (b@c) #1\n"])
        let found = Machine(root: tree.path, architecture: .x86_64).findings()
        #expect(found.allSatisfy { $0.verdict == .ok })
        #expect(found.first { $0.check == .board }?.message.contains("x86-64") == true)
        #expect(found.first { $0.check == .kernel }?.message == "Linux 6.8.0-45-generic")
    }

    @Test("An unknown chip of the maker is named")
    func unknownRockchip() throws {
        let tree = try FixtureTree(["/proc/device-tree/compatible": "pine64,quartz64\0rockchip,rk3566\0"])
        #expect(complaints(tree) == ["board warn"])
        #expect(text(.board, tree).contains("rk3566"))
    }
}

@Suite("Doctor: libraries")
struct DoctorLibraryTests {
    private let rkllm = "/usr/lib/librkllmrt.so"

    @Test("No librknnrt on a board with an NPU")
    func missing() throws {
        let tree = try FixtureTree.board()
        try tree.remove("/usr/lib/librknnrt.so")
        #expect(complaints(tree) == ["npu.library fail"])
        #expect(text(.rknn, tree).contains("rknn-toolkit2"))
    }

    @Test("A library for another machine, cut off, empty or none at all is told from the others")
    func damaged() throws {
        let tree = try FixtureTree.board()
        try tree.library("/usr/lib/librknnrt.so", says: "librknnrt version: 2.3.2", machine: 62)
        #expect(text(.rknn, tree).contains("it is for x86-64, this machine is aarch64"))
        try tree.write("", to: "/usr/lib/librknnrt.so")
        #expect(text(.rknn, tree).contains("it is empty"))
        try tree.write("hello", to: "/usr/lib/librknnrt.so")
        #expect(text(.rknn, tree).contains("no ELF file"))
        #expect(complaints(tree) == ["npu.library fail"])
    }

    @Test("A release that is too old, or not to be found")
    func old() throws {
        let tree = try FixtureTree.board()
        try tree.library("/usr/lib/librknnrt.so", says: "librknnrt version: 1.4.0 (x)")
        #expect(complaints(tree) == ["npu.library warn"])
        try tree.library("/usr/lib/librknnrt.so", says: "nothing")
        #expect(text(.rknn, tree).contains("not written in it"))
    }

    @Test(
        "Each generation of RKLLM is known, anything else is refused by its name",
        arguments: [
            ("1.1.4", "1.1.0–1.1.4"), ("1.2.0", "generation 1.2.0"), ("1.2.3", "1.2.1–1.2.3"),
            ("1.3.0", "generation 1.3.0"),
            ("1.2.1b1", "not known"), ("1.2.1-beta", "not known"), ("1.4.0", "not known"),
        ]
    )
    func generations(release: String, said: String) throws {
        let tree = try FixtureTree.board()
        try tree.library(rkllm, says: "rkllm-runtime version: \(release)")
        #expect(text(.rkllm, tree).contains(said) && text(.rkllm, tree).contains(release))
        #expect(complaints(tree) == (said == "not known" ? ["llm.library fail"] : []))
    }

    @Test("Two releases of RKLLM are named with their places; a link to one is no second")
    func twoReleases() throws {
        let tree = try FixtureTree.board()
        try tree.library(rkllm, says: "rkllm-runtime version: 1.2.3")
        try tree.link("/usr/lib64/librkllmrt.so", to: "../lib/librkllmrt.so")
        #expect(complaints(tree) == [])
        try tree.library("/usr/local/lib/librkllmrt.so", says: "rkllm-runtime version: 1.3.0")
        #expect(complaints(tree) == ["llm.library.copies warn"])
        let said = text(.rkllmCopies, tree)
        #expect(
            said.contains("/usr/lib/librkllmrt.so (1.2.3)") && said.contains("/usr/local/lib/librkllmrt.so (1.3.0)")
        )
    }

    @Test("A path that was asked for has to be there")
    func ownPath() throws {
        var question = HostQuestion()
        question.rknnPath = "/opt/mine/librknnrt.so"
        #expect(complaints(try FixtureTree.board(), question) == ["npu.library fail"])
    }
}
