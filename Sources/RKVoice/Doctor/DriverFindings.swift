import Foundation
import Inference
import Runtimes

extension Host {
    /// From here on one process has more than 4 GiB on the NPU; librkllmrt complains below 0.9.7.
    static let driverForDomains = Release(0, 9, 6)
    private static let driverForRKLLM = Release(0, 9, 7)

    /// Release of the vendor's driver; nil when it is not there or may not be read.
    var driverRelease: Release? {
        let places = ["/sys/kernel/debug/rknpu/version", "/proc/rknpu/version", "/sys/module/rknpu/version"]
        return places.lazy.compactMap { machine.text($0, limit: 256).flatMap { Release($0) } }.first
    }

    /// Signs of the vendor's driver that need no permission.
    private var hasDriver: Bool {
        ["/sys/module/rknpu", "/dev/rknpu", "/proc/rknpu", "/sys/bus/platform/drivers/RKNPU"].contains {
            machine.exists($0)
        }
            || !renderNodes.isEmpty
    }

    /// Whether the mainline kernel's driver has the NPU (drivers/accel/rocket, Linux 6.18): each core is bound to it, and
    /// its /dev/accel/accel0 belongs to a device of its own, which has no driver.
    private var hasRocket: Bool {
        machine.names("/sys/bus/platform/drivers/rocket").contains { $0.hasSuffix(".npu") }
            || machine.exists("/sys/module/rocket")
    }

    /// Render nodes of the vendor's driver, such as `renderD129`.
    private var renderNodes: [String] {
        machine.names("/sys/class/drm").filter { name in
            guard name.hasPrefix("renderD") else { return false }
            let device = "/sys/class/drm/\(name)/device"
            return machine.link(device + "/driver")?.lowercased() == "rknpu"
                || machine.text(device + "/uevent")?.uppercased().contains("DRIVER=RKNPU") == true
        }
    }

    /// Driver and device.
    var driverFindings: [Finding] { [driverFinding, deviceFinding] }

    private var driverFinding: Finding {
        guard needsNPU else { return Finding(.driver, .ok, noNPU) }
        if let release = driverRelease { return finding(of: release) }
        if hasRocket {
            return Finding(
                .driver,
                .fail,
                "the mainline driver rocket has the NPU (/dev/accel/accel0); librknnrt and librkllmrt cannot use it",
                fix: "boot an image with the vendor's kernel (5.10 or 6.1, driver rknpu), or use the CPU: --board cpu"
            )
        }
        if hasDriver {
            return Finding(
                .driver,
                .warn,
                "rknpu is there, its release is unknown: none of its files may be read",
                fix: "sudo cat /sys/kernel/debug/rknpu/version"
            )
        }
        guard containerName == nil else {
            return Finding(.driver, .warn, "unknown: a container does not show the kernel's drivers", fix: passDevices)
        }
        return Finding(
            .driver,
            .fail,
            "no NPU driver is loaded",
            fix: "boot an image with the vendor's kernel (5.10 or 6.1, driver rknpu), or try sudo modprobe rknpu"
        )
    }

    private func finding(of release: Release) -> Finding {
        let fix = "update the board's image or kernel to one with rknpu 0.9.8"
        if release < Self.driverForDomains {
            return Finding(
                .driver,
                .warn,
                "rknpu \(release): before 0.9.6, models cannot have more than 4 GiB",
                fix: fix
            )
        }
        if release < Self.driverForRKLLM {
            return Finding(.driver, .warn, "rknpu \(release): librkllmrt asks for 0.9.7 or later", fix: fix)
        }
        return Finding(.driver, .ok, "rknpu \(release)")
    }

    private var deviceFinding: Finding {
        guard needsNPU else { return Finding(.device, .ok, noNPU) }
        let nodes = (machine.exists("/dev/rknpu") ? ["/dev/rknpu"] : []) + renderNodes.map { "/dev/dri/" + $0 }
        // Where sysfs is hidden, the display has the first node and the NPU the second.
        let guessed = nodes.isEmpty && machine.exists("/dev/dri/renderD129") ? ["/dev/dri/renderD129"] : nodes
        let there = guessed.filter { machine.access($0, writing: true) != .missing }
        guard let first = there.first else {
            return Finding(
                .device,
                .fail,
                "there is neither /dev/rknpu nor an NPU's /dev/dri/renderD*",
                fix: containerName == nil ? "it comes with the driver rknpu, see there" : passDevices
            )
        }
        if let open = there.first(where: { machine.access($0, writing: true) == .granted }) {
            return Finding(.device, .ok, "\(open) can be read and written")
        }
        let groups = machine.user.memberships
        let mine = groups.isEmpty ? "in neither of the groups render and video" : "in \(groups.joined(separator: ", "))"
        return Finding(
            .device,
            .fail,
            "\(first) is there, but this user, who is \(mine), may not read and write it",
            fix: containerName == nil ? permission(for: first) : passDevices
        )
    }

    /// How an ordinary user comes to a device: by its group where that may use it, else by a rule that says so.
    private func permission(for device: String) -> String {
        if let group = machine.sharingGroup(of: device) {
            return "sudo usermod -aG \(group) \"$USER\", then log in again"
        }
        let name = device == "/dev/rknpu" ? "rknpu" : "renderD*"
        let group = machine.user.deviceGroups.contains("render") ? "render" : "video"
        return "echo 'KERNEL==\"\(name)\", GROUP=\"\(group)\", MODE=\"0660\"' | "
            + "sudo tee /etc/udev/rules.d/99-rknpu.rules && sudo udevadm control --reload && sudo udevadm trigger && "
            + "sudo usermod -aG \(group) \"$USER\", then log in again"
    }

    private var passDevices: String {
        "start the container with --device /dev/dri --group-add \"$(stat -c %g /dev/dri/renderD129)\", or, where there is a "
            + "/dev/rknpu, with --device /dev/rknpu --group-add \"$(stat -c %g /dev/rknpu)\""
    }
}
