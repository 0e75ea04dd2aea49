import Foundation
import Inference
import Testing

@Suite struct BoardTests {
    @Test(arguments: [
        ("radxa,rock-5b\0rockchip,rk3588\0", "rk3588"), ("friendlyarm,nanopi-r6s\0rockchip,rk3588s\0", "rk3588"),
        ("rockchip,rk3576-evb\0rockchip,rk3576\0", "rk3576"), ("raspberrypi,5-model-b\0brcm,bcm2712\0", "cpu"),
    ]) func theDeviceTreeSaysWhatItIs(compatible: String, id: String) throws {
        let root = try Directory(["proc/device-tree/compatible": compatible])
        let found = BoardDetection.detect(root: root.path)
        #expect(found.board.id == id)
        #expect(found.notice == nil && found.coprocessors.isEmpty)
    }

    @Test func aMachineWithoutADeviceTreeIsAPlainHost() throws {
        let found = BoardDetection.detect(root: try Directory().path)
        #expect(found.board == .cpu && found.coprocessors.isEmpty && found.notice == nil)
    }

    @Test func theOtherPlaceOfTheDeviceTreeIsLookedAtAsWell() throws {
        let root = try Directory(["sys/firmware/devicetree/base/compatible": "a,b\0rockchip,rk3576\0"])
        #expect(BoardDetection.detect(root: root.path).board == .rk3576)
    }

    @Test func anUnknownRockchipIsNamed() throws {
        let root = try Directory(["proc/device-tree/compatible": "pine64,quartz64\0rockchip,rk3566\0"])
        let found = BoardDetection.detect(root: root.path)
        #expect(found.board == .cpu)
        #expect(found.notice?.contains("rk3566") == true && found.notice?.contains("rk3588") == true)
    }

    @Test func aCoprocessorIsFoundOnPCI() throws {
        let root = try Directory([
            "proc/device-tree/compatible": "x,y\0rockchip,rk3588\0",
            "sys/bus/pci/devices/0000:00:00.0/vendor": "0x1d87\n",
            "sys/bus/pci/devices/0000:00:00.0/device": "0x3588\n",
            "sys/bus/pci/devices/0001:11:00.0/vendor": "0x1D87\n",
            "sys/bus/pci/devices/0001:11:00.0/device": "0x182A\n",
            "sys/bus/pci/devices/0002:00:00.0/vendor": "0x1d87\n",
        ])
        let found = BoardDetection.detect(root: root.path)
        #expect(found.board == .rk3588 && found.coprocessors == [.rk1828])
    }

    @Test func aHostileDeviceTreeDoesNoHarm() throws {
        let root = try Directory(["proc/device-tree/compatible": String(repeating: "\0rockchip,", count: 100_000)])
        #expect(BoardDetection.detect(root: root.path).board == .cpu)
    }

    @Test func boardsAreNamedByTheirChip() throws {
        #expect(try Board.named("RK3588") == .rk3588)
        #expect(try Board.named("rk3588s") == .rk3588)
        #expect(try Board.named("cpu") == .cpu)
        let error = #expect(throws: InferenceError.self) { try Board.named("rk3858") }
        #expect(error?.code == .deviceUnavailable)
        #expect(error?.message.contains("did you mean rk3588?") == true, "\(error?.message ?? "")")
    }

    @Test func masksAreThoseThatDriversAreDocumentedToTake() {
        #expect(Board.rk3588.masks.map(\.rawValue) == [0, 1, 2, 4, 3, 7, 0xFFFF])
        #expect(Board.rk3576.masks.map(\.rawValue) == [0, 1, 2, 3, 0xFFFF])
        // Profiles of old ask for it; the driver may take it.
        let both = CoreMask(cores: [1, 2])
        #expect(!Board.rk3588.documents(both))
        #expect(throws: Never.self) { try Board.rk3588.check(both) }
        #expect("\(both)" == "cores 1 and 2")
    }

    @Test func theSystemSaysHowMuchMemoryIsFree() throws {
        let root = try Directory(["proc/meminfo": "MemTotal: 100 kB\nMemAvailable:    2048 kB\n"])
        #expect(HostMemory.availableBytes(root: root.path) == 2048 * 1024)
        #expect(HostMemory.availableBytes(root: "/nowhere") == nil)
        #expect(HostMemory.spareBytes(root: root.path) == 2048 * 1024)
        #expect(HostMemory.spareBytes(root: "/nowhere") == nil)
        #expect(try HostMemory.availableBytes(root: Directory(["proc/meminfo": "MemAvailable: x"]).path) == nil)
        if FileManager.default.fileExists(atPath: "/proc/meminfo") { #expect(HostMemory.availableBytes() ?? 0 > 0) }
    }
}
