import Foundation

/// What this machine was found to be.
package struct BoardDetection: Sendable, Hashable {
    /// The machine itself; `cpu` when it is none of the known boards.
    package var board: Board
    /// Coprocessors in its PCIe slots.
    package var coprocessors: [Board]
    /// What a person should know, such as a system on chip that this version does not know.
    package var notice: String?

    /// Looks at the device tree and at the PCI functions below a directory that stands for `/`.
    package static func detect(root: String = "/") -> BoardDetection {
        let words = compatible(root: root)
        let pci = functions(root: root)
        let coprocessors = pci.compactMap { function in Board.known.first { $0.attachment == function } }
        for board in Board.known {
            if case .deviceTree(let names) = board.attachment, words.contains(where: { names.contains($0) }) {
                return BoardDetection(board: board, coprocessors: coprocessors, notice: nil)
            }
        }
        let maker = "rockchip,"
        // The system on chip is the last word; those before it are boards.
        guard let unknown = words.last(where: { $0.hasPrefix(maker) }) else {
            return BoardDetection(board: .cpu, coprocessors: coprocessors, notice: nil)
        }
        let known = Board.known.filter(\.hasNPU).map(\.id).joined(separator: ", ")
        let name = unknown.dropFirst(maker.count)
        let notice =
            "this is a Rockchip \(name), whose NPU this version does not know (it knows \(known)); models run on "
        return BoardDetection(board: .cpu, coprocessors: coprocessors, notice: notice + "the CPU")
    }

    /// Words of the device tree, the board first and the system on chip last (Devicetree Specification, "compatible").
    private static func compatible(root: String) -> [String] {
        for path in ["/proc/device-tree/compatible", "/sys/firmware/devicetree/base/compatible"] {
            guard let data = FileManager.default.contents(atPath: root + path) else { continue }
            let words = data.prefix(4096).split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
            return words.map { $0.trimmingCharacters(in: .whitespacesAndNewlines).lowercased() }
        }
        return []
    }

    /// Every function on PCI, by vendor and device (sysfs-bus-pci).
    private static func functions(root: String) -> [Board.Attachment] {
        let folder = root + "/sys/bus/pci/devices"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.sorted().compactMap { name in
            guard let vendor = word(folder + "/\(name)/vendor"), let device = word(folder + "/\(name)/device") else {
                return nil
            }
            return .pci(vendor: vendor, device: device)
        }
    }

    private static func word(_ path: String) -> String? {
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        let text = String(decoding: data.prefix(64), as: UTF8.self)
        return text.trimmingCharacters(in: .whitespacesAndNewlines).lowercased()
    }
}
